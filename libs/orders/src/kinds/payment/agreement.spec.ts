import {
  encodePay,
  encodePreviewPayments,
  packPayment,
  vouchersInterface,
  type StoredTransfer,
} from '#contracts';
import { ITEM_REFUSALS, koreanDayIndex } from '#domain';
import { acceptOrders } from '../../pipeline/acceptance.js';
import type { Order } from '../../pipeline/order.js';
import { Signers } from '../../pipeline/signers.js';
import { ORDER_KINDS } from '../index.js';
import { payment as paymentKind } from './payment.kind.js';
import { drawPayments, readHoldings, type Drawn } from '../../testing/random-payment.js';
import { DAY, RandomFixture, FIXTURE_START } from '../../testing/random-fixture.js';

/** Payments compared; 10,000 before a release: AGREEMENT_RUNS=10000. Another seed: AGREEMENT_SEED. */
const RUNS = Number(process.env.AGREEMENT_RUNS ?? 500);
const SEED = Number(process.env.AGREEMENT_SEED ?? 1);
const MOMENTS = 6;
/** Batches that the chain settles at each moment; more would leave payers without anything to pay with. */
const SETTLED_MAX = 2;
/** Refusals that a payment can get. */
const OF_PAYMENTS = 20;
/** Fewer than there are payers: all payments of a batch have different ones. */
const BATCH = 30;

/** What acceptance or contract say of a payment; code 0 = it settles. */
interface Said {
  readonly code: number;
  readonly a: bigint;
  readonly b: bigint;
}

/**
 * The third leg of the agreement: contracts/test compares the contract with the domain's explanation of it, this the
 * contract with acceptance, which loads what the domain looks at from the tables that the indexer wrote. Two differences
 * are by design and excluded: acceptance counts what it has accepted as gone (so no payer comes twice in a batch, and
 * what was accepted is forgotten after each), and asks for SETTLE_SECONDS until the deadline (so none is drawn in
 * between, and the clock in the refusal is set back by as much).
 */
describe(`acceptance and contract on ${RUNS} random payments (seed ${SEED})`, () => {
  let fixture: RandomFixture;
  let signers: Signers;
  const seen = new Map<number, number>();
  let fromSeveral = 0;
  let compared = 0;

  beforeAll(async () => {
    fixture = await RandomFixture.open(SEED);
    signers = new Signers(fixture.world.db);
  });

  afterAll(async () => {
    await signers?.close();
    await fixture?.close();
  });

  /** The first and every other one is a second before, at or after midnight in Korea. */
  function momentOf(index: number): number {
    const midnight = (koreanDayIndex(FIXTURE_START) + 1 + index * 2) * DAY - 9 * 3_600;
    return midnight + (index % 2 === 0 ? fixture.dice.between(-1, 1) : fixture.dice.between(2, DAY));
  }

  async function orderOf({ id, payment, proof }: Drawn): Promise<Order> {
    const { payer, merchant, order: reference, ...terms } = payment;
    const signer = await signers.signerOf(id, payer, proof);
    return { id, holder: payer, other: merchant, payment: null, reference, ...terms, ...signer };
  }

  /** What acceptance decides; its promises are deleted again, and what it stored hinders no later payment. */
  async function onAcceptance(orders: readonly Order[], now: number): Promise<Said[]> {
    const { db, deployment } = fixture.world;
    const options = { kinds: ORDER_KINDS, vouchers: deployment.vouchers, at: now };
    const verdicts = await acceptOrders(db, paymentKind, orders, options);
    await db.query('DELETE FROM app.outbox');
    return verdicts.map((verdict) => {
      if (verdict.kind === 'known' || verdict.kind === 'early' || verdict.kind === 'far')
        throw new Error('nothing comes twice, early or with a far deadline');
      if (verdict.kind === 'accepted') return { code: 0, a: 0n, b: 0n };
      const { number, a, b } = verdict.refusal;
      return { code: number, a, b };
    });
  }

  async function atContract(items: readonly StoredTransfer[], block: bigint): Promise<Said[]> {
    const { chain, deployment } = fixture.world;
    const answer = await chain.call(deployment.vouchers, encodePreviewPayments(items), block);
    const [outcomes] = vouchersInterface.decodeFunctionResult('previewPayments', answer);
    return [...outcomes].map(({ code, a, b }: { code: bigint; a: bigint; b: bigint }) => ({
      code: Number(code),
      a,
      b,
    }));
  }

  /** Compares a batch at the head of the chain, which the tables have reached; returns it as the contract reads it. */
  async function compare(count: number): Promise<StoredTransfer[]> {
    const { number, timestamp } = await fixture.world.chain.latest();
    const drawn = drawPayments(fixture, await readHoldings(fixture), timestamp, count);
    const orders = await Promise.all(drawn.map(orderOf));
    const items = drawn.map(({ payment }, index) => packPayment(payment, orders[index]?.proof ?? '0x'));
    const accepted = await onAcceptance(orders, timestamp);
    const contract = await atContract(items, number);
    const beside = (said: readonly Said[]) =>
      drawn.map(({ payment }, index) => ({ payment, ...said[index] }));
    expect(beside(accepted)).toEqual(beside(contract));
    for (const [index, { code }] of contract.entries()) {
      seen.set(code, (seen.get(code) ?? 0) + 1);
      if (code === 0 && (drawn[index]?.payment.series.length ?? 0) > 1) fromSeveral += 1;
    }
    compared += drawn.length;
    return items;
  }

  it('agree on allow or refuse, on the code and on both values', async () => {
    const { world } = fixture;
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      await world.node.mine(momentOf(moment));
      await world.index();
      const until = Math.ceil((RUNS * (moment + 1)) / MOMENTS);
      let settled = 0;
      while (compared < until) {
        const items = await compare(Math.min(BATCH, until - compared));
        if (settled >= SETTLED_MAX) continue;
        // What settles moves balances, windows and what is left of the day, for the next batch.
        await world.send({ to: world.deployment.vouchers, data: encodePay(items) });
        await world.index();
        settled += 1;
      }
    }
  }, 600_000);

  it('met nearly every refusal that a payment can get, and many that settled', () => {
    const named = ITEM_REFUSALS.filter(({ number }) => seen.has(number)).map(({ key }) => key);
    expect(compared).toBe(RUNS);
    expect(seen.get(0)).toBeGreaterThan(RUNS / 20);
    expect(fromSeveral).toBeGreaterThan(RUNS / 50);
    expect(named.length).toBeGreaterThanOrEqual(RUNS < 5_000 ? 17 : OF_PAYMENTS);
  });
});
