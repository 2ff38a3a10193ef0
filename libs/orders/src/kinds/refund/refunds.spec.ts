import type { Hex } from '#contracts';
import { koreanIsoDate } from '#domain';
import { device, ringAccount, wallet, type Person } from '../../../../../test/support/signing-keys.js';
import { OrderFixture } from '../../../../../test/support/order-fixture.js';
import { CITY } from '../../../../../test/support/world.js';

let fixture: OrderFixture;
let series: number;
let shop: Hex;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  // 60 % spent, or untouched for 7 days; residents paid 90 % of it.
  series = await fixture.world.publishSeries(CITY, { refundPercent: 60, refundDays: 7 });
  shop = (await fixture.world.registerMerchant(CITY)).address.toLowerCase();
  await fixture.indexed();
});

afterEach(async () => {
  await fixture?.hold();
});

afterAll(async () => {
  await fixture?.close();
});

const refund = (by: Person, amount: bigint, nonce?: number) =>
  fixture.order('refunds', by, { account: by.address, series, amount, nonce });
const pay = (by: Person, amount: bigint) =>
  fixture.order('payments', by, { payer: by.address, merchant: shop, amount, series: [series] });
const quoteOf = ({ address }: Person) =>
  fixture.api.get(`/v1/refunds/quote?account=${address}&series=${series}`);

describe('a refund', () => {
  it('is due once enough is spent; the quote shows the arithmetic before, and the chain pays that', async () => {
    const ann = wallet('refund ann');
    await fixture.issue(series, ann.address, 10_001n);
    expect((await pay(ann, 5_000n)).answer.status).toBe(202);
    expect((await quoteOf(ann)).body).toMatchObject({
      due: null,
      spent: '5000',
      spentPercent: 49,
      neededPercent: 60,
      stillToSpend: '1001',
    });
    expect((await refund(ann, 5_001n, 2)).answer.body).toMatchObject({
      code: 'refund_not_due',
      expected: { spent_percent: 49, needed_percent: 60 },
    });
    expect(
      (
        await fixture.order('payments', ann, {
          payer: ann.address,
          merchant: shop,
          amount: 1_500n,
          series: [series],
          nonce: 3,
        })
      ).answer.status,
    ).toBe(202);
    const quote = await quoteOf(ann);
    expect(quote.body).toMatchObject({
      due: 'spent',
      balance: '3501',
      residentShare: 9_000,
      own: '3150',
      toFunders: '351',
      nextNonce: 4,
      text: {
        ko: expect.arrayContaining([expect.stringContaining('3,150원')]),
        en: expect.arrayContaining([expect.stringContaining('351')]),
      },
    });
    expect((await refund(ann, 3_500n, 5)).answer.body).toMatchObject({
      code: 'refund_not_whole',
      expected: { balance: '3501', amount: '3500' },
    });
    const { id, answer } = await refund(ann, 3_501n, 4);
    expect([answer.status, answer.body.own]).toEqual([202, null]);
    expect((await pay(ann, 1n)).answer.body).toMatchObject({ code: 'insufficient_balance' });
    await fixture.relay();
    const final = await fixture.decided('refunds', id);
    expect(final).toMatchObject({
      state: 'final',
      account: ann.address,
      amount: '3501',
      own: '3150',
      series,
    });
    expect(await fixture.balance(series, ann.address)).toBe(0n);
    expect((await fixture.api.get(`/v1/refunds?account=${ann.address}`)).body).toEqual({
      items: [final],
      next: null,
    });
    expect((await quoteOf(ann)).body).toMatchObject({ due: null, balance: '0' });
  });

  it('is due in full while nothing is spent, and needs an owner', async () => {
    const ring = ringAccount(10_000n, [
      { right: 'device', key: device('refund device') },
      { right: 'owner', key: device('refund owner') },
    ]);
    const lastDay = async () => koreanIsoDate((await fixture.world.now()) + 7 * 86_400);
    const days = [await lastDay()];
    await fixture.issue(series, ring.address, 8_000n);
    const quote = (await quoteOf(ring.by(1))).body;
    days.push(await lastDay());
    expect(quote).toMatchObject({ due: 'unused', own: '7200', toFunders: '800' });
    // Korea's midnight may lie between.
    expect(days).toContain(quote['unusedUntil']);
    expect((await refund(ring.by(0), 8_000n, 1)).answer.body).toMatchObject({ code: 'owner_key_needed' });
    const { id, answer } = await refund(ring.by(1), 8_000n, 1);
    expect(answer.status).toBe(202);
    await fixture.relay();
    const events = await fetch(`${fixture.api.url}/v1/refunds/${id}/events`, {
      signal: AbortSignal.timeout(15_000),
    });
    expect(await events.text()).toContain('"state":"final"');
  });

  it('has no quote for who never had anything', async () => {
    expect((await quoteOf(wallet('refund stranger'))).status).toBe(404);
    expect((await fixture.api.get('/v1/refunds/quote?account=x&series=1')).status).toBe(400);
  });
});
