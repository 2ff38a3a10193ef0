import { currentTime } from '#persistence';
import { OrderFixture } from '../../../../test/support/order-fixture.js';
import { addressOf } from '../../../../test/support/keys.js';
import { wallet } from '../../../../test/support/signing-keys.js';
import { CITY } from '../../../../test/support/world.js';

const HOUR_S = 3_600;

let fixture: OrderFixture;

beforeAll(async () => {
  fixture = await OrderFixture.create();
});

afterAll(() => fixture?.close());

describe('the time by which orders are judged', () => {
  it('is the database’s, and the newest block’s where that is later: what the contract would refuse is not promised', async () => {
    const { world } = fixture;
    const series = await world.publishSeries(CITY);
    const merchant = addressOf(await world.registerMerchant(CITY));
    const payer = wallet('time payer');
    await fixture.issue(series, payer.address, 1_000n);
    const machine = Date.now() / 1000;
    expect(Math.abs((await currentTime(world.db)) - machine)).toBeLessThan(60);
    const deadline = Math.floor(machine) + HOUR_S / 2;
    const order = { payer: payer.address, merchant, amount: 100n, series: [series], deadline };
    expect((await fixture.order('payments', payer, order)).answer.status).toBe(202);

    await world.node.mine(Math.floor(machine) + HOUR_S);
    await fixture.indexed();
    expect(await currentTime(world.db)).toBeGreaterThanOrEqual(Math.floor(machine) + HOUR_S);
    const late = await fixture.order('payments', payer, order);
    expect([late.answer.status, late.answer.body.code]).toEqual([422, 'deadline_passed']);
    const later = await fixture.order('payments', payer, { ...order, deadline: deadline + HOUR_S });
    expect(later.answer.status).toBe(202);
  });
});
