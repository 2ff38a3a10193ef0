import type { Hex } from '#contracts';
import { NONCE_JUMP_MAX, refusal } from '#domain';
import { addressOf } from '../../../../test/support/keys.js';
import { OrderFixture } from '../../../../test/support/order-fixture.js';
import { wallet } from '../../../../test/support/signing-keys.js';
import { CITY } from '../../../../test/support/world.js';

/** The contract takes a nonce that is less than this behind the highest one used. */
const WINDOW = 64;
const FLAG_GIFT = 1;

let fixture: OrderFixture;
let series: number;
let shop: Hex;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  series = await fixture.world.publishSeries(CITY, { flags: FLAG_GIFT });
  shop = addressOf(await fixture.world.registerMerchant(CITY));
});

afterAll(() => fixture?.close());

const order = (payer: Hex) => ({ payer, merchant: shop, series: [series] });

describe('somebody with many orders under way', () => {
  it('is promised none that could make an earlier promise too late; it is taken when that one is final', async () => {
    const payer = wallet('under way payer');
    const receiver = wallet('under way receiver').address;
    await fixture.issue(series, payer.address, 1_000_000n);
    const pay = (nonce: number) =>
      fixture.order('payments', payer, { ...order(payer.address), amount: 100n, nonce });
    const gift = { giver: payer.address, receiver, amount: 100n, series, nonce: WINDOW };
    const next = await fixture.message('payments', payer, {
      ...order(payer.address),
      amount: 100n,
      nonce: WINDOW,
    });
    const submitNext = () => fixture.submit('payments', next.authorisation, payer.prove(next.id));

    const lowest = await pay(1);
    const highest = await pay(WINDOW - 1);
    expect([lowest.answer.status, highest.answer.status]).toEqual([202, 202]);
    const early = [
      await submitNext(),
      (await fixture.order('gifts', payer, gift)).answer,
      (await pay(2 * (WINDOW - 1))).answer,
    ];
    for (const { status, body, headers } of early) {
      expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'too_many_under_way', '1']);
    }
    expect((await fixture.stateOf('payments', next.id)).status).toBe(404);
    // Neither now nor when all of these are settled.
    expect((await pay(2 * WINDOW - 1)).answer.body).toMatchObject({ code: 'replayed' });
    // Between them there is room.
    const between = await pay(20);
    expect(between.answer.status).toBe(202);

    await fixture.relay();
    for (const { id } of [lowest, highest, between])
      expect(await fixture.decided('payments', id)).toMatchObject({ state: 'final' });
    expect((await submitNext()).status).toBe(202);
    expect(await fixture.decided('payments', next.id)).toMatchObject({ state: 'final' });
    await fixture.hold();
  });

  it('waits as well where an old number is under way, which the new one would push out of the window', async () => {
    const payer = wallet('under way old');
    await fixture.issue(series, payer.address, 1_000n);
    const pay = (nonce: number) =>
      fixture.order('payments', payer, { ...order(payer.address), amount: 100n, nonce });
    await fixture.relay();
    const top = await pay(40);
    expect(await fixture.decided('payments', top.id)).toMatchObject({ state: 'final' });
    await fixture.hold();
    const old = await pay(10);
    const early = await pay(10 + WINDOW);
    const fits = await pay(10 + WINDOW - 1);
    expect([old, early, fits].map(({ answer }) => answer.status)).toEqual([202, 429, 202]);
    await fixture.relay();
    for (const { id } of [old, fits])
      expect(await fixture.decided('payments', id)).toMatchObject({ state: 'final' });
    await fixture.hold();
  });

  it('hears at once of a number that is too far ahead of all of them: it would not do later either', async () => {
    const payer = wallet('under way far');
    await fixture.issue(series, payer.address, 1_000n);
    const terms = { ...order(payer.address), amount: 100n };
    expect((await fixture.order('payments', payer, { ...terms, nonce: 7 })).answer.status).toBe(202);
    const far = await fixture.order('payments', payer, { ...terms, nonce: 7 + NONCE_JUMP_MAX + 1 });
    expect([far.answer.status, far.answer.body]).toEqual([
      409,
      expect.objectContaining({ code: 'replayed', detail: expect.stringContaining('too far ahead') }),
    ]);
    const farthest = await fixture.order('payments', payer, { ...terms, nonce: 7 + NONCE_JUMP_MAX });
    expect(farthest.answer.body).toMatchObject({ code: 'too_many_under_way' });
  });

  it('hears of what refuses it for good once it is its turn, and a forger hears nothing else before', async () => {
    const payer = wallet('under way second');
    await fixture.issue(series, payer.address, 1_000n);
    const terms = { ...order(payer.address), amount: 900n };
    const first = await fixture.order('payments', payer, { ...terms, nonce: 1 });
    expect(first.answer.status).toBe(202);
    const far = { ...terms, nonce: WINDOW };
    expect((await fixture.order('payments', payer, far)).answer.body).toMatchObject({
      code: 'too_many_under_way',
    });
    const forged = await fixture.order('payments', wallet('under way forger'), far);
    expect(forged.answer.body).toMatchObject({ code: 'signature_invalid' });
    await fixture.relay();
    expect(await fixture.decided('payments', first.id)).toMatchObject({ state: 'final' });
    expect((await fixture.order('payments', payer, far)).answer.body).toMatchObject({
      code: 'insufficient_balance',
    });
  });

  it('reads in both languages that the same order will do later', () => {
    const { ko, en } = refusal('too_many_under_way');
    expect(ko.next).toContain('그대로 다시');
    expect(en.next).toContain('same order again');
  });
});
