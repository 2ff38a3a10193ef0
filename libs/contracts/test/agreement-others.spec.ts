import { judgeIssue, koreanMonthIndex, packRegion, type Purchases } from '#domain';
import { buildIssueList, countThatFit, encodeIssue, encodePay } from '../src/index.js';
import { Chance } from './support/chance.js';
import { Market, readHolding } from './support/market.js';
import { OtherOrders, type PaidBefore, type Probe } from './support/others.js';
import { randomPayment, signed, verdictOf } from './support/probe.js';
import { receiptsOf } from './support/receipts.js';
import { CHAIN_START } from './support/test-chain.js';

/** Orders of each kind; five times as many before a release (AGREEMENT_RUNS=10000). */
const RUNS = Number(process.env.AGREEMENT_RUNS ?? 2_000) / 10;
const SEED = process.env.AGREEMENT_SEED ?? '1';
const DAY = 86_400;

describe(`contract and explanation of ${RUNS} random orders of each other kind (seed ${SEED})`, () => {
  const chance = new Chance(`others ${SEED}`);
  let market: Market;
  let orders: OtherOrders;

  beforeAll(async () => {
    market = await Market.open(chance);
    const paid: PaidBefore[] = [];
    for (const day of [7, 8]) {
      const now = CHAIN_START + day * DAY;
      const drawn = Array.from({ length: 250 }, () => signed(market, randomPayment(market, now)));
      market.fixture.chain.at(now);
      const receipt = await market.fixture.send(encodePay(drawn.slice(0, countThatFit(drawn))));
      const receipts = receiptsOf(receipt, now);
      const parts = market.fixture.events(receipt).filter((event) => event.name === 'Paid');
      for (const [index, { payer, merchant, series }] of parts.entries()) {
        const proof = receipts[index];
        if (proof !== undefined) paid.push({ payer, merchant, series, receipt: proof });
      }
    }
    // What device keys spent is asked of the contract: these payments are not compared here.
    for (const { address } of market.residents) {
      const { day, spentByDevices } = await market.fixture.readStruct('account', [address]);
      market.byDevices.set(address, { day: Number(day), spentByDevices: BigInt(spentByDevices) });
    }
    orders = new OtherOrders(market, paid);
  });

  afterAll(() => market.close());

  /** Compares what the contract would do; what settles is submitted, so that the state moves on. */
  async function compare(draw: () => Promise<Probe>): Promise<Set<string>> {
    const seen = new Set<string>();
    for (let run = 0; run < RUNS; run += 1) {
      const { method, data, ruling } = await draw();
      const [outcomes] = await market.fixture.call(method, data);
      const { code, a, b } = outcomes[0];
      expect({ run, code: Number(code), a, b }).toEqual({ run, ...verdictOf(ruling) });
      seen.add(ruling.ok ? 'settled' : ruling.refusal.code);
      if (ruling.ok) await market.fixture.send(data);
    }
    return seen;
  }

  const missing = (seen: ReadonlySet<string>, wanted: readonly string[]) =>
    wanted.filter((code) => !seen.has(code));

  it('agree about gifts', async () => {
    const seen = await compare(() => orders.gift());
    expect(
      missing(seen, [
        ...['settled', 'gift_not_allowed', 'owner_key_needed', 'gift_cap_exceeded', 'daily_cap_exceeded'],
        ...['insufficient_balance', 'self_payment', 'gift_to_merchant', 'signature_invalid'],
      ]),
    ).toEqual([]);
  });

  it('agree about circulation', async () => {
    const seen = await compare(() => orders.circulation());
    expect(
      missing(seen, [
        ...['settled', 'circulation_not_allowed', 'hop_limit_reached', 'insufficient_merchant_balance'],
        ...['signature_invalid'],
      ]),
    ).toEqual([]);
  });

  it('agree about voids', async () => {
    const seen = await compare(() => orders.voiding());
    expect(
      missing(seen, ['settled', 'receipt_unknown', 'void_exceeds_payment', 'insufficient_merchant_balance']),
    ).toEqual([]);
  });

  it('agree about refunds', async () => {
    const seen = await compare(() => orders.refund());
    expect(missing(seen, ['settled', 'refund_not_due', 'refund_not_whole', 'owner_key_needed'])).toEqual([]);
  });

  it('agree about cancellations', async () => {
    const seen = await compare(() => orders.cancellation());
    expect(
      missing(seen, ['settled', 'nothing_to_cancel', 'replayed', 'owner_key_needed', 'signature_invalid']),
    ).toEqual([]);
  });

  it('agree about issue', async () => {
    const seen = new Set<string>();
    const { fixture } = market;
    for (let run = 0; run < RUNS; run += 50) {
      const now = fixture.chain.now() + 2;
      const open = market.series.filter(
        ({ validUntil, pausedUntil }) => now < validUntil && now >= pausedUntil,
      );
      const series = chance.pick(open);
      const recipients = Array.from({ length: 50 }, () => ({
        account: chance.pick(market.residents).address,
        amount: chance.amount(1n, chance.percent(20) ? 3_000_000n : 300_000n),
      }));
      const list = buildIssueList(recipients);
      // Less is approved than the list says, so that the last ones find nothing left.
      const approved = list.total / 2n;
      const balances = new Map<string, bigint>();
      const bought = new Map<string, Purchases>();
      for (const { account } of recipients) {
        balances.set(account, (await readHolding(fixture, series.id, account)).balance);
        const sums = await fixture.readAll('purchases', [packRegion('47'), account]);
        const [inMonth, inYear] = [BigInt(sums.inMonth), BigInt(sums.inYear)];
        bought.set(account, { month: koreanMonthIndex(now), inMonth, inYear });
      }
      let remaining = approved;
      const wanted = recipients.map(({ account, amount }) => {
        const ruling = judgeIssue({
          amount,
          now,
          remaining,
          series,
          within: undefined,
          account: { company: market.account(account).company, home: '47' },
          balance: balances.get(account) ?? 0n,
          purchases: bought.get(account) ?? { month: 0, inMonth: 0n, inYear: 0n },
        });
        seen.add(ruling.ok ? 'settled' : ruling.refusal.code);
        if (ruling.ok) {
          remaining -= amount;
          balances.set(account, (balances.get(account) ?? 0n) + amount);
          bought.set(account, ruling.purchases);
        }
        return { account, amount, ...verdictOf(ruling) };
      });
      const terms = { authority: '47', series: series.id, total: approved, root: list.root };
      await fixture.act('approve_issue', terms);
      const [chunk] = list.chunks;
      if (chunk === undefined) throw new Error('no chunk');
      const events = fixture.events(await fixture.send(encodeIssue(fixture.nextIssueOrder(), chunk)));
      expect(fixture.chain.now()).toBe(now);
      const got = events.flatMap((event) => {
        if (event.name === 'Issued')
          return [{ account: event.account, amount: event.amount, code: 0, a: 0n, b: 0n }];
        if (event.name !== 'IssueRefused') return [];
        const { account, amount, code, a, b } = event;
        return [{ account, amount, code, a, b }];
      });
      expect(got).toEqual(wanted);
    }
    expect(missing(seen, ['settled', 'budget_exceeded', 'buyer_not_eligible'])).toEqual([]);
  });
});
