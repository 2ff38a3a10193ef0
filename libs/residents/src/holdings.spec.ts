import { isoTime } from '#domain';
import { toBytes } from '#persistence';
import { OrderFixture } from '../../../test/support/order-fixture.js';
import { wallet } from '../../../test/support/signing-keys.js';
import { CITY } from '../../../test/support/world.js';
import { ResidentsHttpModule } from './residents.module.js';

const FLAG_GIFT = 1;
const DAY_SECONDS = 86_400;

let fixture: OrderFixture;
let soon: number;
let later: number;

beforeAll(async () => {
  fixture = await OrderFixture.create([{ module: ResidentsHttpModule }]);
  const validUntil = (await fixture.world.now()) + 30 * DAY_SECONDS;
  soon = await fixture.world.publishSeries(CITY, { validUntil, refundDays: 7 });
  later = await fixture.world.publishSeries(CITY, { flags: FLAG_GIFT, validUntil: validUntil + DAY_SECONDS });
});

afterAll(() => fixture?.close());

/** Balance, reserved, spendable and next nonce by series. */
async function held(account: string): Promise<unknown> {
  const { body } = await fixture.api.get(`/v1/accounts/${account}/holdings`);
  return body.items;
}

describe('what a resident holds', () => {
  it('shows what payments of several series and gifts will take from each, before and after', async () => {
    const [ann, ben] = [wallet('holdings ann'), wallet('holdings ben')];
    const shop = (await fixture.world.registerMerchant(CITY)).address.toLowerCase();
    await fixture.issue(soon, ann.address, 3_000n);
    await fixture.issue(later, ann.address, 9_000n);
    const payment = { payer: ann.address, merchant: shop, series: [soon, later], amount: 5_000n };
    const paid = await fixture.order('payments', ann, payment);
    const present = { giver: ann.address, receiver: ben.address, series: later, amount: 4_000n };
    const given = await fixture.order('gifts', ann, present);
    expect([paid.answer.status, given.answer.status]).toEqual([202, 202]);
    expect(await held(ann.address)).toMatchObject([
      { series: { id: later }, balance: '9000', reserved: '6000', spendable: '3000', nextNonce: 2 },
      { series: { id: soon }, balance: '3000', reserved: '3000', spendable: '0', nextNonce: 2 },
    ]);
    await fixture.relay();
    await fixture.decided('payments', paid.id);
    await fixture.decided('gifts', given.id);
    expect(await held(ann.address)).toMatchObject([
      { series: { id: later }, balance: '3000', reserved: '0', spendable: '3000', nextNonce: 2 },
      { series: { id: soon }, balance: '0', reserved: '0', spendable: '0', nextNonce: 2 },
    ]);
    await fixture.hold();
  });

  it('may be spent as long as its series is open: the rest has its reason and its time', async () => {
    const ann = wallet('holdings closed');
    const now = await fixture.world.now();
    const day = 86_400;
    const upcoming = await fixture.world.publishSeries(CITY, {
      validFrom: now + day,
      validUntil: now + 9 * day,
    });
    const paused = await fixture.world.publishSeries(CITY, { validUntil: now + 9 * day });
    for (const one of [upcoming, paused]) await fixture.issue(one, ann.address, 1_000n);
    await fixture.world.executeAct('pause_series', { authority: CITY, series: paused, until: now + 3_600 });
    await fixture.indexed();
    const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
    expect(await held(ann.address)).toMatchObject([
      {
        series: { id: paused },
        balance: '1000',
        spendable: '0',
        unspendable: { amount: '1000', code: 'series_paused', at: iso(now + 3_600) },
      },
      {
        series: { id: upcoming },
        balance: '1000',
        spendable: '0',
        unspendable: { amount: '1000', code: 'not_yet_valid', at: iso(now + day) },
      },
    ]);
  });

  it('may be spent longer once its series is extended, and still before what was to end later', async () => {
    const [ann, { world }] = [wallet('holdings extended'), fixture];
    const shop = (await world.registerMerchant(CITY)).address.toLowerCase();
    const now = await world.now();
    const [end, longer] = [now + DAY_SECONDS, now + 60 * DAY_SECONDS];
    const extended = await world.publishSeries(CITY, { validUntil: end });
    for (const one of [extended, soon]) await fixture.issue(one, ann.address, 1_000n);
    const extension = { authority: CITY, series: extended, from: end, until: longer };
    await world.executeAct('extend_series', extension);
    await fixture.indexed();
    expect(await held(ann.address)).toMatchObject([
      { series: { id: extended, validUntil: isoTime(longer), originalUntil: isoTime(end) } },
      { series: { id: soon } },
    ]);
    const payment = { payer: ann.address, merchant: shop, amount: 1_500n };
    const turned = await fixture.order('payments', ann, { ...payment, series: [soon, extended] });
    expect(turned.answer).toMatchObject({ status: 422, body: { code: 'series_order' } });
    const paid = await fixture.order('payments', ann, { ...payment, series: [extended, soon] });
    expect(paid.answer.status).toBe(202);
    await fixture.relay();
    await fixture.decided('payments', paid.id);
    expect(await held(ann.address)).toMatchObject([
      { series: { id: extended }, balance: '0' },
      { series: { id: soon }, balance: '500' },
    ]);
    await fixture.hold();
  });

  it('shows nothing to spend once a refund is ordered, and all of it when the relayer could not submit it', async () => {
    const ann = wallet('holdings refund');
    await fixture.issue(soon, ann.address, 2_000n);
    const wanted = { account: ann.address, series: soon, amount: 2_000n };
    const { id, answer } = await fixture.order('refunds', ann, wanted);
    expect(answer.status).toBe(202);
    expect(await held(ann.address)).toMatchObject([{ balance: '2000', reserved: '2000', spendable: '0' }]);
    // Damaged by a hand in the database: no relayer can submit it, and it does not stay on its way for ever.
    await fixture.world.db.query(`UPDATE app.outbox SET payload = '\\x01' WHERE id = $1`, [toBytes(id)]);
    await fixture.relay();
    await fixture.decided('refunds', id);
    expect(await held(ann.address)).toMatchObject([{ balance: '2000', reserved: '0', spendable: '2000' }]);
    const { body } = await fixture.api.get(`/v1/accounts/${ann.address}/history`);
    expect(body.items).toMatchObject([
      { kind: 'refused', order: id, code: 'order_not_carried', block: null },
      { kind: 'issued' },
    ]);
  });
});
