import { ORDER_LIFE_MAX_SECONDS } from '#domain';
import { addressOf } from '../../../../test/support/keys.js';
import { OrderFixture, ZERO_HASH } from '../../../../test/support/order-fixture.js';
import { wallet } from '../../../../test/support/signing-keys.js';
import { CITY } from '../../../../test/support/world.js';

/** Longer than a request takes on a busy machine, so that the bound stays where the test puts it. */
const SLACK_SECONDS = 600;

let fixture: OrderFixture;
let series: number;
let shop: string;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  series = await fixture.world.publishSeries(CITY);
  shop = addressOf(await fixture.world.registerMerchant(CITY));
  await fixture.indexed();
});

afterAll(() => fixture?.close());

/** Cancellations count numbers, all others won. */
const valueOf = (path: string) => (path.endsWith('cancellations') ? { count: 1 } : { amount: 1n });

describe('an order whose deadline is more than a day ahead', () => {
  it('is refused with the latest moment that may be chosen, and stored nowhere; within a day it is accepted', async () => {
    const payer = wallet('far deadline');
    await fixture.issue(series, payer.address, 1_000n);
    const now = await fixture.world.now();
    const order = { payer: payer.address, merchant: shop, amount: 100n, series: [series], nonce: 1 };
    const deadline = now + ORDER_LIFE_MAX_SECONDS + SLACK_SECONDS;
    const { id, answer } = await fixture.order('payments', payer, { ...order, deadline });
    expect([answer.status, answer.body]).toEqual([
      422,
      expect.objectContaining({
        code: 'order_deadline_too_far',
        expected: { deadline: expect.any(String), latest: expect.any(String) },
        next: expect.stringContaining('within a day'),
      }),
    ]);
    expect((await fixture.stateOf('payments', id)).status).toBe(404);
    const near = await fixture.order('payments', payer, {
      ...order,
      deadline: now + ORDER_LIFE_MAX_SECONDS - SLACK_SECONDS,
    });
    expect(near.answer.status).toBe(202);
  });

  it.each([
    ['gifts', { giver: 'me', receiver: 'other' }],
    ['refunds', { account: 'me' }],
    ['voids', { merchant: 'me', payment: ZERO_HASH }],
    ['circulations', { merchant: 'me', recipient: 'other' }],
    ['redemptions', { merchant: 'me' }],
    ['cancellations', { account: 'me' }],
    ['merchant-cancellations', { merchant: 'me' }],
  ] as const)('is refused of every kind: %s', async (path, sides) => {
    const by = wallet('far deadline of all kinds');
    const other = wallet('far deadline other').address;
    const named = Object.entries(sides).map(([side, who]) => [
      side,
      who === 'me' ? by.address : who === 'other' ? other : who,
    ]);
    const deadline = (await fixture.world.now()) + 30 * ORDER_LIFE_MAX_SECONDS;
    const wanted = { ...Object.fromEntries(named), ...valueOf(path), series, nonce: 1, deadline };
    const { answer } = await fixture.order(path, by, wanted as never);
    expect([answer.status, answer.body.code]).toEqual([422, 'order_deadline_too_far']);
  });
});
