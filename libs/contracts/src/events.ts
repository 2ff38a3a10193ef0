import type { LogDescription } from 'ethers';
import { readMerchant, readOfficer, readTerms, readThresholds } from './act-structs.js';
import type { Hex } from './bytes.js';
import type { ContractEvent, ContractEventName, RefusedItem } from './event-types.js';
import { Fields } from './fields.js';
import { authoritiesInterface, vouchersInterface } from './interfaces.js';

/** What a node gives for a log; ethers' Log fits. */
export interface RawLog {
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

/** The part of a log that the hot decoders read: the three indexed topics and the data. */
type HotDecoder = (one: Hex, two: Hex, three: Hex, data: Hex) => ContractEvent;

const addressOfTopic = (topic: Hex): Hex => `0x${topic.slice(26).toLowerCase()}`;
const numberOfTopic = (topic: Hex): number => Number(topic);
/** The hex digits of the n-th word of the data. */
const word = (data: Hex, n: number): string => data.slice(2 + 64 * n, 66 + 64 * n);
const bigWord = (data: Hex, n: number): bigint => BigInt(`0x${word(data, n)}`);
const numberWord = (data: Hex, n: number): number => Number.parseInt(word(data, n), 16);
const refused = (data: Hex): RefusedItem => ({
  code: numberWord(data, 0),
  a: bigWord(data, 1),
  b: bigWord(data, 2),
});

/** Where the byte above the nonce says who signed; 1 = a device key. */
const ABOVE_NONCE = 2 ** 32;
const BY_DEVICE = 1;

/** The nonce, and who signed. */
function signedWord(signed: number): { nonce: number; byDevice: boolean } {
  return { nonce: signed % ABOVE_NONCE, byDevice: Math.floor(signed / ABOVE_NONCE) === BY_DEVICE };
}

/**
 * The events that come by the hundred in a block, read by slicing: ethers' decoder takes about twenty times as long.
 * Their layout is held equal to the ABI by a test.
 */
const HOT: { readonly [name: string]: HotDecoder } = {
  Paid: (payment, series, payer, data) => ({
    name: 'Paid',
    payment: payment.toLowerCase(),
    series: numberOfTopic(series),
    payer: addressOfTopic(payer),
    merchant: `0x${word(data, 0).slice(24).toLowerCase()}`,
    amount: bigWord(data, 1),
    ...signedWord(numberWord(data, 2)),
    order: `0x${word(data, 3).toLowerCase()}`,
  }),
  PaymentRefused: (payment, _two, _three, data) => ({
    name: 'PaymentRefused',
    payment: payment.toLowerCase(),
    ...refused(data),
  }),
  Issued: (issueOrder, series, account, data) => ({
    name: 'Issued',
    issueOrder: numberOfTopic(issueOrder),
    series: numberOfTopic(series),
    account: addressOfTopic(account),
    amount: bigWord(data, 0),
  }),
  Redeemed: (redemption, series, merchant, data) => ({
    name: 'Redeemed',
    redemption: redemption.toLowerCase(),
    series: numberOfTopic(series),
    merchant: addressOfTopic(merchant),
    amount: bigWord(data, 0),
    nonce: numberWord(data, 1),
    order: `0x${word(data, 2).toLowerCase()}`,
  }),
  RedemptionRefused: (redemption, _two, _three, data) => ({
    name: 'RedemptionRefused',
    redemption: redemption.toLowerCase(),
    ...refused(data),
  }),
};

type SeldomName = Exclude<
  ContractEventName,
  'Paid' | 'PaymentRefused' | 'Issued' | 'Redeemed' | 'RedemptionRefused'
>;
type Of<Name extends ContractEventName> = Omit<Extract<ContractEvent, { name: Name }>, 'name'>;

const SELDOM: { readonly [Name in SeldomName]: (values: Fields) => Of<Name> } = {
  AuthorityFounded: (v) => ({ authority: v.region('authority'), founder: v.region('founder') }),
  OfficerSet: (v) => ({
    authority: v.region('authority'),
    officer: v.num('officer'),
    keys: v.hexes('keys'),
    roles: v.num('roles'),
  }),
  ThresholdsSet: (v) => ({ authority: v.region('authority'), ...readThresholds(v) }),
  ActExecuted: (v) => ({
    act: v.hex('act'),
    authority: v.region('authority'),
    target: v.hex('target'),
    selector: v.hex('selector'),
    officers: v.nums('officers'),
  }),
  ApprovalWithdrawn: (v) => ({
    act: v.hex('act'),
    authority: v.region('authority'),
    officer: v.num('officer'),
  }),
  OfficersProposed: (v) => ({ ...readChange(v), officers: v.structs('officers').map(readOfficer) }),
  ThresholdsProposed: (v) => ({ ...readChange(v), thresholds: readThresholds(v.struct('thresholds')) }),
  AreaProposed: (v) => ({ ...readChange(v), to: v.region('to'), area: v.region('area') }),
  AreaGranted: (v) => ({ authority: v.region('authority'), area: v.region('area'), by: v.region('by') }),
  AreaGivenUp: (v) => ({ authority: v.region('authority'), area: v.region('area') }),
  Anchored: (v) => ({
    authority: v.region('authority'),
    kind: v.num('kind'),
    root: v.hex('root'),
    number: v.big('number'),
  }),
  ChangeStopped: (v) => ({ authority: v.region('authority'), change: v.hex('change'), by: v.num('by') }),
  ChangeFinished: (v) => ({ authority: v.region('authority'), change: v.hex('change') }),
  ChangesEnded: (v) => ({ authority: v.region('authority') }),
  ReseatProposed: (v) => ({
    authority: v.region('authority'),
    founder: v.region('founder'),
    readyAt: v.num('readyAt'),
    officers: v.structs('officers').map(readOfficer),
    thresholds: readThresholds(v.struct('thresholds')),
  }),
  ReseatRejected: (v) => ({ authority: v.region('authority') }),
  AuthorityReseated: (v) => ({ authority: v.region('authority') }),
  SeriesPublished: (v) => ({
    series: v.num('series'),
    authority: v.region('authority'),
    terms: readTerms(v.struct('terms')),
  }),
  BudgetSet: (v) => ({ series: v.num('series'), budget: v.big('budget') }),
  BudgetDelegated: (v) => ({ series: v.num('series'), to: v.region('to'), left: v.big('left') }),
  SeriesPaused: (v) => ({ series: v.num('series'), until: v.num('until'), used: v.num('used') }),
  SeriesExtended: (v) => ({ series: v.num('series'), until: v.num('until') }),
  SeriesExpiring: (v) => ({ series: v.num('series') }),
  SeriesClosed: (v) => ({ series: v.num('series') }),
  MerchantSet: (v) => ({ ...readMerchant(v), authority: v.region('authority') }),
  MerchantRecoded: (v) => ({
    merchant: v.hex('merchant'),
    authority: v.region('authority'),
    region: v.region('region'),
    former: v.region('former'),
    lastSeries: v.num('lastSeries'),
  }),
  HomeRecoded: (v) => ({
    account: v.hex('account'),
    authority: v.region('authority'),
    home: v.region('home'),
  }),
  ReformDeclared: (v) => ({
    authority: v.region('authority'),
    from: v.region('from'),
    to: v.region('to'),
    lastSeries: v.num('lastSeries'),
  }),
  MerchantStatusSet: (v) => ({
    merchant: v.hex('merchant'),
    authority: v.region('authority'),
    status: v.num('status'),
  }),
  AccountAttested: (v) => ({
    account: v.hex('account'),
    authority: v.region('authority'),
    home: v.region('home'),
    tier: v.num('tier'),
    company: v.bool('company'),
  }),
  PayoutsHeld: (v) => ({
    merchant: v.hex('merchant'),
    authority: v.region('authority'),
    until: v.num('until'),
  }),
  KeysChanged: (v) => ({ account: v.hex('account'), change: v.num('change'), keys: v.hex('keys') }),
  ReplacementProposed: (v) => ({
    account: v.hex('account'),
    authority: v.region('authority'),
    keys: v.hex('keys'),
    readyAt: v.num('readyAt'),
    number: v.num('number'),
    overruling: v.bool('overruling'),
  }),
  ReplacementStopped: (v) => ({ account: v.hex('account') }),
  OpenedWithoutKeys: (v) => ({ account: v.hex('account'), authority: v.region('authority') }),
  AccountFrozen: (v) => ({
    account: v.hex('account'),
    authority: v.region('authority'),
    until: v.num('until'),
    byOne: v.bool('byOne'),
  }),
  HandOverProposed: (v) => ({
    account: v.hex('account'),
    authority: v.region('authority'),
    to: v.region('to'),
    readyAt: v.num('readyAt'),
    number: v.num('number'),
  }),
  HandOverStopped: (v) => ({ account: v.hex('account') }),
  AccountTaken: (v) => ({
    account: v.hex('account'),
    authority: v.region('authority'),
    from: v.region('from'),
    place: v.region('place'),
    moves: v.num('moves'),
  }),
  EntrySkipped: (v) => ({
    authority: v.region('authority'),
    subject: v.hex('subject'),
    index: v.num('index'),
    reason: v.hex('reason'),
  }),
  IssueApproved: (v) => ({
    issueOrder: v.num('order'),
    series: v.num('series'),
    by: v.region('by'),
    total: v.big('total'),
    root: v.hex('root'),
  }),
  QuotaApproved: (v) => ({
    issueOrder: v.num('order'),
    series: v.num('series'),
    by: v.region('by'),
    total: v.big('total'),
    perDay: v.big('perDay'),
    key: v.hex('key'),
  }),
  IssueOrderClosed: (v) => ({ issueOrder: v.num('order'), unissued: v.big('unissued') }),
  ChunkIssued: (v) => ({ issueOrder: v.num('order'), index: v.big('index') }),
  IssueRefused: (v) => ({
    issueOrder: v.num('order'),
    account: v.hex('account'),
    amount: v.big('amount'),
    ...readRefused(v),
  }),
  Voided: (v) => ({
    voidId: v.hex('voidId'),
    payment: v.hex('payment'),
    payer: v.hex('payer'),
    merchant: v.hex('merchant'),
    receivedAgain: v.big('receivedAgain'),
    ...readSigned(v),
  }),
  VoidRefused: (v) => ({ voidId: v.hex('voidId'), ...readRefused(v) }),
  Given: (v) => ({
    gift: v.hex('gift'),
    giver: v.hex('giver'),
    receiver: v.hex('receiver'),
    ...readOrder(v),
  }),
  GiftRefused: (v) => ({ gift: v.hex('gift'), ...readRefused(v) }),
  Circulated: (v) => ({
    circulation: v.hex('circulation'),
    merchant: v.hex('merchant'),
    recipient: v.hex('recipient'),
    ...readSigned(v),
  }),
  CirculationRefused: (v) => ({ circulation: v.hex('circulation'), ...readRefused(v) }),
  RedemptionReturned: (v) => ({
    redemption: v.hex('redemption'),
    series: v.num('series'),
    merchant: v.hex('merchant'),
    amount: v.big('amount'),
  }),
  Refunded: (v) => ({
    refund: v.hex('refund'),
    account: v.hex('account'),
    own: v.big('own'),
    received: v.big('received'),
    ...readOrder(v),
  }),
  RefundRefused: (v) => ({ refund: v.hex('refund'), ...readRefused(v) }),
  Cancelled: (v) => ({
    cancellation: v.hex('cancellation'),
    account: v.hex('account'),
    ...readCancellation(v),
  }),
  CancellationRefused: (v) => ({ cancellation: v.hex('cancellation'), ...readRefused(v) }),
  MerchantCancelled: (v) => ({
    cancellation: v.hex('cancellation'),
    merchant: v.hex('merchant'),
    ...readCancellation(v),
  }),
  MerchantCancellationRefused: (v) => ({ cancellation: v.hex('cancellation'), ...readRefused(v) }),
  Expired: (v) => ({ series: v.num('series'), account: v.hex('account'), amount: v.big('amount') }),
  ReceiptsStored: (v) => ({ batch: v.num('batch'), root: v.hex('root') }),
};

function readRefused(values: Fields): RefusedItem {
  return { code: values.num('code'), a: values.big('a'), b: values.big('b') };
}

function readChange(values: Fields) {
  return {
    authority: values.region('authority'),
    change: values.hex('change'),
    readyAt: values.num('readyAt'),
    firm: values.bool('firm'),
  };
}

function readOrder(values: Fields) {
  return { amount: values.big('amount'), ...readEndOfOrder(values) };
}

function readSigned(values: Fields) {
  return {
    series: values.num('series'),
    amount: values.big('amount'),
    ...signedWord(values.num('signed')),
    order: values.hex('order'),
  };
}

function readCancellation(values: Fields) {
  return { count: values.big('count'), ...readEndOfOrder(values) };
}

function readEndOfOrder(values: Fields) {
  return { series: values.num('series'), nonce: values.num('nonce'), order: values.hex('order') };
}

function isSeldom(name: string): name is SeldomName {
  return Object.hasOwn(SELDOM, name);
}

/** ERC-1155's copies of the platform's own events, for wallets and explorers; the indexer leaves them out. */
const COPIES = new Set(['TransferSingle', 'TransferBatch', 'ApprovalForAll', 'URI']);

const hotByTopic = new Map<Hex, HotDecoder>();
const seldomTopics = new Set<Hex>();
for (const reader of [vouchersInterface, authoritiesInterface]) {
  reader.forEachEvent((fragment) => {
    const hot = HOT[fragment.name];
    if (hot !== undefined) hotByTopic.set(fragment.topicHash, hot);
    else if (isSeldom(fragment.name)) seldomTopics.add(fragment.topicHash);
    else if (COPIES.has(fragment.name)) return;
    // A new event must not pass by the indexer unseen.
    else throw new Error(`no decoder for the event ${fragment.name}`);
  });
}

/** First topics of all events but ERC-1155's, for the filter of eth_getLogs. */
export const topicsOfInterest: readonly Hex[] = [...hotByTopic.keys(), ...seldomTopics];

/**
 * The event in a log of one of the contracts; null when the topic is not theirs. The caller filters by address. Throws
 * when a log with one of their topics is malformed: the node is not to be trusted then.
 */
export function decodeLog(log: RawLog): ContractEvent | null {
  const [topic, one = '', two = '', three = ''] = log.topics;
  if (topic === undefined) return null;
  const hot = hotByTopic.get(topic);
  if (hot !== undefined) return hot(one, two, three, log.data);
  if (!seldomTopics.has(topic)) return null;
  const parsed = parseSeldom(log);
  if (parsed === null || !isSeldom(parsed.name)) return null;
  return seldomEvent(parsed.name, new Fields(parsed.args));
}

function seldomEvent(name: SeldomName, values: Fields): ContractEvent {
  // The table's type ties name and fields together, which the compiler cannot follow through the union.
  return { name, ...SELDOM[name](values) } as ContractEvent;
}

function parseSeldom(log: RawLog): LogDescription | null {
  const raw = { topics: [...log.topics], data: log.data };
  return vouchersInterface.parseLog(raw) ?? authoritiesInterface.parseLog(raw);
}
