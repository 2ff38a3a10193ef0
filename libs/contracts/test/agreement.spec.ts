import { ITEM_REFUSALS, koreanDayIndex } from '#domain';
import {
  countThatFit,
  encodePay,
  encodePreviewPayments,
  vouchersInterface,
  type StoredTransfer,
} from '../src/index.js';
import { Chance } from './support/chance.js';
import { Market, readHolding } from './support/market.js';
import { explain, randomPayment, settle, signed, verdictOf, type Verdict } from './support/probe.js';
import { CHAIN_START } from './support/test-chain.js';
import { unpackPayment } from './support/unpack.js';

/** Payments compared; 10,000 before a release: AGREEMENT_RUNS=10000. Another seed: AGREEMENT_SEED. */
const RUNS = Number(process.env.AGREEMENT_RUNS ?? 2_000);
const SEED = process.env.AGREEMENT_SEED ?? '1';
const MOMENTS = 20;
const DAY = 86_400;
/** What can happen to a payment. */
const OF_PAYMENTS = [
  ...['amount_zero', 'deadline_passed', 'series_unknown', 'signature_invalid', 'account_frozen'],
  ...['self_payment', 'replayed', 'series_order', 'series_paused', 'not_yet_valid', 'expired'],
  ...['merchant_unknown', 'merchant_not_active', 'wrong_region', 'wrong_category', 'merchant_too_large'],
  ...['payment_cap_exceeded', 'insufficient_balance', 'daily_cap_exceeded', 'device_limit_exceeded'],
];

/** Moments from the second day to the fortieth, half of them one second around midnight in Korea. */
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
  let fromSeveral = 0;

  beforeAll(async () => {
    market = await Market.open(chance);
  });

  afterAll(() => market.close());

  const paymentsAt = (now: number, count: number): StoredTransfer[] =>
    Array.from({ length: count }, () => signed(market, randomPayment(market, now)));

  async function previewed(items: readonly StoredTransfer[]): Promise<Verdict[]> {
    const answer = await market.fixture.chain.provider.call({
      to: market.fixture.chain.deployment.vouchers,
      data: encodePreviewPayments(items),
    });
    const [outcomes] = vouchersInterface.decodeFunctionResult('previewPayments', answer);
    return [...outcomes].map(({ code, a, b }: { code: bigint; a: bigint; b: bigint }) => ({
      code: Number(code),
      a,
      b,
    }));
  }

  /** Pays in one transaction at `now`; what the events say, and from which series. */
  async function paid(items: readonly StoredTransfer[], now: number) {
    market.fixture.chain.at(now);
    const events = market.fixture.events(await market.fixture.send(encodePay(items)));
    const verdicts = new Map<string, Verdict & { parts: { seriesId: number; amount: bigint }[] }>();
    for (const event of events) {
      if (event.name === 'Paid') {
        const known = verdicts.get(event.payment) ?? { code: 0, a: 0n, b: 0n, parts: [] };
        known.parts.push({ seriesId: event.series, amount: event.amount });
        verdicts.set(event.payment, known);
      }
      if (event.name === 'PaymentRefused') {
        const { code, a, b } = event;
        verdicts.set(event.payment, { code, a, b, parts: [] });
      }
    }
    return [...verdicts.values()];
  }

  function tally(wanted: readonly Verdict[]): void {
    for (const { code } of wanted) seen.set(code, (seen.get(code) ?? 0) + 1);
  }

  it('agree on allow or refuse, code, both values and what each series gives, at once and after settling', async () => {
    const each = Math.ceil(RUNS / MOMENTS);
    for (const now of moments(chance)) {
      const drawn = paymentsAt(now, Math.min(Math.ceil(each / 2), 200));
      const batch = drawn.slice(0, countThatFit(drawn));
      // The books follow item by item, as the contract does within the batch.
      const wanted = batch.map((item) => {
        const { device, ...ruling } = explain(market, item, now);
        if (ruling.ok) settle(market, item, ruling.parts, device, now);
        if (ruling.ok && ruling.parts.length > 1) fromSeveral += 1;
        return { ...verdictOf(ruling), parts: ruling.ok ? ruling.parts : [] };
      });
      const got = await paid(batch, now);
      expect(got).toHaveLength(batch.length);
      expect(batch.map((item, index) => ({ ...unpackPayment(item), ...got[index] }))).toEqual(
        batch.map((item, index) => ({ ...unpackPayment(item), ...wanted[index] })),
      );
      tally(wanted);

      for (let left = each - batch.length; left > 0; left -= 100) {
        const probes = paymentsAt(now, Math.min(left, 100));
        const forecast = probes.map((item) => verdictOf(explain(market, item, now)));
        const previews = await previewed(probes);
        expect(probes.map((item, index) => ({ ...unpackPayment(item), ...previews[index] }))).toEqual(
          probes.map((item, index) => ({ ...unpackPayment(item), ...forecast[index] })),
        );
        tally(forecast);
      }
    }
  }, 400_000);

  it('have the same holdings and the same spending of devices in the end', async () => {
    expect(market.holdings.size).toBeGreaterThan(200);
    for (const [key, mine] of market.holdings) {
      const [series, account] = key.split(' ');
      expect([key, await readHolding(market.fixture, Number(series), account ?? '')]).toEqual([key, mine]);
    }
    expect(market.byDevices.size).toBeGreaterThan(10);
    for (const [account, { day, spentByDevices }] of market.byDevices) {
      const theirs = await market.fixture.readStruct('account', [account]);
      expect([account, theirs.day, theirs.spentByDevices]).toEqual([account, BigInt(day), spentByDevices]);
    }
  });

  it('met every refusal that a payment can get, and many that settled', () => {
    const met = ITEM_REFUSALS.filter(({ key }) => OF_PAYMENTS.includes(key)).map(({ key, number }) => [
      key,
      (seen.get(number) ?? 0) >= RUNS / 1_000,
    ]);
    expect(met).toEqual(met.map(([key]) => [key, true]));
    expect(met).toHaveLength(OF_PAYMENTS.length);
    expect(seen.get(0)).toBeGreaterThan(RUNS / 10);
    expect(fromSeveral).toBeGreaterThan(RUNS / 250);
    expect([...seen.values()].reduce((sum, each) => sum + each)).toBeGreaterThanOrEqual(RUNS);
  });
});
