import {
  cancellationTransfer,
  encodeCancel,
  encodeCancelAsMerchant,
  encodePay,
  merchantCancellationTransfer,
  paymentTransfer,
  storeTransfer,
  type Hex,
} from '#contracts';
import { differencesOf } from '../../../../../test/support/differences.js';
import { OrderFixture } from '../../../../../test/support/order-fixture.js';
import {
  device,
  passkey,
  ringAccount,
  wallet,
  type Person,
} from '../../../../../test/support/signing-keys.js';
import { CITY } from '../../../../../test/support/world.js';

const GIVEN = 5_000n;
const LEAD = 63;

let fixture: OrderFixture;
let series: number;
let shop: Hex;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  series = await fixture.world.publishSeries(CITY);
  shop = (await fixture.world.registerMerchant(CITY)).address.toLowerCase();
  await fixture.indexed();
});

afterEach(() => fixture?.hold());
afterAll(() => fixture?.close());

async function holder(name: string): Promise<Person> {
  const person = wallet(name);
  await fixture.issue(series, person.address, GIVEN);
  return person;
}

const pay = (by: Person, amount: bigint, nonce: number) =>
  fixture.message('payments', by, { payer: by.address, merchant: shop, amount, series: [series], nonce });
const cancel = (by: Person, nonce: number, count = 1, deadline?: number) =>
  fixture.order('cancellations', by, {
    ...{ account: by.address, series, nonce, count },
    ...(deadline === undefined ? {} : { deadline }),
  });

/** Anybody may submit what was signed. */
async function submitDirectly(data: Hex): Promise<void> {
  await fixture.world.send({ to: fixture.world.deployment.vouchers, data });
  await fixture.indexed();
}

describe('a cancellation', () => {
  it('takes away what was signed and not sent yet, and says so in its list', async () => {
    const ann = await holder('cancel unsent');
    const { id: payment, authorisation } = await pay(ann, 1_000n, 1);
    await fixture.relay();
    const { id, answer } = await cancel(ann, LEAD, LEAD);
    expect([answer.status, answer.body]).toEqual([
      202,
      expect.objectContaining({ state: 'accepted', account: ann.address, series, nonce: LEAD, count: LEAD }),
    ]);
    expect(answer.headers.get('location')).toBe(`/v1/cancellations/${id}`);
    const final = await fixture.decided('cancellations', id);
    expect(final).toMatchObject({ state: 'final', code: null, count: LEAD });
    expect(final).not.toHaveProperty('amount');
    const listed = await fixture.api.get(`/v1/cancellations?account=${ann.address}`);
    expect(listed.body).toEqual({ items: [final], next: null });
    const late = await fixture.submit('payments', authorisation, ann.prove(payment));
    expect([late.status, late.body.code]).toEqual([409, 'replayed']);
    const next = await pay(ann, GIVEN, LEAD + 1);
    expect((await fixture.submit('payments', next.authorisation, ann.prove(next.id))).status).toBe(202);
    expect(await fixture.decided('payments', next.id)).toMatchObject({ state: 'final' });
    expect(await differencesOf(fixture.world)).toEqual([]);
  });

  it('makes a payment that was promised end as refused, and frees what it had reserved', async () => {
    const ann = await holder('cancel promised');
    const payment = await pay(ann, GIVEN, 1);
    const submit = () => fixture.submit('payments', payment.authorisation, ann.prove(payment.id));
    expect((await submit()).status).toBe(202);
    const terms = { account: ann.address, series, nonce: 3, count: 3 };
    const cancelled = await fixture.message('cancellations', ann, terms);
    await submitDirectly(
      encodeCancel([storeTransfer(cancellationTransfer(cancelled.authorisation), ann.prove(cancelled.id))]),
    );
    await fixture.relay();
    // Its number is used up for ever, so that another one may be signed at once.
    expect(await fixture.decided('payments', payment.id)).toMatchObject({
      state: 'refused',
      code: 'replayed',
      next: { en: expect.not.stringContaining('can still settle') },
    });
    const again = await pay(ann, GIVEN, 4);
    expect((await fixture.submit('payments', again.authorisation, ann.prove(again.id))).status).toBe(202);
    expect(await fixture.decided('payments', again.id)).toMatchObject({ state: 'final' });
    expect(await differencesOf(fixture.world)).toEqual([]);
  });

  it('that loses the race says so, and the payment is final', async () => {
    const ann = await holder('cancel too late');
    const payment = await pay(ann, 1_000n, 1);
    const proof = ann.prove(payment.id);
    expect((await fixture.submit('payments', payment.authorisation, proof)).status).toBe(202);
    const { id, answer } = await cancel(ann, 1);
    expect(answer.status).toBe(202);
    await submitDirectly(encodePay([storeTransfer(paymentTransfer(payment.authorisation), proof)]));
    await fixture.relay();
    expect(await fixture.decided('cancellations', id)).toMatchObject({
      state: 'refused',
      code: 'nothing_to_cancel',
      expected: { nonce: 1, top: 1 },
      block: expect.anything(),
    });
    expect(await fixture.decided('payments', payment.id)).toMatchObject({ state: 'final' });
    const late = await cancel(ann, 1, 1, (await fixture.world.now()) + 60);
    expect([late.answer.status, late.answer.body]).toEqual([
      409,
      expect.objectContaining({ code: 'nothing_to_cancel', detail: expect.stringContaining('used before') }),
    ]);
  });

  it('is one at a time, and nothing is promised with a number that it takes away', async () => {
    const ann = await holder('cancel pending');
    expect((await cancel(ann, 5, 5)).answer.status).toBe(202);
    const second = await cancel(ann, 9, 4);
    expect([second.answer.status, second.answer.body.code]).toEqual([429, 'too_many_under_way']);
    const taken = await pay(ann, 100n, 5);
    expect((await fixture.submit('payments', taken.authorisation, ann.prove(taken.id))).body).toMatchObject({
      code: 'replayed',
      expected: { nonce: 5, top: 5 },
    });
    const free = await pay(ann, 100n, 6);
    expect((await fixture.submit('payments', free.authorisation, ann.prove(free.id))).status).toBe(202);
    await fixture.relay();
    expect(await fixture.decided('payments', free.id)).toMatchObject({ state: 'final' });
    await fixture.until('the second is taken', async () => (await cancel(ann, 9, 4)).answer.status === 202);
  });

  it('is refused to a device key, to strangers, to whoever never had anything, and too far ahead', async () => {
    const account = ringAccount(5_000n, [
      { right: 'device', key: device('cancel device') },
      { right: 'owner', key: passkey('cancel passkey') },
    ]);
    await fixture.issue(series, account.address, GIVEN);
    const byDevice = await cancel(account.by(0), 1);
    expect([byDevice.answer.status, byDevice.answer.body.code]).toEqual([403, 'owner_key_needed']);
    expect((await cancel(account.by(1), 1)).answer.status).toBe(202);
    const ann = await holder('cancel refused');
    const forged = await fixture.message('cancellations', ann, {
      account: ann.address,
      series,
      nonce: 1,
      count: 1,
    });
    expect(
      (await fixture.submit('cancellations', forged.authorisation, wallet('cancel forger').prove(forged.id)))
        .body,
    ).toMatchObject({ code: 'signature_invalid' });
    expect((await cancel(wallet('cancel stranger'), 1)).answer.body).toMatchObject({
      code: 'nothing_to_cancel',
    });
    expect((await cancel(ann, LEAD + 1)).answer.body).toMatchObject({
      code: 'replayed',
      detail: expect.stringContaining('too far ahead'),
    });
    expect((await cancel(ann, 1, 2)).answer.body).toMatchObject({ code: 'replayed' });
    expect((await cancel(ann, 1, 0)).answer.body).toMatchObject({ code: 'amount_zero' });
  });

  it('lets a payer who was refused for a passing reason sign again at once, and pay once', async () => {
    const ann = await holder('cancel paid twice');
    const first = await pay(ann, 2_000n, 1);
    const proof = ann.prove(first.id);
    expect((await fixture.submit('payments', first.authorisation, proof)).status).toBe(202);
    const until = (await fixture.world.now()) + 3_600;
    await fixture.world.executeAct('pause_series', { authority: CITY, series, until });
    await fixture.relay();
    expect(await fixture.decided('payments', first.id)).toMatchObject({
      state: 'refused',
      code: 'series_paused',
      next: { en: expect.stringContaining('/v1/cancellations'), ko: expect.stringContaining('철회') },
    });
    const { id } = await cancel(ann, 1);
    expect(await fixture.decided('cancellations', id)).toMatchObject({ state: 'final' });
    await fixture.world.executeAct('pause_series', { authority: CITY, series, until: 0 });
    await fixture.indexed();
    // An onlooker has the first bytes.
    await submitDirectly(encodePay([storeTransfer(paymentTransfer(first.authorisation), proof)]));
    const second = await pay(ann, 2_000n, 2);
    expect((await fixture.submit('payments', second.authorisation, ann.prove(second.id))).status).toBe(202);
    expect(await fixture.decided('payments', second.id)).toMatchObject({ state: 'final' });
    expect(await fixture.balance(series, ann.address)).toBe(GIVEN - 2_000n);
    expect(await differencesOf(fixture.world)).toEqual([]);
  });
});

describe('a cancellation of a merchant', () => {
  it('ends a redemption that was promised, in its own window alone', async () => {
    const till = wallet('cancel till');
    const entries = [{ merchant: till.address, region: CITY, category: 1, size: 0 }];
    await fixture.world.executeAct('set_merchants', { authority: CITY, entries });
    const payer = await holder('cancel till payer');
    await fixture.relay();
    const paid = await fixture.order('payments', payer, {
      payer: payer.address,
      merchant: till.address,
      amount: GIVEN,
      series: [series],
    });
    expect(await fixture.decided('payments', paid.id)).toMatchObject({ state: 'final' });
    await fixture.hold();
    const redeem = (amount: bigint, nonce: number) =>
      fixture.order('redemptions', till, { merchant: till.address, series, amount, nonce });
    const promised = await redeem(GIVEN, 1);
    expect(promised.answer.status).toBe(202);
    const terms = { merchant: till.address, series, nonce: 2, count: 2 };
    const cancelled = await fixture.message('merchant-cancellations', till, terms);
    const proof = till.prove(cancelled.id);
    await submitDirectly(
      encodeCancelAsMerchant([storeTransfer(merchantCancellationTransfer(cancelled.authorisation), proof)]),
    );
    await fixture.relay();
    expect(await fixture.decided('redemptions', promised.id)).toMatchObject({
      state: 'refused',
      code: 'replayed',
    });
    expect(await fixture.decided('merchant-cancellations', cancelled.id)).toMatchObject({
      state: 'final',
      merchant: till.address,
      count: 2,
    });
    const own = await fixture.order('merchant-cancellations', till, { ...terms, nonce: 4 });
    expect(await fixture.decided('merchant-cancellations', own.id)).toMatchObject({ state: 'final' });
    const again = await redeem(GIVEN, 5);
    expect(await fixture.decided('redemptions', again.id)).toMatchObject({ state: 'final' });
    expect(await differencesOf(fixture.world)).toEqual([]);
  });
});
