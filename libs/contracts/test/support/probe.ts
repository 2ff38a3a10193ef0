import { keccak256, toUtf8Bytes } from 'ethers';
import {
  dailyCapLeft,
  dailyCapOf,
  deviceLimitLeft,
  inSpendingOrder,
  judgePayment,
  koreanDayIndex,
  matchSeries,
  use,
  type PaymentPart,
  type Ruling,
  type SignedBy,
} from '#domain';
import { toHex } from '../../src/bytes.js';
import {
  packPayment,
  paymentDigest,
  proofOf,
  verifyProof,
  vouchersDomain,
  type Hex,
  type PaymentAuthorisation,
  type StoredTransfer,
} from '../../src/index.js';
import type { Chance } from './chance.js';
import type { Market, MarketSeries } from './market.js';
import { unpackPayment } from './unpack.js';

/** What contract and explanation say of one order; code 0 = it settles. */
export interface Verdict {
  readonly code: number;
  readonly a: bigint;
  readonly b: bigint;
}

const SPOILS = ['other account', 'amount', 'noise', 'parity', 'cut', 'longer', 'position'] as const;
export type Spoil = (typeof SPOILS)[number];

/** A payment, and how the proof is spoilt afterwards. */
interface Draft extends PaymentAuthorisation {
  readonly spoil?: Spoil;
}
type Twist = (draft: Draft, market: Market, now: number) => Partial<Draft>;

const near = (value: bigint, chance: Chance) => value + BigInt(chance.whole(-1, 1));
const clamp = (amount: bigint) => (amount < 0n ? 0n : amount > 2n ** 64n - 1n ? 2n ** 64n - 1n : amount);

/** Amounts at which something ends: what each listed series has or may give, alone and together with those before. */
function edgesOfAmount(draft: Draft, market: Market, now: number): bigint[] {
  const edges = [market.byDevices.get(draft.payer)?.spentByDevices ?? 0n, 50_000n];
  let before = 0n;
  for (const id of draft.series) {
    const series = market.series[id - 1];
    const holding = market.holding(id, draft.payer);
    if (series === undefined) continue;
    const left = dailyCapLeft(dailyCapOf(series, market.account(draft.payer)), holding, now);
    const most = [holding.balance, series.paymentCap || holding.balance, left ?? holding.balance];
    edges.push(...most, ...most.map((edge) => edge + before));
    before += most.reduce((least, one) => (one < least ? one : least));
  }
  return edges;
}

/** Each puts one field where a check may trip over it: on the edge, one beside it, or far away. */
const TWISTS: readonly Twist[] = [
  (draft, market, now) => ({
    amount: clamp(near(market.chance.pick(edgesOfAmount(draft, market, now)), market.chance)),
  }),
  (draft, market, now) => ({ amount: clamp(market.chance.pick(edgesOfAmount(draft, market, now))) }),
  (_draft, { chance }) => ({ amount: chance.pick([0n, 1n, 2n ** 32n, 2n ** 56n, 2n ** 64n - 1n]) }),
  (draft, market) => {
    const { top } = market.holding(draft.series[0] ?? 0, draft.payer).window;
    const ahead = [0, -1, -2, -62, -63, -64, -65, 62, 63, 64, 1_000_000, 2 ** 32];
    return { nonce: Math.min(Math.max(top + market.chance.pick(ahead), 0), 2 ** 32 - 1) };
  },
  (_draft, { chance }, now) => ({ deadline: chance.pick([0, now - 1, now, now + 1, 2 ** 40 - 1]) }),
  (_draft, { chance, shops }) => ({ merchant: chance.pick(shops).address }),
  (_draft, { chance, shops }) => ({ merchant: chance.pick(shops.slice(0, 60)).address }),
  (draft) => ({ merchant: draft.payer }),
  (_draft, { chance, shops }) => ({ merchant: chance.pick(shops.slice(-20)).address }),
  (_draft, { chance, residents }) => ({ payer: chance.pick(residents).address }),
  (_draft, { chance, series }) => ({
    series: [chance.pick([0, series.length, series.length + 1, 2 ** 32 - 1])],
  }),
  (_draft, { chance, series }) => ({ series: [chance.pick(series).id] }),
  (draft, { chance, series }) => ({ series: shuffled([...draft.series, chance.pick(series).id], chance) }),
  (draft, { chance }) => ({ series: shuffled([...draft.series, chance.pick(draft.series)], chance) }),
  (draft, { chance, series }) => ({ series: shuffled([...draft.series, series.length + 1], chance) }),
  (_draft, { chance }) => ({ spoil: chance.pick(SPOILS) }),
];

/** At most eight of the list, in any order, without zeros among several. */
function shuffled(list: readonly number[], chance: Chance): number[] {
  const rest = list.filter((id) => id !== 0);
  const drawn: number[] = [];
  while (rest.length > 0 && drawn.length < 8) drawn.push(...rest.splice(chance.whole(0, rest.length - 1), 1));
  return drawn;
}

/** Up to eight series of which the payer has something, as the contract wants them. */
function severalSeries(market: Market, held: readonly MarketSeries[]): MarketSeries[] {
  const { chance } = market;
  const wanted = chance.pick([1, 1, 1, 2, 2, 3, 8]);
  const drawn = shuffled(
    held.map(({ id }) => id),
    chance,
  ).slice(0, wanted);
  const series = market.series.filter(({ id }) => drawn.includes(id));
  return inSpendingOrder(series.map((one) => ({ seriesId: one.id, series: one }))).map(
    ({ series: one }) => one,
  );
}

/** A payment that would settle unless the series or the payer forbids it, with up to two twists. */
export function randomPayment(market: Market, now: number): Draft {
  const { chance } = market;
  const payer = chance.pick(market.residents).address;
  const held = market.seriesHeldBy(payer);
  const open = held.filter(({ validFrom, validUntil }) => validFrom <= now && now < validUntil);
  const wanted = chance.percent(80) && open.length > 0 ? open : held;
  const series = wanted.length > 0 ? severalSeries(market, wanted) : [chance.pick(market.series)];
  const fitting = market.shops.filter(({ address }) => {
    const shop = market.merchants.get(address);
    return shop?.status === 1 && series.every((one) => matchSeries(one, shop).ok);
  });
  const most = series.reduce((sum, { id }) => sum + market.holding(id, payer).balance, 0n);
  const little = most < 40_000n ? most : 40_000n;
  let draft: Draft = {
    payer,
    merchant: chance.pick(fitting.length > 0 ? fitting : market.shops).address,
    series: series.map(({ id }) => id),
    amount: chance.amount(1n, chance.percent(70) ? little : most),
    nonce: market.freshNonce(market.holding(series[0]?.id ?? 0, payer).window),
    deadline: now + chance.whole(0, 1_000),
    order: keccak256(toUtf8Bytes(String(chance.whole(0, 2 ** 40)))),
  };
  for (let left = chance.pick([0, 1, 1, 1, 2]); left > 0; left -= 1) {
    draft = { ...draft, ...chance.pick(TWISTS)(draft, market, now) };
  }
  return draft;
}

/** With the proof of one of the account's keys, or with one spoilt as the draft says. */
export function signed(market: Market, draft: Draft): StoredTransfer {
  const { spoil, ...payment } = draft;
  const message = spoil === 'amount' ? { ...payment, amount: payment.amount ^ 1n } : payment;
  const digest = paymentDigest(vouchersDomain(market.fixture.chain.deployment), message);
  return packPayment(payment, proofFor(market, payment.payer, digest, spoil));
}

/** Signed by one of the account's keys; a shop that pays signs as a wallet. */
export function proofFor(market: Market, account: Hex, digest: Hex, spoil?: Spoil): Hex {
  const { chance, residents, shops } = market;
  const wanted = spoil === 'other account' ? chance.pick(residents).address : account;
  const resident = residents.find(({ address }) => address === wanted);
  const shop = shops.find(({ address }) => address === wanted);
  const signer = resident === undefined ? shop : chance.pick(resident.signers);
  if (signer === undefined) throw new Error(`no key of ${account} is known`);
  return spoilt(signer.prove(digest), spoil, chance);
}

function spoilt(proof: Hex, spoil: Spoil | undefined, chance: Chance): Hex {
  const bytes = Buffer.from(proof.slice(2), 'hex');
  const flip = (at: number, bits: number) => bytes.writeUInt8(bytes.readUInt8(at) ^ bits, at);
  if (spoil === 'noise') flip(chance.whole(0, bytes.length - 1), 1 << chance.whole(0, 7));
  if (spoil === 'parity') flip(33, 0x80);
  // The position behind a device's signature; any other byte elsewhere.
  if (spoil === 'position') flip(Math.min(129, bytes.length - 1), 1);
  if (spoil === 'cut') return toHex(bytes.subarray(0, chance.whole(1, bytes.length - 1)));
  if (spoil === 'longer') return toHex(Buffer.concat([bytes, Buffer.of(chance.whole(0, 255))]));
  return toHex(bytes);
}

/** Whose key signed and what it may still move today, by the market's own books. */
export function signedBy(
  market: Market,
  digest: Hex,
  account: Hex,
  stored: StoredTransfer,
  now: number,
): SignedBy | undefined {
  const proven = verifyProof(digest, account, proofOf(stored), market.keysOf(account));
  if (proven === null) return undefined;
  if (proven.right === 'owner') return { right: 'owner' };
  const spending = market.byDevices.get(account) ?? { day: 0, spentByDevices: 0n };
  return { right: 'device', left: deviceLimitLeft(proven.dailyLimit, spending, now) };
}

/** What #domain says of a payment at `now`, from the market's own books. */
export function explain(
  market: Market,
  stored: StoredTransfer,
  now: number,
): Ruling<{ readonly parts: readonly PaymentPart[] }> & { readonly device: boolean } {
  const payment = unpackPayment(stored);
  const digest = paymentDigest(vouchersDomain(market.fixture.chain.deployment), payment);
  const by = signedBy(market, digest, payment.payer, stored, now);
  const ruling = judgePayment({
    ...payment,
    payee: payment.merchant,
    now,
    sources: payment.series.map((seriesId) => ({
      seriesId,
      series: market.series[seriesId - 1],
      holding: market.holding(seriesId, payment.payer),
    })),
    merchant: market.merchants.get(payment.merchant),
    account: market.account(payment.payer),
    signedBy: by,
  });
  return { ...ruling, device: by?.right === 'device' };
}

/** Writes into the market's books what a settled payment changes. */
export function settle(
  market: Market,
  stored: StoredTransfer,
  parts: readonly PaymentPart[],
  byDevice: boolean,
  now: number,
): void {
  const { payer, amount, nonce } = unpackPayment(stored);
  const today = koreanDayIndex(now);
  for (const [place, part] of parts.entries()) {
    const held = market.holding(part.seriesId, payer);
    const series = market.series[part.seriesId - 1];
    const capped = series !== undefined && dailyCapOf(series, market.account(payer)) > 0n;
    const spent = held.day === today ? held.spentToday : 0n;
    market.holdings.set(`${part.seriesId} ${payer}`, {
      ...held,
      balance: held.balance - part.amount,
      window: place === 0 ? use(held.window, nonce) : held.window,
      day: capped ? today : held.day,
      spentToday: capped ? spent + part.amount : held.spentToday,
    });
  }
  if (!byDevice) return;
  const known = market.byDevices.get(payer);
  const before = known?.day === today ? known.spentByDevices : 0n;
  market.byDevices.set(payer, { day: today, spentByDevices: before + amount });
}

export function verdictOf(ruling: Ruling): Verdict {
  if (ruling.ok) return { code: 0, a: 0n, b: 0n };
  const { number, a, b } = ruling.refusal;
  return { code: number, a, b };
}
