import { hexlify } from 'ethers';
import { paymentDigest, vouchersDomain, type Hex, type PaymentAuthorisation } from '#contracts';
import { inSpendingOrder, ORDER_LIFE_MAX_SECONDS } from '#domain';
import { toBytes, toHex } from '#persistence';
import { SETTLE_SECONDS } from '../pipeline/acceptance.js';
import type { Dice } from '../../../../test/support/dice.js';
import { DEVICE_LIMIT, type Payer, type RandomFixture } from './random-fixture.js';

/** What a payer has in a series, from the tables. */
export interface Held {
  readonly balance: bigint;
  readonly top: number;
  readonly spentToday: bigint;
}

/** By `series account`. */
export type Holdings = ReadonlyMap<string, Held>;

export interface Drawn {
  readonly id: Hex;
  readonly payment: PaymentAuthorisation;
  readonly proof: Hex;
}

const NOTHING: Held = { balance: 0n, top: 0, spentToday: 0n };
const AMOUNT_MAX = 2n ** 56n - 1n;
const SPOILS = ['other payer', 'other amount', 'noise', 'cut', 'longer'] as const;
type Spoil = (typeof SPOILS)[number];

interface Draft extends PaymentAuthorisation {
  readonly spoil?: Spoil;
}

/** What everybody has now. */
export async function readHoldings({ world }: RandomFixture): Promise<Holdings> {
  const rows = await world.db.query<{
    series: bigint;
    account: Buffer;
    balance: bigint;
    top: bigint;
    spent_today: bigint;
  }>('SELECT series, account, balance, top, spent_today FROM chain.holding');
  return new Map(
    rows.map(({ series, account, balance, top, spent_today: spentToday }) => [
      `${series} ${toHex(account)}`,
      { balance, top: Number(top), spentToday },
    ]),
  );
}

/** Payments of different payers at `now`, in Unix seconds. */
export function drawPayments(
  fixture: RandomFixture,
  holdings: Holdings,
  now: number,
  count: number,
): Drawn[] {
  return fixture.dice.some(fixture.payers, count).map((payer) => {
    let draft = plainPayment(fixture, holdings, payer, now);
    for (let left = fixture.dice.pick([0, 1, 1, 2]); left > 0; left -= 1) {
      draft = { ...draft, ...twist(fixture, holdings, draft, now) };
    }
    return signed(fixture, payer, draft);
  });
}

/** One that would settle unless series, payer or shop forbid it. */
function plainPayment(fixture: RandomFixture, holdings: Holdings, payer: Payer, now: number): Draft {
  const { dice, shops } = fixture;
  const of = (id: number) => holdings.get(`${id} ${payer.address}`) ?? NOTHING;
  const held = fixture.series.filter(({ id }) => of(id).balance > 0n);
  const open = held.filter(
    ({ validFrom, validUntil, pausedUntil }) => validFrom <= now && pausedUntil <= now && now < validUntil,
  );
  const from = dice.percent(85) && open.length > 0 ? open : fixture.series;
  const drawn = dice.some(from, dice.pick([1, 1, 1, 2, 2, 3, 8]));
  const series = inSpendingOrder(drawn.map((one) => ({ seriesId: one.id, series: one }))).map(
    ({ seriesId }) => seriesId,
  );
  return {
    payer: payer.address,
    merchant: dice.pick(dice.percent(85) ? shops.slice(10) : shops).address,
    series,
    amount: BigInt(dice.between(1, 25_000)),
    nonce: of(series[0] ?? 0).top + 1,
    deadline: now + SETTLE_SECONDS + dice.pick([0, 1, 1_000]),
    order: toHex(Buffer.from(Array.from({ length: 32 }, () => dice.between(0, 255)))),
  };
}

/** Puts one field where a check may trip over it. */
function twist(fixture: RandomFixture, holdings: Holdings, draft: Draft, now: number): Partial<Draft> {
  const { dice, series, shops } = fixture;
  const ids = series.map(({ id }) => id);
  const unknown = series.length + 1;
  const topOf = (id = 0) => holdings.get(`${id} ${draft.payer}`)?.top ?? 0;
  const listing = (list: readonly number[]) => {
    // Nothing that says 0 beside others can be packed.
    const some = list.filter((id) => id !== 0);
    const listed = some.length > 0 ? some : [0];
    return { series: listed, nonce: topOf(listed[0]) + 1 };
  };
  const top = topOf(draft.series[0]);
  const ahead = [0, -1, -2, -62, -63, -64, -65, 2, 63, 64, 1_000_000];
  return dice.pick<() => Partial<Draft>>([
    () => ({ amount: clamp(dice.pick(edges(fixture, holdings, draft)) + BigInt(dice.between(-1, 1))) }),
    () => ({ amount: clamp(dice.pick(edges(fixture, holdings, draft)) + BigInt(dice.between(-1, 1))) }),
    () => ({ amount: dice.pick([0n, 0n, 1n, AMOUNT_MAX]) }),
    () => ({ nonce: Math.min(Math.max(top + dice.pick(ahead), 0), 2 ** 32 - 1) }),
    // Nothing between now and SETTLE_SECONDS from now: that acceptance refuses and the contract does not, by design.
    () => ({ deadline: dice.pick([0, now - 1, now + SETTLE_SECONDS, now + ORDER_LIFE_MAX_SECONDS]) }),
    () => ({ merchant: dice.pick(shops.slice(0, 10)).address }),
    () => ({ merchant: draft.payer }),
    () => listing([dice.pick([0, unknown, 2 ** 32 - 1])]),
    () => listing(dice.some([...draft.series.slice(0, 6), dice.pick(ids), unknown], 8)),
    () => listing(dice.some([...draft.series, dice.pick(ids)], 8)),
    () => listing(dice.some([...draft.series, dice.pick(draft.series)], 8)),
    () => ({ spoil: dice.pick(SPOILS) }),
  ])();
}

/** Amounts at which something ends: what each listed series has or may give, alone and with those before. */
function edges(fixture: RandomFixture, holdings: Holdings, { payer, series }: Draft): bigint[] {
  const found = [DEVICE_LIMIT];
  let before = 0n;
  for (const id of series) {
    const rules = fixture.series.find((one) => one.id === id);
    if (rules === undefined) continue;
    const { balance, spentToday } = holdings.get(`${id} ${payer}`) ?? NOTHING;
    const caps = [rules.paymentCap, ...rules.dailyCaps.map((cap) => cap - spentToday)];
    const most = [balance, ...caps.filter((cap) => cap > 0n)];
    found.push(...most, ...most.map((edge) => edge + before));
    before += most.reduce((low, one) => (one < low ? one : low));
  }
  return found;
}

function clamp(amount: bigint): bigint {
  return amount < 0n ? 0n : amount;
}

function signed(fixture: RandomFixture, payer: Payer, { spoil, ...payment }: Draft): Drawn {
  const { dice, payers, world } = fixture;
  const domain = vouchersDomain(world.deployment);
  const message = spoil === 'other amount' ? { ...payment, amount: payment.amount ^ 1n } : payment;
  const { signers } = spoil === 'other payer' ? dice.pick(payers) : payer;
  const proof = dice.pick(signers).prove(paymentDigest(domain, message));
  return { id: paymentDigest(domain, payment), payment, proof: spoilt(proof, spoil, dice) };
}

function spoilt(proof: Hex, spoil: Spoil | undefined, dice: Dice): Hex {
  const bytes = toBytes(proof);
  if (spoil === 'noise') {
    const at = dice.between(0, bytes.length - 1);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << dice.between(0, 7)), at);
  }
  if (spoil === 'cut') return hexlify(bytes.subarray(0, dice.between(1, bytes.length - 1)));
  return spoil === 'longer' ? `${proof}${dice.pick(['00', '01', 'ff'])}` : toHex(bytes);
}
