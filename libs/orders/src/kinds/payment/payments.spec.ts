import type { Wallet } from 'ethers';
import {
  encodePreviewPayments,
  refusalOfItem,
  vouchersInterface,
  type PaymentAuthorisation,
} from '#contracts';
import { categorySet, packScopeRule, refusalArgs } from '#domain';
import { OrdersModule } from '#orders';
import { startTestApi, toJson } from '../../../../../test/support/api.js';
import {
  CITY,
  PROVINCE,
  type PaymentRequest,
  type Signed,
  type World,
} from '../../../../../test/support/world.js';
import { PaymentFixture } from '../../testing/payment-fixture.js';

const DAY_SECONDS = 86_400;

let fixture: PaymentFixture;
let world: World;
let series: number;
let shop: Wallet;

beforeAll(async () => {
  fixture = await PaymentFixture.create();
  ({ world, series, shop } = fixture);
});

afterAll(async () => {
  await fixture?.close();
});

describe('a payment on acceptance', () => {
  it('is accepted, stored with its outbox row, and its state is returned to whoever asks', async () => {
    const payer = await fixture.resident(50_000n);
    const { signed, answer } = await fixture.pay({ payer, amount: 12_000n });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/payments/${signed.id}`);
    expect(answer.body).toMatchObject({
      id: signed.id,
      state: 'accepted',
      code: null,
      amount: '12000',
      payer: payer.address.toLowerCase(),
      merchant: shop.address.toLowerCase(),
      block: null,
    });
    expect((await fixture.stateOf(signed.id)).body).toEqual(answer.body);
    const rows = await world.db.query(`SELECT kind, payload FROM app.outbox WHERE id = $1`, [
      Buffer.from(signed.id.slice(2), 'hex'),
    ]);
    expect(rows).toEqual([{ kind: 'payment', payload: Buffer.from(signed.packed) }]);
    const listed = await fixture.api.get(`/v1/payments?state=accepted&payer=${payer.address}`);
    expect(listed.body).toEqual({ items: [answer.body], next: null });
  });

  it('gets the same answer for the same authorisation, also when it comes many times at once', async () => {
    const payer = await fixture.resident(50_000n);
    const signed = await world.signPayment({ payer, merchant: shop, series, amount: 30_000n });
    const answers = await Promise.all(Array.from({ length: 20 }, () => fixture.submit(signed)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => toJson(body))).size).toBe(1);
    expect((await fixture.submit(signed)).body).toEqual(answers[0]?.body);
    const { signed: other, answer } = await fixture.pay({ payer, amount: 20_001n });
    expect(answer.body).toMatchObject({ code: 'insufficient_balance', expected: { balance: '20000' } });
    expect((await fixture.submit(other)).body).toMatchObject({ code: 'insufficient_balance' });
  });

  it('never promises more than there is, however many come at once', async () => {
    const payer = await fixture.resident(10_000n);
    const requests = await Promise.all(
      Array.from({ length: 50 }, () => world.signPayment({ payer, merchant: shop, series, amount: 1_000n })),
    );
    const answers = await Promise.all(requests.map((signed) => fixture.submit(signed)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
    expect(answers.filter(({ body }) => body.code === 'insufficient_balance')).toHaveLength(40);
  });

  it('sends away what is too much, at once and with nothing done; it is taken when it comes again', async () => {
    const { databaseUrl, db } = world;
    const api = await startTestApi(databaseUrl, [OrdersModule.forRoot({ databaseUrl, queueMax: 3 })]);
    try {
      const payer = await fixture.resident(50_000n);
      const requests = await Promise.all(
        Array.from({ length: 30 }, () =>
          world.signPayment({ payer, merchant: shop, series, amount: 1_000n }),
        ),
      );
      const submit = ({ authorisation, signature }: Signed<PaymentAuthorisation>) =>
        api.post('/v1/payments', { authorisation, proof: signature });
      const answers = await db.transaction(async (tx) => {
        // Nothing can be decided while somebody else holds the table.
        await tx.query('LOCK TABLE app.signed_order IN ACCESS EXCLUSIVE MODE');
        const all = requests.map(async (request) => ({ request, answer: await submit(request) }));
        const refused = await Promise.any(
          all.map(async (one) =>
            (await one).answer.status === 429 ? one : Promise.reject(new Error('taken')),
          ),
        );
        expect(refused.answer.body).toMatchObject({ code: 'rate_limited' });
        expect(refused.answer.headers.get('retry-after')).toBe('1');
        return all;
      });
      const decided = await Promise.all(answers);
      const away = decided.filter(({ answer }) => answer.status === 429);
      expect(away.length).toBeGreaterThan(0);
      expect(decided.every(({ answer }) => answer.status === 429 || answer.status === 202)).toBe(true);
      for (const { request } of away) {
        expect((await fixture.stateOf(request.id)).status).toBe(404);
        expect((await submit(request)).status).toBe(202);
      }
    } finally {
      await api.close();
    }
  });

  it('keeps that promise when two processes take payments', async () => {
    const { databaseUrl } = world;
    const other = await startTestApi(databaseUrl, [OrdersModule.forRoot({ databaseUrl })]);
    try {
      const payer = await fixture.resident(10_000n);
      const requests = await Promise.all(
        Array.from({ length: 40 }, () =>
          world.signPayment({ payer, merchant: shop, series, amount: 1_000n }),
        ),
      );
      const answers = await Promise.all(
        requests.map(({ authorisation, signature }, index) =>
          (index % 2 === 0 ? fixture.api : other).post('/v1/payments', { authorisation, proof: signature }),
        ),
      );
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
      expect(answers.filter(({ body }) => body.code === 'insufficient_balance')).toHaveLength(30);
    } finally {
      await other.close();
    }
  });

  it('refuses a second payment with a nonce that an accepted one has taken', async () => {
    const payer = await fixture.resident(10_000n);
    expect((await fixture.pay({ payer, amount: 1_000n, nonce: 7 })).answer.status).toBe(202);
    expect((await fixture.pay({ payer, amount: 2_000n, nonce: 7 })).answer.body).toMatchObject({
      code: 'replayed',
      expected: { nonce: 7, top: 7 },
    });
    expect((await fixture.pay({ payer, amount: 2_000n, nonce: 6 })).answer.status).toBe(202);
  });

  it('keeps a refusal, so that the same authorisation is refused the same way as long as its reason lasts', async () => {
    const payer = await fixture.resident(5_000n);
    const { signed, answer } = await fixture.pay({ payer, amount: 9_000n });
    expect(answer.body).toMatchObject({ code: 'insufficient_balance' });
    const again = await fixture.submit(signed);
    expect({ ...again.body, requestId: '' }).toEqual({ ...answer.body, requestId: '' });
    expect((await fixture.stateOf(signed.id)).body).toMatchObject({
      state: 'refused',
      code: 'insufficient_balance',
      expected: { balance: '5000', amount: '9000' },
      block: null,
    });
    const listed = await fixture.api.get(
      `/v1/payments?state=refused&payer=${payer.address}&code=insufficient_balance`,
    );
    expect(listed.body).toMatchObject({ items: [{ id: signed.id }], next: null });
    await world.issueTo(series, [{ account: payer, amount: 50_000n }]);
    await world.index();
    expect((await fixture.submit(signed)).body).toMatchObject({ state: 'accepted', code: null });
  });

  it('stores nothing for strangers', async () => {
    const before = await fixture.countPayments();
    const stranger = world.wallet('stranger');
    expect((await fixture.pay({ payer: stranger, amount: 1n })).answer.body).toMatchObject({
      code: 'insufficient_balance',
    });
    const payer = await fixture.resident(1_000n);
    const forged = await fixture.pay({ payer, amount: 1n, signer: stranger });
    expect(forged.answer.status).toBe(422);
    expect(forged.answer.body).toMatchObject({ code: 'signature_invalid' });
    expect((await fixture.stateOf(forged.signed.id)).status).toBe(404);
    expect(await fixture.countPayments()).toBe(before);
  });
});

describe('a payment that the contract would refuse', () => {
  let payer: Wallet;
  let capped: number;
  let narrow: number;

  beforeAll(async () => {
    capped = await world.publishSeries(CITY, { paymentCap: 20_000n, dailyCaps: [30_000n, 30_000n, 30_000n] });
    narrow = await world.publishSeries(CITY, {
      rules: [packScopeRule({ area: CITY, categories: categorySet([3]), maxSize: 1 })],
    });
    payer = await fixture.resident(100_000n);
    await world.issueTo(capped, [{ account: payer, amount: 100_000n }]);
    await world.issueTo(narrow, [{ account: payer, amount: 100_000n }]);
    await world.index();
  });

  /** What the contract says about a payment if it came now. */
  async function previewOf({ packed }: Signed<PaymentAuthorisation>) {
    const data = encodePreviewPayments([packed]);
    const answer = await world.chain.call(world.deployment.vouchers, data);
    const [outcomes] = vouchersInterface.decodeFunctionResult('previewPayments', answer).toArray();
    const [first] = outcomes as { code: bigint; a: bigint; b: bigint }[];
    if (first === undefined) throw new Error('no outcome');
    const code = refusalOfItem(Number(first.code));
    return { code, expected: code === null ? {} : refusalArgs(code, [first.a, first.b]) };
  }

  /**
   * Refused with this code and these values, and by the contract with the same ones. `doorAlone`: the contract would
   * not refuse it yet (reserved value, a deadline too near).
   */
  async function expectRefusal(
    request: Partial<PaymentRequest>,
    code: string,
    expected: Record<string, unknown> = {},
    doorAlone = false,
  ): Promise<void> {
    const { answer, signed } = await fixture.pay({ payer, amount: 1_000n, ...request });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect([answer.body.code, answer.body.expected ?? {}]).toEqual([code, expect.objectContaining(expected)]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    if (doorAlone) return;
    const preview = await previewOf(signed);
    expect(preview.code).toBe(code);
    // The two clocks differ by a moment.
    if (code !== 'deadline_passed') expect(preview.expected).toEqual(answer.body.expected ?? {});
  }

  it('is refused with amount, series and payee', async () => {
    await expectRefusal({ amount: 0n }, 'amount_zero');
    await expectRefusal({ series: 4_000_000_000 }, 'series_unknown', { series: 4_000_000_000 });
    await expectRefusal({ merchant: payer }, 'self_payment');
    await expectRefusal({ merchant: world.wallet() }, 'merchant_unknown');
  });

  it('is refused with the deadline, also one that it could not meet', async () => {
    const now = Math.floor(Date.now() / 1000);
    await expectRefusal({ deadline: now - 10 }, 'deadline_passed');
    await expectRefusal({ deadline: now + 1 }, 'deadline_passed', {}, true);
  });

  it('is refused with nonces out of reach', async () => {
    await expectRefusal({ nonce: 2_000_000 }, 'replayed', { nonce: 2_000_000, top: 0 });
    await expectRefusal({ nonce: 1, amount: 200_000n }, 'insufficient_balance');
  });

  it('is refused with the caps with what is left of them', async () => {
    await expectRefusal({ series: capped, amount: 20_001n }, 'payment_cap_exceeded', {
      cap: '20000',
      amount: '20001',
    });
    expect((await fixture.pay({ payer, series: capped, amount: 18_000n })).answer.status).toBe(202);
    await expectRefusal(
      { series: capped, amount: 12_001n },
      'daily_cap_exceeded',
      { left: '12000', amount: '12001' },
      true,
    );
    expect((await fixture.pay({ payer, series: capped, amount: 12_000n })).answer.status).toBe(202);
  });

  it('is refused with region, category and size', async () => {
    const elsewhere = world.wallet('merchant');
    await world.executeAct('set_merchants', {
      authority: PROVINCE,
      entries: [{ merchant: elsewhere.address.toLowerCase(), region: '47111', category: 3, size: 0 }],
    });
    const large = await world.registerMerchant(CITY, 3, 2);
    await world.index();
    await expectRefusal({ series: narrow, merchant: elsewhere }, 'wrong_region', {
      merchant_region: '47111',
      allowed_region: CITY,
    });
    await expectRefusal({ series: narrow }, 'wrong_category');
    await expectRefusal({ series: narrow, merchant: large }, 'merchant_too_large', { size: 2, max_size: 1 });
  });

  it('is refused with a merchant that is suspended', async () => {
    const suspended = await world.registerMerchant(CITY);
    const merchants = [suspended.address.toLowerCase()];
    await world.executeAct('set_merchant_status', { authority: CITY, merchants, status: 2 });
    await world.index();
    await expectRefusal({ merchant: suspended }, 'merchant_not_active', { status: 'suspended' });
  });

  it('is refused with validity and pause', async () => {
    const now = await world.now();
    const later = await world.publishSeries(CITY, { validFrom: now + DAY_SECONDS });
    const over = await world.publishSeries(CITY, { validFrom: now - DAY_SECONDS, validUntil: now + 600 });
    const paused = await world.publishSeries(CITY);
    await world.executeAct('pause_series', { authority: CITY, series: paused, until: now + DAY_SECONDS });
    await world.index();
    await expectRefusal({ series: later }, 'not_yet_valid');
    await expectRefusal({ series: paused }, 'series_paused');
    await world.db.query('UPDATE chain.series_version SET valid_until = $2 WHERE series = $1', [
      over,
      now - 60,
    ]);
    await expectRefusal({ series: over }, 'expired', {}, true);
  });

  it('is refused with a frozen account', async () => {
    const frozen = await fixture.resident(1_000n);
    const account = frozen.address.toLowerCase();
    await world.executeAct('attest_accounts', {
      authority: CITY,
      entries: [{ account, home: CITY, tier: 1, company: false }],
    });
    await world.executeAct('freeze_accounts', {
      authority: CITY,
      accounts: [account],
      until: (await world.now()) + 86_400,
    });
    await world.index();
    await expectRefusal({ payer: frozen }, 'account_frozen');
  });

  it('is refused in the language of the caller', async () => {
    const signed = await world.signPayment({ payer, merchant: shop, series, amount: 9_000_000n });
    expect((await fixture.submit(signed, 'ko')).body).toMatchObject({ title: '잔액이 부족합니다.' });
    expect((await fixture.submit(signed, 'en')).body).toMatchObject({
      title: 'The balance is not sufficient.',
    });
  });
});
