import * as fc from 'fast-check';
import { koreanDayIndex } from './calendar.js';
import { ALL_CATEGORIES } from './category.js';
import { dailyCapLeft, explainPayment } from './payment-rules.js';
import type { PaymentInput } from './payment-rules.js';
import { packRegion } from './region.js';

const NOW = 1_780_000_000;

const GOOD = {
  payer: '0x00000000000000000000000000000000000000A1',
  payee: '0x00000000000000000000000000000000000000b2',
  seriesId: 7n,
  amount: 10_000n,
  nonce: 12,
  deadline: NOW,
  now: NOW,
  payerFrozen: false,
  series: {
    validFrom: NOW,
    validUntil: NOW + 1,
    pausedUntil: NOW,
    paymentCap: 10_000n,
    dailyCap: 30_000n,
    rules: [{ area: '47130', categories: ALL_CATEGORIES, maxSize: 4 }],
  },
  merchant: { region: '47130104', category: 0, size: 4, status: 1 },
  holding: {
    balance: 10_000n,
    window: { top: 11, bitmap: 1n },
    day: koreanDayIndex(NOW),
    spentToday: 20_000n,
  },
} satisfies PaymentInput;

/** Each spoils the good payment in one way, in the order of the contract's checks. */
const SPOILERS: readonly (readonly [
  code: string,
  spoil: (input: PaymentInput) => PaymentInput,
  a: bigint,
  b: bigint,
])[] = [
  ['amount_zero', (i) => ({ ...i, amount: 0n }), 0n, 0n],
  ['deadline_passed', (i) => ({ ...i, deadline: NOW - 1 }), BigInt(NOW - 1), BigInt(NOW)],
  ['series_unknown', (i) => ({ ...i, series: undefined }), 7n, 0n],
  ['signature_invalid', (i) => ({ ...i, signatureValid: false }), 0n, 0n],
  ['account_frozen', (i) => ({ ...i, payerFrozen: true }), 0n, 0n],
  ['self_payment', (i) => ({ ...i, payee: i.payer.toLowerCase() }), 0n, 0n],
  ['replayed', (i) => ({ ...i, nonce: 11 }), 11n, 11n],
  ['series_paused', (i) => onSeries(i, { pausedUntil: NOW + 60 }), BigInt(NOW + 60), 0n],
  ['not_yet_valid', (i) => onSeries(i, { validFrom: NOW + 1 }), BigInt(NOW + 1), 0n],
  ['expired', (i) => onSeries(i, { validUntil: NOW }), BigInt(NOW), 0n],
  ['merchant_unknown', (i) => ({ ...i, merchant: undefined }), 0n, 0n],
  ['merchant_not_active', (i) => onMerchant(i, { status: 2 }), 2n, 0n],
  ['wrong_region', (i) => onMerchant(i, { region: '47110' }), packRegion('47110'), packRegion('47130')],
  ['wrong_category', (i) => onMerchant(i, { category: 112 }), 112n, 0n],
  ['merchant_too_large', (i) => onMerchant(i, { size: 5 }), 5n, 4n],
  ['payment_cap_exceeded', (i) => onSeries(i, { paymentCap: 9_999n }), 9_999n, 10_000n],
  ['insufficient_balance', (i) => ({ ...i, holding: { ...i.holding, balance: 9_999n } }), 9_999n, 10_000n],
  ['daily_cap_exceeded', (i) => ({ ...i, holding: { ...i.holding, spentToday: 20_001n } }), 9_999n, 10_000n],
];

function onSeries(input: PaymentInput, change: Partial<NonNullable<PaymentInput['series']>>): PaymentInput {
  return { ...input, series: input.series && { ...input.series, ...change } };
}

function onMerchant(
  input: PaymentInput,
  change: Partial<NonNullable<PaymentInput['merchant']>>,
): PaymentInput {
  return { ...input, merchant: input.merchant && { ...input.merchant, ...change } };
}

describe('explainPayment', () => {
  it('settles a payment at the edge of every rule', () => {
    expect(explainPayment(GOOD)).toBeNull();
  });

  it.each(SPOILERS)('refuses with %s and the contract’s arguments', (code, spoil, a, b) => {
    expect(explainPayment(spoil(GOOD))).toMatchObject({ code, a, b });
  });

  it('names the earlier check when two fail', () => {
    const index = fc.nat(SPOILERS.length - 1);
    fc.assert(
      fc.property(index, index, (one, other) => {
        // A missing series or merchant hides what is wrong with it; those pairs say nothing about order.
        const [first, second] = [SPOILERS[Math.min(one, other)], SPOILERS[Math.max(one, other)]];
        if (first === undefined || second === undefined) return;
        const places = [12, 13, 14];
        if (places.includes(one) && places.includes(other)) return;
        expect(explainPayment(first[1](second[1](GOOD)))?.code).toBe(first[0]);
      }),
      { numRuns: 300 },
    );
  });

  it('treats a merchant with status none as unknown', () => {
    expect(explainPayment(onMerchant(GOOD, { status: 0 }))?.code).toBe('merchant_unknown');
  });

  it('has no caps where the terms name none', () => {
    const free = onSeries(GOOD, { paymentCap: 0n, dailyCap: 0n });
    expect(explainPayment({ ...free, amount: 10_000n })).toBeNull();
    expect(dailyCapLeft(0n, GOOD.holding, NOW)).toBeUndefined();
  });

  it('starts the daily cap anew at midnight in Korea', () => {
    const yesterday = { ...GOOD.holding, day: koreanDayIndex(NOW) - 1, spentToday: 30_000n };
    expect(explainPayment({ ...GOOD, holding: yesterday })).toBeNull();
    expect(dailyCapLeft(30_000n, yesterday, NOW)).toBe(30_000n);
    expect(dailyCapLeft(30_000n, { ...yesterday, day: koreanDayIndex(NOW), spentToday: 40_000n }, NOW)).toBe(
      0n,
    );
  });

  it('says what was expected by name', () => {
    expect(explainPayment(onMerchant(GOOD, { region: '47110' }))?.args).toEqual({
      merchant_region: '47110',
      allowed_region: '47130',
    });
    expect(explainPayment(onMerchant(GOOD, { status: 2 }))?.args).toEqual({ status: 'suspended' });
  });
});
