import { device, ringAccount, wallet, type Person } from '../../../../../test/support/signing-keys.js';
import { CITY } from '../../../../../test/support/world.js';
import { OrderFixture } from '../../../../../test/support/order-fixture.js';

const FLAG_GIFT = 1;

let fixture: OrderFixture;
let series: number;
let granted: number;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  series = await fixture.world.publishSeries(CITY, {
    flags: FLAG_GIFT,
    giftCap: 5_000n,
    holdingCap: 20_000n,
  });
  granted = await fixture.world.publishSeries(CITY);
});

afterEach(async () => {
  await fixture?.hold();
});

afterAll(async () => {
  await fixture?.close();
});

const give = (giver: Person, receiver: { address: string }, amount: bigint, of = series) =>
  fixture.order('gifts', giver, { giver: giver.address, receiver: receiver.address, series: of, amount });

describe('a gift', () => {
  it('moves vouchers to another resident, up to what the receiver may be given in a month', async () => {
    const [ann, ben, eve] = [wallet('gift ann'), wallet('gift ben'), wallet('gift eve')];
    await fixture.issue(series, ann.address, 10_000n);
    await fixture.issue(series, eve.address, 10_000n);
    const first = await give(ann, ben, 3_000n);
    expect(first.answer.status).toBe(202);
    // Both givers are on their way: what is promised counts for the receiver.
    expect((await give(eve, ben, 2_001n)).answer.body).toMatchObject({
      code: 'gift_cap_exceeded',
      expected: { left: '2000', amount: '2001' },
    });
    const both = await Promise.all([give(ann, ben, 1_500n), give(eve, ben, 1_500n)]);
    expect(both.map(({ answer }) => answer.status).sort((one, other) => one - other)).toEqual([202, 422]);
    await fixture.relay();
    const final = await fixture.decided('gifts', first.id);
    expect(final).toMatchObject({
      state: 'final',
      giver: ann.address,
      receiver: ben.address,
      amount: '3000',
    });
    for (const { id, answer } of both) {
      if (answer.status === 202) expect(await fixture.decided('gifts', id)).toMatchObject({ state: 'final' });
    }
    expect(await fixture.balance(series, ben.address)).toBe(4_500n);
    const listed = await fixture.api.get(`/v1/gifts?receiver=${ben.address}&giver=${ann.address}&limit=100`);
    expect(listed.body.items).toEqual(expect.arrayContaining([final]));
    expect((await give(eve, ben, 501n)).answer.body).toMatchObject({ expected: { left: '500' } });
  });

  it('reserves the balance with the payments', async () => {
    const [ann, ben] = [wallet('gift reserve'), wallet('gift reserved for')];
    const shop = (await fixture.world.registerMerchant(CITY)).address.toLowerCase();
    await fixture.issue(series, ann.address, 4_000n);
    expect((await give(ann, ben, 3_000n)).answer.status).toBe(202);
    const payment = { payer: ann.address, merchant: shop, amount: 1_001n, series: [series] };
    expect((await fixture.order('payments', ann, payment)).answer.body).toMatchObject({
      code: 'insufficient_balance',
      expected: { balance: '1000' },
    });
    expect((await give(ann, { address: shop }, 1n)).answer.body).toMatchObject({ code: 'gift_to_merchant' });
  });

  it('is refused where the series does not allow it, to oneself, and by a device', async () => {
    const ann = wallet('gift refused');
    await fixture.issue(granted, ann.address, 4_000n);
    const ben = wallet('gift refused to');
    expect((await give(ann, ben, 1n, granted)).answer.body).toMatchObject({ code: 'gift_not_allowed' });
    expect((await give(ann, ann, 1n, granted)).answer.body).toMatchObject({ code: 'self_payment' });
    const ring = ringAccount(10_000n, [
      { right: 'device', key: device('gift device') },
      { right: 'owner', key: device('gift owner') },
    ]);
    await fixture.issue(series, ring.address, 4_000n);
    const { id, authorisation } = await fixture.message('gifts', ring.by(0), {
      giver: ring.address,
      receiver: ben.address,
      series,
      amount: 100n,
    });
    const byDevice = await fixture.submit('gifts', authorisation, ring.by(0).prove(id));
    expect(byDevice.body).toMatchObject({ code: 'owner_key_needed' });
    expect((await fixture.submit('gifts', authorisation, ring.by(1).prove(id))).status).toBe(202);
    await fixture.relay();
    expect(await fixture.decided('gifts', id)).toMatchObject({ state: 'final' });
  });
});
