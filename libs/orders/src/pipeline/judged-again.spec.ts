import type { Hex } from '#contracts';
import { refusal } from '#domain';
import { OrderFixture } from '../../../../test/support/order-fixture.js';
import { wallet, type Person } from '../../../../test/support/signing-keys.js';
import { CITY } from '../../../../test/support/world.js';

/** Residents may give vouchers of the series away. */
const FLAG_GIFT = 1;

let fixture: OrderFixture;
let series: number;
let shop: Person;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  series = await fixture.world.publishSeries(CITY);
  shop = wallet('again shop');
  const entries = [{ merchant: shop.address, region: CITY, category: 1, size: 0 }];
  await fixture.world.executeAct('set_merchants', { authority: CITY, entries });
  await fixture.indexed();
});

afterAll(() => fixture?.close());

async function payer(name: string, amount = 10_000n): Promise<Person> {
  const one = wallet(name);
  await fixture.issue(series, one.address, amount);
  return one;
}

async function signed(by: Person, amount: bigint, more: { nonce?: number } = {}) {
  const wanted = { payer: by.address, merchant: shop.address, series: [series], amount, ...more };
  const { id, authorisation } = await fixture.message('payments', by, wanted);
  return { id, submit: () => fixture.submit('payments', authorisation, by.prove(id)), authorisation };
}

async function pause(until: number): Promise<void> {
  await fixture.world.executeAct('pause_series', { authority: CITY, series, until });
  await fixture.indexed();
}

/** A merchant takes a payment, in the tables. */
async function takes(merchant: Hex, of: number, amount: bigint): Promise<void> {
  const owner = fixture.world.wallet('again customer');
  await fixture.issue(of, owner.address.toLowerCase(), amount);
  const payment = await fixture.world.signPayment({ payer: owner, merchant, series: of, amount });
  await fixture.world.pay(payment);
  await fixture.indexed();
}

const refusedPayments = (id: Hex) =>
  fixture.world.db.query('SELECT code FROM app.refused_payment WHERE id = $1', [
    Buffer.from(id.slice(2), 'hex'),
  ]);

describe('an authorisation that was refused', () => {
  it('for a reason that has passed is judged again, accepted and settled, and counts as refused no more', async () => {
    const by = await payer('again paused');
    const order = await signed(by, 4_000n);
    await pause((await fixture.world.now()) + 3_600);
    expect((await order.submit()).body).toMatchObject({ code: 'series_paused' });
    expect((await order.submit()).body).toMatchObject({ code: 'series_paused' });
    expect((await fixture.stateOf('payments', order.id)).body).toMatchObject({
      state: 'refused',
      code: 'series_paused',
      next: { en: expect.stringContaining('Try again') },
    });
    expect(await refusedPayments(order.id)).toHaveLength(1);

    await pause(0);
    const accepted = await order.submit();
    expect([accepted.status, accepted.body.state]).toEqual([202, 'accepted']);
    expect((await fixture.stateOf('payments', order.id)).body).toEqual(accepted.body);
    expect((await order.submit()).body).toEqual(accepted.body);
    expect(await refusedPayments(order.id)).toHaveLength(0);
    const lists = await Promise.all(
      ['refused', 'accepted'].map((state) =>
        fixture.api.get(`/v1/payments?state=${state}&payer=${by.address}`),
      ),
    );
    expect(lists.map(({ body }) => (body as { items: unknown[] }).items.length)).toEqual([0, 1]);
    // What it takes is reserved.
    const other = await signed(by, 6_001n);
    expect((await other.submit()).body).toMatchObject({
      code: 'insufficient_balance',
      expected: { balance: '6000' },
    });
    await fixture.relay();
    expect(await fixture.decided('payments', order.id)).toMatchObject({ state: 'final', amount: '4000' });
    await fixture.hold();
  });

  it('by the contract keeps its answer when the reason has passed, and says that it has to be signed again', async () => {
    const by = await payer('again on chain');
    const order = await signed(by, 4_000n);
    expect((await order.submit()).status).toBe(202);
    await pause((await fixture.world.now()) + 3_600);
    await fixture.relay();
    const refused = await fixture.decided('payments', order.id);
    expect(refused).toMatchObject({
      state: 'refused',
      code: 'series_paused',
      next: {
        ko: expect.stringContaining('다시 서명'),
        en: expect.stringMatching(/until .* KST|until .*cancel its number first/),
      },
    });
    await fixture.hold();
    await pause(0);
    const again = await order.submit();
    expect([again.status, again.body]).toEqual([200, refused]);
  });

  it('for want of balance is accepted once, however often it comes when there is enough', async () => {
    const by = await payer('again poor', 1_000n);
    const order = await signed(by, 3_000n);
    expect((await order.submit()).body).toMatchObject({ code: 'insufficient_balance' });
    await fixture.issue(series, by.address, 2_000n);
    const answers = await Promise.all(Array.from({ length: 10 }, () => order.submit()));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const rows = await fixture.world.db.query('SELECT id FROM app.outbox WHERE id = $1', [
      Buffer.from(order.id.slice(2), 'hex'),
    ]);
    expect(rows).toHaveLength(1);
  });

  it('and is refused again shows the newest reason with its values, alone, in its list and in reports', async () => {
    const by = await payer('again twice', 3_000n);
    const order = await signed(by, 3_000n);
    await pause((await fixture.world.now()) + 3_600);
    expect((await order.submit()).body).toMatchObject({ code: 'series_paused' });
    await pause(0);
    expect((await (await signed(by, 1_000n)).submit()).status).toBe(202);
    const second = await order.submit();
    const newest = { code: 'insufficient_balance', expected: { balance: '2000', amount: '3000' } };
    expect([second.status, second.body]).toEqual([422, expect.objectContaining(newest)]);
    expect((await order.submit()).body).toMatchObject(newest);
    expect((await fixture.stateOf('payments', order.id)).body).toMatchObject({ state: 'refused', ...newest });
    expect(await refusedPayments(order.id)).toEqual([{ code: refusal('insufficient_balance').number }]);
    const listed = async (code: string) => {
      const list = await fixture.api.get(`/v1/payments?state=refused&code=${code}&payer=${by.address}`);
      return (list.body as { items: { id: string }[] }).items.map(({ id }) => id);
    };
    expect([await listed('series_paused'), await listed('insufficient_balance')]).toEqual([[], [order.id]]);
    // Not once more for the same reason.
    const later = await fixture.world.db.query('SELECT code FROM app.later_refusal WHERE id = $1', [
      Buffer.from(order.id.slice(2), 'hex'),
    ]);
    expect(later).toHaveLength(1);
  });

  it.each(['gifts', 'redemptions'] as const)('shows the newest reason of %s as well', async (path) => {
    const by = wallet(`again ${path}`);
    const own = await fixture.world.publishSeries(CITY, { flags: FLAG_GIFT });
    const entries = [{ merchant: by.address, region: CITY, category: 1, size: 0 }];
    if (path === 'redemptions') await fixture.world.executeAct('set_merchants', { authority: CITY, entries });
    await fixture.indexed();
    // Somebody without a row in the series is a stranger whose refusals are not kept.
    if (path === 'gifts') await fixture.issue(own, by.address, 100n);
    else await takes(by.address, own, 100n);
    const receiver = wallet('again receiver').address;
    const wanted =
      path === 'gifts'
        ? { giver: by.address, receiver, series: own, amount: 500n }
        : { merchant: by.address, series: own, amount: 500n };
    const { id, authorisation } = await fixture.message(path, by, wanted as never);
    const submit = () => fixture.submit(path, authorisation, by.prove(id));
    const first = { expected: { balance: '100', amount: '500' } };
    expect((await submit()).body).toMatchObject(first);
    expect((await fixture.stateOf(path, id)).body).toMatchObject({ state: 'refused', ...first });
    if (path === 'gifts') await fixture.issue(own, by.address, 200n);
    else await takes(by.address, own, 200n);
    const second = { expected: { balance: '300', amount: '500' } };
    expect((await submit()).body).toMatchObject(second);
    expect((await fixture.stateOf(path, id)).body).toMatchObject({ state: 'refused', ...second });
  });

  it('for what can never change keeps its answer', async () => {
    const by = await payer('again zero');
    const order = await signed(by, 0n);
    const first = await order.submit();
    expect(first.body).toMatchObject({ code: 'amount_zero' });
    expect((await order.submit()).body).toMatchObject({ code: 'amount_zero' });
  });

  it('is to be signed with another number when that number has been used meanwhile', async () => {
    const by = await payer('again used', 1_000n);
    const order = await signed(by, 3_000n, { nonce: 5 });
    expect((await order.submit()).body).toMatchObject({ code: 'insufficient_balance' });
    await fixture.issue(series, by.address, 5_000n);
    expect((await (await signed(by, 100n, { nonce: 5 })).submit()).status).toBe(202);
    expect((await order.submit()).body).toMatchObject({
      code: 'replayed',
      detail: 'Number 5 was used before; the latest one used is 5.',
    });
  });
});

describe('an authorisation that somebody else submitted to the chain', () => {
  it('is final for whoever submits it here, and not refused as used before', async () => {
    const owner = fixture.world.wallet('elsewhere');
    await fixture.issue(series, owner.address.toLowerCase(), 10_000n);
    const merchant = await fixture.world.registerMerchant(CITY);
    await fixture.indexed();
    const payment = await fixture.world.signPayment({ payer: owner, merchant, series, amount: 700n });
    await fixture.world.pay(payment);
    await fixture.indexed();
    const answer = await fixture.submit('payments', payment.authorisation, payment.signature);
    expect([answer.status, answer.body.state, answer.body.amount]).toEqual([200, 'final', '700']);
    expect((await fixture.stateOf('payments', payment.id)).body).toEqual(answer.body);
    const rows = await fixture.world.db.query('SELECT id FROM app.signed_order WHERE id = $1', [
      Buffer.from(payment.id.slice(2), 'hex'),
    ]);
    expect(rows).toHaveLength(0);
  });
});
