import type { LogDescription } from 'ethers';
import { readMerchant, readTerms, readThresholds } from './act-structs.js';
import type { AuthorityThresholds, ChainSeriesTerms } from './act-types.js';
import type { Hex } from './bytes.js';
import { Fields } from './fields.js';
import { authoritiesInterface, vouchersInterface } from './interfaces.js';

/** A refused item of a batch: `code` and the meaning of `a`, `b` see the refusal table. */
interface RefusedItem {
  readonly code: number;
  readonly a: bigint;
  readonly b: bigint;
}

interface TransferEvent {
  readonly series: number;
  readonly merchant: Hex;
  readonly amount: bigint;
  /** position in the holder's replay window */
  readonly nonce: number;
  /** the 32 bytes that the till chose */
  readonly order: Hex;
}

/**
 * Everything the contracts tell, by name. Regions as codes, amounts in won, addresses and hashes in lower case, times in
 * Unix seconds. `issueOrder` is the number of an approved issue list.
 */
export type ContractEvent =
  | { readonly name: 'AuthorityFounded'; readonly authority: string; readonly founder: string }
  | {
      readonly name: 'OfficerSet';
      readonly authority: string;
      readonly officer: number;
      readonly signer: Hex;
      readonly roles: number;
    }
  | ({ readonly name: 'ThresholdsSet'; readonly authority: string } & AuthorityThresholds)
  | {
      readonly name: 'ActExecuted';
      readonly act: Hex;
      readonly authority: string;
      readonly target: Hex;
      readonly selector: Hex;
      readonly officers: readonly number[];
    }
  | {
      readonly name: 'SeriesPublished';
      readonly series: number;
      readonly authority: string;
      readonly terms: ChainSeriesTerms;
    }
  | { readonly name: 'BudgetSet'; readonly series: number; readonly budget: bigint }
  | { readonly name: 'SeriesPaused'; readonly series: number; readonly until: number }
  | {
      readonly name: 'MerchantSet';
      readonly merchant: Hex;
      readonly authority: string;
      readonly region: string;
      readonly category: number;
      readonly size: number;
    }
  | {
      readonly name: 'MerchantStatusSet';
      readonly merchant: Hex;
      readonly authority: string;
      readonly status: number;
    }
  | {
      readonly name: 'AccountAttested';
      readonly account: Hex;
      readonly authority: string;
      readonly home: string;
      readonly tier: number;
    }
  | {
      readonly name: 'AccountFrozen';
      readonly account: Hex;
      readonly authority: string;
      readonly frozen: boolean;
    }
  | {
      readonly name: 'IssueApproved';
      readonly issueOrder: number;
      readonly series: number;
      readonly total: bigint;
      readonly root: Hex;
    }
  | { readonly name: 'IssueOrderClosed'; readonly issueOrder: number; readonly unissued: bigint }
  | { readonly name: 'ChunkIssued'; readonly issueOrder: number; readonly index: number }
  | {
      readonly name: 'Issued';
      readonly issueOrder: number;
      readonly series: number;
      readonly account: Hex;
      readonly amount: bigint;
    }
  | ({
      readonly name: 'IssueRefused';
      readonly issueOrder: number;
      readonly account: Hex;
      readonly amount: bigint;
    } & RefusedItem)
  | ({ readonly name: 'Paid'; readonly payment: Hex; readonly payer: Hex } & TransferEvent)
  | ({ readonly name: 'PaymentRefused'; readonly payment: Hex } & RefusedItem)
  | ({ readonly name: 'Redeemed'; readonly redemption: Hex } & TransferEvent)
  | ({ readonly name: 'RedemptionRefused'; readonly redemption: Hex } & RefusedItem);

export type ContractEventName = ContractEvent['name'];

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
    nonce: numberWord(data, 2),
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
    signer: v.hex('signer'),
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
  SeriesPublished: (v) => ({
    series: v.num('series'),
    authority: v.region('authority'),
    terms: readTerms(v.struct('terms')),
  }),
  BudgetSet: (v) => ({ series: v.num('series'), budget: v.big('budget') }),
  SeriesPaused: (v) => ({ series: v.num('series'), until: v.num('until') }),
  MerchantSet: (v) => ({ ...readMerchant(v), authority: v.region('authority') }),
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
  }),
  AccountFrozen: (v) => ({
    account: v.hex('account'),
    authority: v.region('authority'),
    frozen: v.bool('frozen'),
  }),
  IssueApproved: (v) => ({
    issueOrder: v.num('order'),
    series: v.num('series'),
    total: v.big('total'),
    root: v.hex('root'),
  }),
  IssueOrderClosed: (v) => ({ issueOrder: v.num('order'), unissued: v.big('unissued') }),
  ChunkIssued: (v) => ({ issueOrder: v.num('order'), index: v.num('index') }),
  IssueRefused: (v) => ({
    issueOrder: v.num('order'),
    account: v.hex('account'),
    amount: v.big('amount'),
    code: v.num('code'),
    a: v.big('a'),
    b: v.big('b'),
  }),
};

function isSeldom(name: string): name is SeldomName {
  return Object.hasOwn(SELDOM, name);
}

const hotByTopic = new Map<Hex, HotDecoder>();
const seldomTopics = new Set<Hex>();
for (const reader of [vouchersInterface, authoritiesInterface]) {
  reader.forEachEvent((fragment) => {
    const hot = HOT[fragment.name];
    if (hot !== undefined) hotByTopic.set(fragment.topicHash, hot);
    else if (isSeldom(fragment.name)) seldomTopics.add(fragment.topicHash);
    // A new event must not pass by the indexer unseen.
    else throw new Error(`no decoder for the event ${fragment.name}`);
  });
}

/** First topics of all events, for the filter of eth_getLogs. */
export const topicsOfInterest: readonly Hex[] = [...hotByTopic.keys(), ...seldomTopics];

/**
 * The event in a log of one of our contracts; null when it is none of ours. The caller filters by address. Throws when a
 * log with one of our topics is malformed: the node is not to be trusted then.
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
