import { refusal } from '#domain';
import { toBytes } from '#persistence';
import { OrderFixture } from '../../../../test/support/order-fixture.js';
import { wallet } from '../../../../test/support/signing-keys.js';
import { CITY } from '../../../../test/support/world.js';

const FLAG_GIFT = 1;

let fixture: OrderFixture;
let series: number;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  series = await fixture.world.publishSeries(CITY, { flags: FLAG_GIFT });
});

afterAll(() => fixture?.close());

/** Damages the payload that would be submitted, as by a hand in the database. */
async function damage(id: string, payload: Buffer): Promise<void> {
  await fixture.world.db.query('UPDATE app.outbox SET payload = $2 WHERE id = $1', [toBytes(id), payload]);
}

describe('an accepted order that cannot be relayed', () => {
  it('is refused with a code and what to do, gives back what it reserved, and is listed', async () => {
    const [ann, ben] = [wallet('not relayed ann'), wallet('not relayed ben')];
    const shop = (await fixture.world.registerMerchant(CITY)).address.toLowerCase();
    await fixture.issue(series, ann.address, 10_000n);
    const payment = await fixture.order('payments', ann, {
      payer: ann.address,
      merchant: shop,
      amount: 6_000n,
      series: [series],
    });
    const present = { giver: ann.address, receiver: ben.address, series };
    const gift = await fixture.order('gifts', ann, { ...present, amount: 4_000n });
    expect([payment.answer.status, gift.answer.status]).toEqual([202, 202]);
    await damage(payment.id, Buffer.of(1));
    await damage(gift.id, Buffer.concat([toBytes(fixture.world.deployment.vouchers), Buffer.alloc(4, 0xff)]));

    await fixture.relay();
    const end = { state: 'refused', code: 'order_not_carried', expected: {}, block: null };
    expect(await fixture.decided('payments', payment.id)).toMatchObject({ ...end, amount: '6000' });
    expect(await fixture.decided('gifts', gift.id)).toMatchObject({ ...end, amount: '4000' });
    const { ko, en } = refusal('order_not_carried');
    expect([ko.next, en.next]).toEqual([
      expect.stringContaining('새로 승인'),
      expect.stringContaining('new'),
    ]);

    for (const [path, id] of [
      ['payments', payment.id],
      ['gifts', gift.id],
    ] as const) {
      const listed = async (query: string) => (await fixture.api.get(`/v1/${path}?${query}`)).body.items;
      expect(await listed('state=refused&code=order_not_carried')).toMatchObject([{ id, ...end }]);
      expect(await listed('state=refused&code=replayed')).toEqual([]);
      expect(await listed('state=accepted')).toEqual([]);
    }
    // Nothing is reserved any more: a new gift has the whole balance.
    const again = await fixture.order('gifts', ann, { ...present, amount: 10_000n });
    expect(again.answer.status).toBe(202);
    expect(await fixture.decided('gifts', again.id)).toMatchObject({ state: 'final' });
  });
});
