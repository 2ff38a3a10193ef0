import type { Hex } from '#contracts';
import { wallet, type Person } from '../../../../../test/support/signing-keys.js';
import { CITY } from '../../../../../test/support/world.js';
import { OrderFixture } from '../../../../../test/support/order-fixture.js';

let fixture: OrderFixture;
let series: number;
let second: number;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  const now = await fixture.world.now();
  series = await fixture.world.publishSeries(CITY);
  second = await fixture.world.publishSeries(CITY, { validUntil: now + 2 * 365 * 86_400 });
  await fixture.relay();
});

afterAll(async () => {
  await fixture?.close();
});

/** A shop whose key is known. */
async function openShop(name: string): Promise<Person> {
  const shop = wallet(name);
  const entries = [{ merchant: shop.address, region: CITY, category: 1, size: 0 }];
  await fixture.world.executeAct('set_merchants', { authority: CITY, entries });
  await fixture.indexed();
  return shop;
}

async function paid(payer: Person, shop: Person, amount: bigint, from: readonly number[]): Promise<Hex> {
  const { id } = await fixture.order('payments', payer, {
    payer: payer.address,
    merchant: shop.address,
    amount,
    series: from,
  });
  expect(await fixture.decided('payments', id)).toMatchObject({ state: 'final' });
  return id;
}

const takeBack = (shop: Person, payment: Hex, amount: bigint, of = series, nonce?: number) =>
  fixture.order('voids', shop, {
    payment,
    merchant: shop.address,
    series: of,
    amount,
    nonce,
  });

describe('a void', () => {
  it('takes a payment back in parts, series by series, and never more than was paid', async () => {
    const [payer, shop] = [wallet('void payer 1'), await openShop('void shop 1')];
    await fixture.issue(series, payer.address, 3_000n);
    await fixture.issue(second, payer.address, 9_000n);
    const payment = await paid(payer, shop, 8_000n, [series, second]);
    const part = await takeBack(shop, payment, 1_000n);
    expect(part.answer.status).toBe(202);
    expect(part.answer.headers.get('location')).toBe(`/v1/voids/${part.id}`);
    const final = await fixture.decided('voids', part.id);
    expect(final).toMatchObject({
      state: 'final',
      payment,
      merchant: shop.address,
      amount: '1000',
      series,
      region: CITY,
    });
    // The till sends and sees no account of its customer.
    const shown = JSON.stringify([part.answer.body, final]);
    expect(shown).not.toContain(payer.address.slice(2));
    expect(shown).not.toContain('payer');
    expect(await fixture.balance(series, payer.address)).toBe(1_000n);
    expect((await takeBack(shop, payment, 2_001n)).answer.body).toMatchObject({
      code: 'void_exceeds_payment',
      expected: { left: '2000', amount: '2001' },
    });
    const rest = [await takeBack(shop, payment, 2_000n), await takeBack(shop, payment, 5_000n, second)];
    for (const { id } of rest) expect(await fixture.decided('voids', id)).toMatchObject({ state: 'final' });
    expect(await fixture.balance(second, payer.address)).toBe(9_000n);
    const listed = await fixture.api.get(`/v1/voids?merchant=${shop.address}&series=${second}`);
    expect(listed.body).toMatchObject({ items: [{ id: rest[1]?.id, state: 'final' }], next: null });
    // The payment says what was taken back of it, and its voids are found by it.
    expect((await fixture.stateOf('payments', payment)).body).toMatchObject({
      amount: '8000',
      voided: '8000',
      parts: [
        { series, amount: '3000', voided: '3000' },
        { series: second, amount: '5000', voided: '5000' },
      ],
    });
    const ofPayment = await fixture.api.get(`/v1/voids?payment=${payment}`);
    expect((ofPayment.body as { items: { id: string }[] }).items.map(({ id }) => id).toSorted()).toEqual(
      [part.id, ...rest.map(({ id }) => id)].toSorted(),
    );
    expect((await fixture.api.get(`/v1/voids?payment=0x${'12'.repeat(32)}`)).body).toMatchObject({
      items: [],
    });
  });

  it('is proved among all that a batch settled', async () => {
    const shop = await openShop('void shop 2');
    const payers = Array.from({ length: 5 }, (_unused, index) => wallet(`void payer 2 ${index}`));
    await fixture.world.issueTo(
      series,
      payers.map(({ address }) => ({ account: address, amount: 1_000n })),
    );
    await fixture.indexed();
    await fixture.hold();
    const payments = [];
    for (const payer of payers) {
      const wanted = { payer: payer.address, merchant: shop.address, amount: 700n, series: [series] };
      payments.push((await fixture.order('payments', payer, wanted)).id);
    }
    await fixture.relay();
    for (const id of payments) await fixture.decided('payments', id);
    for (const [index, payer] of payers.entries()) {
      const { id } = await takeBack(shop, payments[index] ?? '', 700n);
      expect(await fixture.decided('voids', id)).toMatchObject({ state: 'final' });
      expect(await fixture.balance(series, payer.address)).toBe(1_000n);
    }
  });

  it('gets the same answer for the same authorisation, reserves merchant balances, and reports to a screen that watches', async () => {
    const [payer, shop] = [wallet('void payer 3'), await openShop('void shop 3')];
    await fixture.issue(series, payer.address, 5_000n);
    const payment = await paid(payer, shop, 5_000n, [series]);
    await fixture.hold();
    const wanted = { payment, merchant: shop.address, series, amount: 3_000n };
    const { id, authorisation } = await fixture.message('voids', shop, wanted);
    const proof = shop.prove(id);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => fixture.submit('voids', authorisation, proof)),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect((await takeBack(shop, payment, 2_001n)).answer.body).toMatchObject({
      code: 'void_exceeds_payment',
      expected: { left: '2000' },
    });
    expect((await fixture.api.get(`/v1/voids?state=accepted&payment=${payment}`)).body).toMatchObject({
      items: [{ id }],
    });
    await fixture.relay();
    const events = await fetch(`${fixture.api.url}/v1/voids/${id}/events`, {
      signal: AbortSignal.timeout(15_000),
    });
    const states = [...(await events.text()).matchAll(/"state":"(\w+)"/g)].map(([, state]) => state);
    expect(states.at(-1)).toBe('final');
    expect((await fixture.submit('voids', authorisation, proof)).status).toBe(200);
  });

  it('of a payment that is not final yet is refused with the advice to wait, and settled when sent again', async () => {
    const [payer, shop] = [wallet('void payer early'), await openShop('void shop early')];
    await fixture.issue(series, payer.address, 5_000n);
    await fixture.hold();
    const wanted = { payer: payer.address, merchant: shop.address, amount: 2_000n, series: [series] };
    const { id: payment } = await fixture.order('payments', payer, wanted);
    const { id, authorisation } = await fixture.message('voids', shop, {
      payment,
      merchant: shop.address,
      series,
      amount: 500n,
    });
    const send = () => fixture.submit('voids', authorisation, shop.prove(id));
    expect((await send()).body).toMatchObject({
      code: 'receipt_unknown',
      detail: expect.stringContaining('not final yet'),
      next: expect.stringContaining('send the same void again when the payment is final'),
    });
    await fixture.relay();
    expect(await fixture.decided('payments', payment)).toMatchObject({ state: 'final' });
    expect((await send()).status).toBe(202);
    expect(await fixture.decided('voids', id)).toMatchObject({ state: 'final' });
  });

  it('is refused without a final payment to this shop, and to anybody but the merchant', async () => {
    const [payer, shop] = [wallet('void payer 4'), await openShop('void shop 4')];
    const other = await openShop('void shop 4 other');
    await fixture.issue(series, payer.address, 5_000n);
    const payment = await paid(payer, shop, 2_000n, [series]);
    const unknown = `0x${'77'.repeat(32)}`;
    expect((await takeBack(shop, unknown, 1n)).answer.body).toMatchObject({ code: 'receipt_unknown' });
    expect((await takeBack(other, payment, 1n)).answer.body).toMatchObject({
      code: 'receipt_unknown',
    });
    const forged = await fixture.message('voids', shop, {
      payment,
      merchant: shop.address,
      series,
      amount: 1n,
    });
    const answer = await fixture.submit('voids', forged.authorisation, payer.prove(forged.id));
    expect(answer.body).toMatchObject({ code: 'signature_invalid' });
    expect((await fixture.stateOf('voids', forged.id)).status).toBe(404);
  });
});
