import { encodeChangeKeys, encodePay, keyChangeDigest, packPayment, type Hex } from '#contracts';
import { OrdersModule } from '#orders';
import {
  device,
  passkey,
  ringAccount,
  wallet,
  type Person,
} from '../../../../../test/support/signing-keys.js';
import { differencesOf } from '../../../../../test/support/differences.js';
import { startTestApi } from '../../../../../test/support/api.js';
import { CITY } from '../../../../../test/support/world.js';
import { OrderFixture } from '../../../../../test/support/order-fixture.js';

const YEAR_SECONDS = 365 * 86_400;
const LIMIT = 10_000n;

let fixture: OrderFixture;
let shop: Hex;
/** Ends first, and second. */
let [early, late] = [0, 0];

beforeAll(async () => {
  fixture = await OrderFixture.create();
  const { world } = fixture;
  const now = await world.now();
  early = await world.publishSeries(CITY, { validUntil: now + YEAR_SECONDS });
  late = await world.publishSeries(CITY, { validUntil: now + 2 * YEAR_SECONDS });
  shop = (await world.registerMerchant(CITY)).address.toLowerCase();
  await fixture.indexed();
});

afterEach(async () => {
  await fixture?.hold();
});

afterAll(async () => {
  await fixture?.close();
});

const pay = (by: Person, amount: bigint, series: readonly number[] = [early], nonce?: number) =>
  fixture.order('payments', by, { payer: by.address, merchant: shop, amount, series, nonce });

describe('a payment from several series', () => {
  it('takes what it can from the first, the rest from the next, and says so once it is final', async () => {
    const payer = wallet('several 1');
    await fixture.issue(early, payer.address, 3_000n);
    await fixture.issue(late, payer.address, 5_000n);
    const { id, answer } = await pay(payer, 6_000n, [early, late]);
    expect([answer.status, answer.body.series, answer.body.parts]).toEqual([202, [early, late], null]);
    await fixture.relay();
    const final = await fixture.decided('payments', id);
    expect(final).toMatchObject({
      state: 'final',
      amount: '6000',
      series: [early, late],
      parts: [
        { series: early, amount: '3000' },
        { series: late, amount: '3000' },
      ],
    });
    expect(await fixture.balance(late, payer.address)).toBe(2_000n);
    for (const query of ['', `&series=${early}`, `&series=${late}`]) {
      const listed = await fixture.api.get(`/v1/payments?payer=${payer.address}${query}`);
      expect(listed.body).toEqual({ items: [final], next: null });
    }
  });

  it('reserves in each of them what the contract will take, whatever is listed next', async () => {
    const payer = wallet('several 2');
    await fixture.issue(early, payer.address, 3_000n);
    await fixture.issue(late, payer.address, 5_000n);
    const first = await pay(payer, 6_000n, [early, late]);
    expect(first.answer.status).toBe(202);
    expect((await pay(payer, 1n, [early], 2)).answer.body).toMatchObject({
      code: 'insufficient_balance',
      expected: { balance: '0' },
    });
    expect((await pay(payer, 2_001n, [late])).answer.body).toMatchObject({
      code: 'insufficient_balance',
      expected: { balance: '2000', amount: '2001' },
    });
    const second = await pay(payer, 2_000n, [late]);
    expect(second.answer.status).toBe(202);
    await fixture.relay();
    for (const { id } of [first, second]) {
      expect(await fixture.decided('payments', id)).toMatchObject({ state: 'final' });
    }
    expect(await fixture.balance(late, payer.address)).toBe(0n);
  });

  it('of which the first is empty says to leave that one out, now and when it is asked for, and is paid without it', async () => {
    const payer = wallet('several empty');
    await fixture.issue(early, payer.address, 1n);
    await fixture.issue(late, payer.address, 5_000n);
    await fixture.relay();
    const spent = await pay(payer, 1n, [early], 1);
    expect(await fixture.decided('payments', spent.id)).toMatchObject({ state: 'final' });
    await fixture.hold();
    const order = { payer: payer.address, merchant: shop, amount: 3_000n, series: [early, late], nonce: 2 };
    const { id, authorisation } = await fixture.message('payments', payer, order);
    const answer = await fixture.submit('payments', authorisation, payer.prove(id));
    expect([answer.status, answer.body]).toEqual([
      422,
      expect.objectContaining({
        code: 'insufficient_balance',
        next: expect.stringMatching(new RegExp(`^Series ${early}, .* Leave it out`)),
      }),
    ]);
    expect((await fixture.stateOf('payments', id)).body['next']).toEqual({
      ko: expect.stringContaining(`${early}번`),
      en: answer.body['next'],
    });
    // One that is empty alone has nothing to be left out.
    const alone = await pay(payer, 1n, [early], 2);
    expect(alone.answer.body['next']).not.toContain('Leave it out');
    expect((await pay(payer, 3_000n, [late], 1)).answer.status).toBe(202);
  });

  it('names its series as a list, as the description of the API has it', async () => {
    const payer = wallet('several plain');
    const order = { payer: payer.address, merchant: shop, amount: 1n, series: [late] };
    const { id, authorisation } = await fixture.message('payments', payer, order);
    const plain = await fixture.submit(
      'payments',
      { ...authorisation, series: late } as never,
      payer.prove(id),
    );
    expect([plain.status, plain.body.errors]).toEqual([
      400,
      [expect.objectContaining({ field: 'authorisation.series' })],
    ]);
  });

  it('is refused in another order than that of their ends', async () => {
    const payer = wallet('several 3');
    await fixture.issue(late, payer.address, 5_000n);
    expect((await pay(payer, 1n, [late, early])).answer.body).toMatchObject({
      code: 'series_order',
      expected: { series: early },
    });
    const nine = await pay(payer, 1n, [late, early]).then(({ answer }) => answer.status);
    expect(nine).toBe(422);
    const { authorisation } = await fixture.message('payments', payer, {
      payer: payer.address,
      merchant: shop,
      amount: 1n,
      series: [late],
    });
    const tooMany = { ...authorisation, series: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    expect((await fixture.submit('payments', tooMany, `0x${'01'.repeat(65)}`)).body.errors).toEqual([
      expect.objectContaining({ field: 'authorisation.series' }),
    ]);
  });
});

describe('a payment by a key of a ring', () => {
  const members = (name: string) => [
    { right: 'device' as const, key: device(`${name} device`) },
    { right: 'owner' as const, key: passkey(`${name} passkey`) },
  ];

  it('settles by device up to the daily limit, and above it by passkey: the same order', async () => {
    const account = ringAccount(LIMIT, members('limit'));
    const [phone, person] = [account.by(0), account.by(1)];
    await fixture.issue(early, account.address, 100_000n);
    const first = await pay(phone, 6_000n);
    expect(first.answer.status).toBe(202);
    const above = await fixture.message('payments', phone, {
      payer: account.address,
      merchant: shop,
      amount: 5_000n,
      series: [early],
    });
    const refused = await fixture.submit('payments', above.authorisation, phone.prove(above.id));
    expect(refused.body).toMatchObject({
      code: 'device_limit_exceeded',
      expected: { left: '4000', amount: '5000' },
    });
    const taken = await fixture.submit('payments', above.authorisation, person.prove(above.id));
    expect([taken.status, taken.body.id]).toEqual([202, above.id]);
    await fixture.relay();
    for (const id of [first.id, above.id]) {
      expect(await fixture.decided('payments', id)).toMatchObject({ state: 'final' });
    }
    expect((await pay(phone, 4_001n)).answer.body).toMatchObject({
      code: 'device_limit_exceeded',
      expected: { left: '4000' },
    });
    const last = await pay(phone, 4_000n);
    expect(await fixture.decided('payments', last.id)).toMatchObject({ state: 'final' });
    expect((await pay(phone, 1n)).answer.body).toMatchObject({ expected: { left: '0' } });
    expect(await differencesOf(fixture.world)).toEqual([]);
  });

  it('never promises more than the limit, however many come at once, and counts what came without us', async () => {
    const account = ringAccount(LIMIT, members('at once'));
    const phone = account.by(0);
    await fixture.issue(early, account.address, 100_000n);
    const direct = await fixture.message('payments', phone, {
      payer: account.address,
      merchant: shop,
      amount: 3_000n,
      series: [early],
    });
    const items = [packPayment(direct.authorisation, phone.prove(direct.id))];
    await fixture.world.send({ to: fixture.world.deployment.vouchers, data: encodePay(items) });
    await fixture.indexed();
    const all = await Promise.all(
      Array.from({ length: 12 }, (_unused, at) => pay(phone, 1_000n, [early], 2 + at)),
    );
    expect(all.filter(({ answer }) => answer.status === 202)).toHaveLength(7);
    await fixture.relay();
    for (const { id, answer } of all) {
      if (answer.status === 202)
        expect(await fixture.decided('payments', id)).toMatchObject({ state: 'final' });
      else expect(answer.body).toMatchObject({ code: 'device_limit_exceeded' });
    }
  });

  it('follows a change of keys', async () => {
    const founding = wallet('rekeyed');
    await fixture.issue(early, founding.address, 10_000n);
    const next = ringAccount(LIMIT, members('rekeyed'), founding.address);
    const deadline = (await fixture.world.now()) + 600;
    const change = { account: founding.address, keys: next.ring, change: 1, deadline };
    const proof = founding.prove(keyChangeDigest(fixture.domain, change));
    const data = encodeChangeKeys(founding.address, next.ring, deadline, proof);
    await fixture.world.send({ to: fixture.world.deployment.vouchers, data });
    await fixture.indexed();
    expect((await pay(founding, 1_000n)).answer.body).toMatchObject({ code: 'signature_invalid' });
    const accepted = [await pay(next.by(0), 1_000n, [early], 1), await pay(next.by(1), 2_000n, [early], 2)];
    await fixture.relay();
    for (const { id, answer } of accepted) {
      expect(answer.status).toBe(202);
      expect(await fixture.decided('payments', id)).toMatchObject({ state: 'final' });
    }
  });

  it('of somebody else is refused, and a device needs no node to be promised what it may move', async () => {
    const account = ringAccount(LIMIT, members('no node'));
    await fixture.issue(early, account.address, 10_000n);
    const other = ringAccount(LIMIT, members('stranger'), account.address);
    expect((await pay(other.by(0), 1n)).answer.body).toMatchObject({ code: 'signature_invalid' });
    const { databaseUrl } = fixture.world;
    const api = await startTestApi(databaseUrl, [OrdersModule.forRoot({ databaseUrl })]);
    try {
      const wanted = { payer: account.address, merchant: shop, amount: 1n, series: [early], nonce: 9 };
      const { id, authorisation } = await fixture.message('payments', account.by(0), wanted);
      const post = (by: Person) => api.post('/v1/payments', { authorisation, proof: by.prove(id) });
      expect((await post(account.by(0))).status).toBe(202);
    } finally {
      await api.close();
    }
  });
});
