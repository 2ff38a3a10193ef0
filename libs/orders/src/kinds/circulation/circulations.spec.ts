import { wallet, type Person, type WalletPerson } from '../../../../../test/support/signing-keys.js';
import { CITY } from '../../../../../test/support/world.js';
import { OrderFixture } from '../../../../../test/support/order-fixture.js';

let fixture: OrderFixture;
let series: number;
let still: number;
let [baker, miller, farmer]: WalletPerson[] = [];

beforeAll(async () => {
  fixture = await OrderFixture.create();
  series = await fixture.world.publishSeries(CITY, { hops: 1 });
  still = await fixture.world.publishSeries(CITY);
  [baker, miller, farmer] = ['baker', 'miller', 'farmer'].map((name) => wallet(`circulation ${name}`));
  const entries = [baker, miller, farmer].map((shop) => ({
    merchant: shop?.address ?? '',
    region: CITY,
    category: 1,
    size: 0,
  }));
  await fixture.world.executeAct('set_merchants', { authority: CITY, entries });
  await fixture.indexed();
});

afterAll(async () => {
  await fixture?.close();
});

const spend = (by: Person, recipient: Person, amount: bigint, of = series) =>
  fixture.order('circulations', by, {
    merchant: by.address,
    recipient: recipient.address,
    series: of,
    amount,
  });

it('a merchant spends its balance at another one, as often as the series allows, and reserves them at once', async () => {
  if (baker === undefined || miller === undefined || farmer === undefined) throw new Error('three shops');
  const payer = wallet('circulation payer');
  await fixture.issue(series, payer.address, 10_000n);
  await fixture.relay();
  const { id: payment } = await fixture.order('payments', payer, {
    payer: payer.address,
    merchant: baker.address,
    amount: 10_000n,
    series: [series],
  });
  await fixture.decided('payments', payment);
  expect((await spend(baker, miller, 1n, still)).answer.body).toMatchObject({
    code: 'circulation_not_allowed',
  });
  expect((await spend(baker, payer, 1n)).answer.body).toMatchObject({ code: 'merchant_unknown' });
  expect((await spend(payer, miller, 1n)).answer.body).toMatchObject({ code: 'merchant_unknown' });
  await fixture.hold();
  const first = await spend(baker, miller, 7_000n, series);
  expect(first.answer.status).toBe(202);
  expect((await spend(baker, miller, 3_001n)).answer.body).toMatchObject({
    code: 'insufficient_merchant_balance',
    expected: { balance: '3000', amount: '3001' },
  });
  // What waits is promised already: it can't be voided either.
  const taken = { payment, merchant: baker.address, series, amount: 3_001n };
  expect((await fixture.order('voids', baker, taken)).answer.body).toMatchObject({
    code: 'insufficient_merchant_balance',
  });
  await fixture.relay();
  expect(await fixture.decided('circulations', first.id)).toMatchObject({
    state: 'final',
    merchant: baker.address,
    recipient: miller.address,
    amount: '7000',
    region: CITY,
  });
  expect((await spend(miller, farmer, 1n)).answer.body).toMatchObject({
    code: 'hop_limit_reached',
    expected: { available: '0' },
  });
  const listed = await fixture.api.get(`/v1/circulations?recipient=${miller.address}&region=${CITY}`);
  expect(listed.body).toMatchObject({ items: [{ id: first.id }], next: null });
});
