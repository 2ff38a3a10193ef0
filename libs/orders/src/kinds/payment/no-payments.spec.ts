import { concat, Signature, toBeHex, type Wallet } from 'ethers';
import { vouchersDomain, type PaymentAuthorisation } from '#contracts';
import type { World } from '../../../../../test/support/world.js';
import { PaymentFixture } from '../../testing/payment-fixture.js';
import { signPayment } from '../../../../../test/support/signing.js';

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

describe('what is not a payment', () => {
  let good: { authorisation: PaymentAuthorisation; proof: string };

  beforeAll(async () => {
    const payer = await fixture.resident(1_000n);
    const { authorisation, signature } = await world.signPayment({
      payer,
      merchant: shop,
      series,
      amount: 1n,
    });
    good = { authorisation, proof: signature };
  });

  const changed = (change: Record<string, unknown>) => ({
    ...good,
    authorisation: { ...good.authorisation, ...change },
  });
  const table: readonly [string, () => unknown, string][] = [
    ['no authorisation', () => ({ proof: good.proof }), 'authorisation'],
    ['a list as authorisation', () => ({ ...good, authorisation: [] }), 'authorisation'],
    ['null as authorisation', () => ({ ...good, authorisation: null }), 'authorisation'],
    ['an unknown field', () => ({ ...good, fee: 1 }), 'fee'],
    ['an unknown field inside', () => changed({ fee: 1 }), 'authorisation.fee'],
    ['a negative amount', () => changed({ amount: '-1' }), 'authorisation.amount'],
    ['a fraction of a won', () => changed({ amount: 1.5 }), 'authorisation.amount'],
    ['an amount beyond the chain', () => changed({ amount: (2n ** 56n).toString() }), 'authorisation.amount'],
    ['an amount in words', () => changed({ amount: '1e3' }), 'authorisation.amount'],
    ['a short address', () => changed({ payer: '0x1234' }), 'authorisation.payer'],
    ['a wrong checksum', () => changed({ merchant: `0x${'aB'.repeat(20)}` }), 'authorisation.merchant'],
    ['a nonce beyond 32 bits', () => changed({ nonce: 2 ** 32 }), 'authorisation.nonce'],
    ['a negative series', () => changed({ series: -1 }), 'authorisation.series'],
    ['a deadline as a date', () => changed({ deadline: '2026-01-01' }), 'authorisation.deadline'],
    ['a short order', () => changed({ order: '0x00' }), 'authorisation.order'],
    ['a short signature', () => ({ ...good, proof: '0x1234' }), 'proof'],
    ['a signature that is no text', () => ({ ...good, proof: 5 }), 'proof'],
  ];

  it.each(table)('is refused with its field: %s', async (_name, body, field) => {
    const before = await fixture.countPayments();
    const answer = await fixture.api.post('/v1/payments', body());
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([expect.objectContaining({ field })]);
    expect(await fixture.countPayments()).toBe(before);
  });

  it('is refused when it is no JSON, and when an id or a filter is none', async () => {
    expect((await fixture.api.post('/v1/payments', '{"authorisation":')).body).toMatchObject({
      code: 'invalid_json',
    });
    expect((await fixture.api.get('/v1/payments/0x12')).status).toBe(400);
    expect((await fixture.api.get(`/v1/payments/0x${'00'.repeat(32)}`)).status).toBe(404);
    for (const query of [
      'merchant=x',
      'day=2026-02-30',
      'state=lost',
      'cursor=abc',
      'region=4x',
      'code=replayed',
    ]) {
      expect([query, (await fixture.api.get(`/v1/payments?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('is refused with a high s or a wrong v; a plain signature is as good as the encoded one', async () => {
    const payer = await fixture.resident(1_000n);
    const { authorisation, id } = await world.signPayment({ payer, merchant: shop, series, amount: 1n });
    const plain = await signPayment(payer, vouchersDomain(world.deployment), authorisation);
    const { r, s, yParity } = Signature.from(plain);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const highS = concat([r, toBeHex(order - BigInt(s), 32), yParity === 0 ? '0x1c' : '0x1b']);
    for (const proof of [highS, `${plain.slice(0, -2)}1d`, `0x02${plain.slice(4)}`]) {
      expect((await fixture.api.post('/v1/payments', { authorisation, proof })).body).toMatchObject({
        code: 'signature_invalid',
      });
    }
    const answer = await fixture.api.post('/v1/payments', { authorisation, proof: plain });
    expect([answer.status, answer.body.id, answer.body.series]).toEqual([202, id, [series]]);
  });
});
