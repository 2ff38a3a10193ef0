import { ITEM_REFUSALS, koreanDayIndex } from '#domain';
import {
  encodePay,
  toSignedTransfer,
  unpackPayment,
  vouchersInterface,
  type PackedTransfer,
} from '../src/index.js';
import { Chance } from './support/chance.js';
import { CHAIN_START } from './support/edr-chain.js';
import { Market } from './support/market.js';
import { explain, randomPayment, settle, signed, verdictOf, type Verdict } from './support/probe.js';

/** Payments compared; 10,000 before a release: AGREEMENT_RUNS=10000. Another seed: AGREEMENT_SEED. */
const RUNS = Number(process.env.AGREEMENT_RUNS ?? 2_000);
const SEED = process.env.AGREEMENT_SEED ?? '1';
const MOMENTS = 20;
const DAY = 86_400;
/** What cannot happen to a payment: these are refusals of issue and redemption. */
const OF_OTHERS = ['holding_cap_exceeded', 'budget_exceeded', 'insufficient_takings'];

/** Moments from the second day to the thirtieth, half of them one second around midnight in Korea. */
function moments(chance: Chance): number[] {
  return Array.from({ length: MOMENTS }, (_unused, index) => {
    const midnight = (koreanDayIndex(CHAIN_START) + 2 + index * 2) * DAY - 9 * 3_600;
    return index % 2 === 0 ? midnight + chance.whole(-1, 1) : midnight + chance.whole(2, DAY);
  });
}

describe(`contract and explanation of ${RUNS} random payments (seed ${SEED})`, () => {
  const chance = new Chance(SEED);
  let market: Market;
  const seen = new Map<number, number>();

  beforeAll(async () => {
    market = await Market.open(chance);
  });

  afterAll(() => market.close());

  const paymentsAt = (now: number, count: number): PackedTransfer[] =>
    Array.from({ length: count }, () => signed(market, randomPayment(market, now, chance)));

  async function previewed(items: readonly PackedTransfer[]): Promise<Verdict[]> {
    const answer = await market.town.chain.provider.call({
      to: market.town.chain.deployment.vouchers,
      data: vouchersInterface.encodeFunctionData('previewPayments', [items.map(toSignedTransfer)]),
    });
    const [outcomes] = vouchersInterface.decodeFunctionResult('previewPayments', answer);
    return [...outcomes].map(({ code, a, b }: { code: bigint; a: bigint; b: bigint }) => ({
      code: Number(code),
      a,
      b,
    }));
  }

  /** Pays in one transaction at `now`; what the events say. */
  async function paid(items: readonly PackedTransfer[], now: number): Promise<Verdict[]> {
    await market.town.chain.provider.send('evm_setNextBlockTimestamp', [now]);
    const { logs } = await market.town.chain.send(market.town.chain.deployment.vouchers, encodePay(items));
    return logs.map((log) => {
      const event = vouchersInterface.parseLog(log);
      if (event?.name === 'Paid') return { code: 0, a: 0n, b: 0n };
      return { code: Number(event?.args.code), a: BigInt(event?.args.a), b: BigInt(event?.args.b) };
    });
  }

  function expectSame(items: readonly PackedTransfer[], got: readonly Verdict[], wanted: readonly Verdict[]) {
    expect(got).toHaveLength(items.length);
    for (const [index, item] of items.entries()) {
      const code = wanted[index]?.code ?? -1;
      seen.set(code, (seen.get(code) ?? 0) + 1);
      expect({ ...unpackPayment(item), ...got[index] }).toEqual({ ...unpackPayment(item), ...wanted[index] });
    }
  }

  it('agree on allow or refuse, code and both values, at once and after settling', async () => {
    const each = Math.ceil(RUNS / MOMENTS / 2);
    for (const now of moments(chance)) {
      const batch = paymentsAt(now, Math.min(each, 200));
      // The books follow item by item, as the contract does within the batch.
      const wanted = batch.map((item) => {
        const refusal = explain(market, item, now);
        if (refusal === null) settle(market, item, now);
        return verdictOf(refusal);
      });
      expectSame(batch, await paid(batch, now), wanted);

      const probes = paymentsAt(now, 2 * each - batch.length);
      const forecast = probes.map((item) => verdictOf(explain(market, item, now)));
      expectSame(probes, await previewed(probes), forecast);
    }
  }, 300_000);

  it('have the same holdings in the end', async () => {
    const { provider, deployment } = market.town.chain;
    expect(market.holdings.size).toBeGreaterThan(200);
    for (const [key, mine] of market.holdings) {
      const data = vouchersInterface.encodeFunctionData('holding', key.split(' '));
      const answer = await provider.call({ to: deployment.vouchers, data });
      const [theirs] = vouchersInterface.decodeFunctionResult('holding', answer);
      expect([key, theirs.balance, theirs.top, theirs.window, theirs.day, theirs.spentToday]).toEqual([
        key,
        mine.balance,
        BigInt(mine.window.top),
        mine.window.bitmap,
        BigInt(mine.day),
        mine.spentToday,
      ]);
    }
  });

  it('met every refusal that a payment can get, and many that settled', () => {
    const met = ITEM_REFUSALS.filter(({ key }) => !OF_OTHERS.includes(key)).map(({ key, number }) => [
      key,
      (seen.get(number) ?? 0) >= RUNS / 1_000,
    ]);
    expect(met).toEqual(met.map(([key]) => [key, true]));
    expect(seen.get(0)).toBeGreaterThan(RUNS / 10);
    expect([...seen.values()].reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(RUNS);
  });
});
