import type { Hex } from '#contracts';
import { wallet, type Person } from '../../../../test/support/signing-keys.js';
import { CITY } from '../../../../test/support/world.js';
import { OrderStage } from '../../../../test/support/order-stage.js';

let stage: OrderStage;
let series: number;
let second: number;

beforeAll(async () => {
  stage = await OrderStage.create();
  const now = await stage.world.now();
  series = await stage.world.publishSeries(CITY);
  second = await stage.world.publishSeries(CITY, { validUntil: now + 2 * 365 * 86_400 });
  await stage.carry();
});

afterAll(async () => {
  await stage?.close();
});

/** A shop whose key is known. */
async function openShop(name: string): Promise<Person> {
  const shop = wallet(name);
  const entries = [{ merchant: shop.address, region: CITY, category: 1, size: 0 }];
  await stage.world.executeAct('set_merchants', { authority: CITY, entries });
  await stage.indexed();
  return shop;
}

async function paid(payer: Person, shop: Person, amount: bigint, from: readonly number[]): Promise<Hex> {
  const { id } = await stage.order('payments', payer, {
    payer: payer.address,
    merchant: shop.address,
    amount,
    series: from,
  });
  expect(await stage.decided('payments', id)).toMatchObject({ state: 'final' });
  return id;
}

const takeBack = (shop: Person, payer: Person, payment: Hex, amount: bigint, of = series, nonce?: number) =>
  stage.order('voids', shop, {
    payment,
    merchant: shop.address,
    payer: payer.address,
    series: of,
    amount,
    nonce,
  });

describe('a void', () => {
  it('takes a payment back in parts, series by series, and never more than was paid', async () => {
    const [payer, shop] = [wallet('void payer 1'), await openShop('void shop 1')];
    await stage.issue(series, payer.address, 3_000n);
    await stage.issue(second, payer.address, 9_000n);
    const payment = await paid(payer, shop, 8_000n, [series, second]);
    const part = await takeBack(shop, payer, payment, 1_000n);
    expect(part.answer.status).toBe(202);
    expect(part.answer.headers.get('location')).toBe(`/v1/voids/${part.id}`);
    const final = await stage.decided('voids', part.id);
    expect(final).toMatchObject({
      state: 'final',
      payment,
      merchant: shop.address,
      payer: payer.address,
      amount: '1000',
      series,
      region: CITY,
    });
    expect(await stage.balance(series, payer.address)).toBe(1_000n);
    expect((await takeBack(shop, payer, payment, 2_001n)).answer.body).toMatchObject({
      code: 'void_exceeds_payment',
      expected: { left: '2000', amount: '2001' },
    });
    const rest = [
      await takeBack(shop, payer, payment, 2_000n),
      await takeBack(shop, payer, payment, 5_000n, second),
    ];
    for (const { id } of rest) expect(await stage.decided('voids', id)).toMatchObject({ state: 'final' });
    expect(await stage.balance(second, payer.address)).toBe(9_000n);
    const listed = await stage.api.get(
      `/v1/voids?merchant=${shop.address}&payer=${payer.address}&series=${second}`,
    );
    expect(listed.body).toMatchObject({ items: [{ id: rest[1]?.id, state: 'final' }], next: null });
  });

  it('is proved among all that a batch settled', async () => {
    const shop = await openShop('void shop 2');
    const payers = Array.from({ length: 5 }, (_unused, index) => wallet(`void payer 2 ${index}`));
    await stage.world.issueTo(
      series,
      payers.map(({ address }) => ({ account: address, amount: 1_000n })),
    );
    await stage.indexed();
    await stage.hold();
    const payments = [];
    for (const payer of payers) {
      const wanted = { payer: payer.address, merchant: shop.address, amount: 700n, series: [series] };
      payments.push((await stage.order('payments', payer, wanted)).id);
    }
    await stage.carry();
    for (const id of payments) await stage.decided('payments', id);
    for (const [index, payer] of payers.entries()) {
      const { id } = await takeBack(shop, payer, payments[index] ?? '', 700n);
      expect(await stage.decided('voids', id)).toMatchObject({ state: 'final' });
      expect(await stage.balance(series, payer.address)).toBe(1_000n);
    }
  });

  it('gets the same answer for the same authorisation, reserves takings, and tells a screen that watches', async () => {
    const [payer, shop] = [wallet('void payer 3'), await openShop('void shop 3')];
    await stage.issue(series, payer.address, 5_000n);
    const payment = await paid(payer, shop, 5_000n, [series]);
    await stage.hold();
    const wanted = { payment, merchant: shop.address, payer: payer.address, series, amount: 3_000n };
    const { id, authorisation } = await stage.message('voids', shop, wanted);
    const proof = shop.prove(id);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => stage.submit('voids', authorisation, proof)),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect((await takeBack(shop, payer, payment, 2_001n)).answer.body).toMatchObject({
      code: 'void_exceeds_payment',
      expected: { left: '2000' },
    });
    expect((await stage.api.get('/v1/voids?state=accepted')).body).toMatchObject({ items: [{ id }] });
    await stage.carry();
    const events = await fetch(`${stage.api.url}/v1/voids/${id}/events`, {
      signal: AbortSignal.timeout(15_000),
    });
    const states = [...(await events.text()).matchAll(/"state":"(\w+)"/g)].map(([, state]) => state);
    expect(states.at(-1)).toBe('final');
    expect((await stage.submit('voids', authorisation, proof)).status).toBe(200);
  });

  it('is refused without a final payment between these two, and to anybody but the merchant', async () => {
    const [payer, shop] = [wallet('void payer 4'), await openShop('void shop 4')];
    const other = await openShop('void shop 4 other');
    await stage.issue(series, payer.address, 5_000n);
    const payment = await paid(payer, shop, 2_000n, [series]);
    const unknown = `0x${'77'.repeat(32)}`;
    expect((await takeBack(shop, payer, unknown, 1n)).answer.body).toMatchObject({ code: 'receipt_unknown' });
    expect((await takeBack(other, payer, payment, 1n)).answer.body).toMatchObject({
      code: 'receipt_unknown',
    });
    expect((await takeBack(shop, other, payment, 1n)).answer.body).toMatchObject({ code: 'receipt_unknown' });
    const forged = await stage.message('voids', shop, {
      payment,
      merchant: shop.address,
      payer: payer.address,
      series,
      amount: 1n,
    });
    const answer = await stage.submit('voids', forged.authorisation, payer.prove(forged.id));
    expect(answer.body).toMatchObject({ code: 'signature_invalid' });
    expect((await stage.stateOf('voids', forged.id)).status).toBe(404);
  });
});
