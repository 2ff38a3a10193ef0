import * as fc from 'fast-check';
import { codeOf, itRefusesInOrder } from '../../test/support/spoilers.js';
import type { Spoiler } from '../../test/support/spoilers.js';
import { koreanDayIndex } from '../calendar.js';
import { ALL_CATEGORIES } from '../category.js';
import { packRegion } from '../regions/region.js';
import { dailyCapLeft, deviceLimitLeft } from './checks.js';
import { inSpendingOrder, judgePayment } from './payment.js';
import type { PaymentInput, PaymentSource } from './payment.js';

const NOW = 1_780_000_000;
const TODAY = koreanDayIndex(NOW);
const RULES = [{ area: '47130', categories: ALL_CATEGORIES, maxSize: 4 }];

/** Pays 10,000 won from a series that is about to expire (6,000 won), then from a later one. */
const GOOD: PaymentInput = {
  payer: '0x00000000000000000000000000000000000000A1',
  payee: '0x00000000000000000000000000000000000000b2',
  amount: 10_000n,
  nonce: 12,
  deadline: NOW,
  now: NOW,
  signedBy: { right: 'device', left: 10_000n },
  account: { tier: 1, frozenUntil: 0, company: false },
  merchant: { region: '47130104', category: 0, size: 4, status: 1, formerly: [] },
  sources: [source(7, 6_000n, 1), source(3, 4_000n, 2)],
};

function source(seriesId: number, balance: bigint, days: number): PaymentSource {
  return {
    seriesId,
    series: {
      validFrom: NOW,
      validUntil: NOW + days,
      originalUntil: NOW + days,
      pausedUntil: NOW,
      paymentCap: 6_000n,
      dailyCaps: [1n, 26_000n, 1n],
      rules: RULES,
    },
    holding: { balance, window: { top: 11, bitmap: 1n }, day: TODAY, spentToday: 20_000n },
  };
}

function onSource(
  input: PaymentInput,
  place: number,
  series: Partial<NonNullable<PaymentSource['series']>>,
  holding: Partial<PaymentSource['holding']> = {},
): PaymentInput {
  const sources = input.sources.map((one, index) =>
    index === place && one.series !== undefined
      ? { ...one, series: { ...one.series, ...series }, holding: { ...one.holding, ...holding } }
      : one,
  );
  return { ...input, sources };
}

function without(input: PaymentInput, place: number): PaymentInput {
  return {
    ...input,
    sources: input.sources.map((one, index) => (index === place ? { ...one, series: undefined } : one)),
  };
}

function onMerchant(
  input: PaymentInput,
  change: Partial<NonNullable<PaymentInput['merchant']>>,
): PaymentInput {
  return { ...input, merchant: input.merchant && { ...input.merchant, ...change } };
}

const elsewhere = [{ area: '47110', categories: ALL_CATEGORIES, maxSize: 4 }];

const SPOILERS: readonly Spoiler<PaymentInput>[] = [
  ['amount_zero', (i) => ({ ...i, amount: 0n })],
  ['deadline_passed', (i) => ({ ...i, deadline: NOW - 1 }), NOW - 1, NOW],
  ['series_unknown', (i) => ({ ...i, sources: [] })],
  ['series_unknown', (i) => without(i, 0), 7],
  ['series_unknown', (i) => without(i, 1), 3],
  ['signature_invalid', (i) => ({ ...i, signedBy: undefined })],
  ['account_frozen', (i) => ({ ...i, account: { ...i.account, frozenUntil: NOW + 1 } })],
  ['self_payment', (i) => ({ ...i, payee: i.payer.toLowerCase() })],
  ['replayed', (i) => ({ ...i, nonce: 11 }), 11, 11],
  ['series_paused', (i) => onSource(i, 0, { pausedUntil: NOW + 60 }), NOW + 60],
  ['not_yet_valid', (i) => onSource(i, 0, { validFrom: NOW + 1 }), NOW + 1],
  ['expired', (i) => onSource(i, 0, { validUntil: NOW }), NOW],
  ['series_order', (i) => onSource(i, 1, { originalUntil: NOW - 1 }), 3, NOW - 1],
  ['series_paused', (i) => onSource(i, 1, { pausedUntil: NOW + 60 }), NOW + 60],
  ['merchant_unknown', (i) => ({ ...i, merchant: undefined })],
  ['merchant_unknown', (i) => onMerchant(i, { status: 0 })],
  ['merchant_not_active', (i) => onMerchant(i, { status: 2 }), 2],
  ['wrong_region', (i) => onSource(i, 0, { rules: elsewhere }), packRegion('47130104'), packRegion('47110')],
  ['wrong_category', (i) => onMerchant(i, { category: 112 }), 112],
  ['merchant_too_large', (i) => onMerchant(i, { size: 5 }), 5, 4],
  ['wrong_region', (i) => onSource(i, 1, { rules: elsewhere }), packRegion('47130104'), packRegion('47110')],
  ['insufficient_balance', (i) => onSource(i, 0, {}, { balance: 0n }), 0, 10_000],
  ['daily_cap_exceeded', (i) => onSource(i, 0, {}, { spentToday: 26_000n }), 0, 10_000],
  ['payment_cap_exceeded', (i) => onSource(i, 1, { paymentCap: 3_999n }), 3_999, 4_000],
  ['insufficient_balance', (i) => onSource(i, 1, {}, { balance: 3_999n }), 3_999, 4_000],
  ['daily_cap_exceeded', (i) => onSource(i, 1, {}, { spentToday: 22_001n }), 3_999, 4_000],
  ['device_limit_exceeded', (i) => ({ ...i, signedBy: { right: 'device', left: 9_999n } }), 9_999, 10_000],
];

describe('judgePayment', () => {
  itRefusesInOrder(judgePayment, GOOD, SPOILERS);

  it('takes as much as it may from what expires first', () => {
    expect(judgePayment(GOOD)).toEqual({
      ok: true,
      parts: [
        { seriesId: 7, amount: 6_000n },
        { seriesId: 3, amount: 4_000n },
      ],
    });
    const small = { ...GOOD, amount: 5_999n };
    expect(judgePayment(small)).toEqual({ ok: true, parts: [{ seriesId: 7, amount: 5_999n }] });
  });

  it.each([
    ['the payment cap', { paymentCap: 2_500n }, {}],
    ['the balance', {}, { balance: 2_500n }],
    ['what is left of the day', {}, { spentToday: 23_500n }],
  ])('takes the first part up to %s', (_, series, holding) => {
    const rich = onSource(GOOD, 1, { paymentCap: 0n }, { balance: 7_500n, spentToday: 18_500n });
    expect(judgePayment(onSource(rich, 0, series, holding))).toEqual({
      ok: true,
      parts: [
        { seriesId: 7, amount: 2_500n },
        { seriesId: 3, amount: 7_500n },
      ],
    });
  });

  it('lets a series in the middle give nothing', () => {
    const empty = source(5, 0n, 1);
    const [first, last] = GOOD.sources;
    if (first === undefined || last === undefined) throw new Error('two sources');
    const ruling = judgePayment({ ...GOOD, sources: [first, empty, last] });
    expect(ruling.ok && ruling.parts.map(({ seriesId }) => seriesId)).toEqual([7, 3]);
  });

  it('refuses the same series twice', () => {
    const twice = { ...GOOD, sources: [source(7, 6_000n, 1), source(7, 4_000n, 1)] };
    expect(judgePayment(twice)).toMatchObject({
      refusal: { code: 'series_order', a: 7n, b: BigInt(NOW + 1) },
    });
    const apart = { ...GOOD, sources: [source(7, 1n, 1), source(3, 1n, 1), source(7, 1n, 1)] };
    expect(judgePayment(apart)).toMatchObject({ refusal: { code: 'series_order', a: 7n } });
  });

  it('applies the cap of the payer’s tier, and the highest one to companies', () => {
    const capped = onSource({ ...GOOD, amount: 6_000n }, 0, { dailyCaps: [20_001n, 20_002n, 20_003n] });
    const one = { ...capped, sources: capped.sources.slice(0, 1) };
    for (const [tier, company, left] of [
      [0, false, 1n],
      [1, false, 2n],
      [2, false, 3n],
      [0, true, 3n],
    ] as const) {
      expect(judgePayment({ ...one, account: { tier, company, frozenUntil: 0 } })).toMatchObject({
        refusal: { code: 'daily_cap_exceeded', a: left, b: 6_000n },
      });
    }
  });

  it('asks an owner’s key for no limit', () => {
    expect(codeOf(judgePayment({ ...GOOD, signedBy: { right: 'owner' } }))).toBe('settled');
  });

  it('says what was expected by name', () => {
    expect(judgePayment(onMerchant(GOOD, { status: 2 }))).toMatchObject({
      refusal: { number: 10, args: { status: 'suspended' } },
    });
  });

  const amounts = fc.bigInt({ min: 0n, max: 30n });
  const anySource = fc.record({ balance: amounts, cap: amounts, daily: amounts, spent: amounts });

  function wallet(list: readonly { balance: bigint; cap: bigint; daily: bigint; spent: bigint }[]) {
    return list.map(({ balance, cap, daily, spent }, index) => {
      const one = source(index + 1, balance, index + 1);
      if (one.series === undefined) throw new Error('known');
      const series = { ...one.series, paymentCap: cap, dailyCaps: [daily, daily, daily] as const };
      return { ...one, series, holding: { ...one.holding, spentToday: spent } };
    });
  }

  it('pays the amount, within every cap and balance, and leaves nothing that expires earlier', () => {
    fc.assert(
      fc.property(
        fc.array(anySource, { minLength: 1, maxLength: 8 }),
        fc.bigInt({ min: 1n, max: 60n }),
        (list, amount) => {
          const sources = wallet(list);
          const ruling = judgePayment({ ...GOOD, amount, sources });
          const mostOf = ({ series, holding }: (typeof sources)[number]): bigint =>
            [
              series.paymentCap || amount,
              holding.balance,
              dailyCapLeft(series.dailyCaps[1], holding, NOW) ?? amount,
            ].reduce((low, one) => (one < low ? one : low), amount);
          const most = sources.map(mostOf);
          if (!ruling.ok) {
            // Either all together fall short, or the first one, which counts the nonce, can give nothing.
            expect(most.reduce((sum, one) => sum + one, 0n) < amount || most[0] === 0n).toBe(true);
            return;
          }
          const given = (seriesId: number): bigint =>
            ruling.parts.find((part) => part.seriesId === seriesId)?.amount ?? 0n;
          expect(ruling.parts.reduce((sum, part) => sum + part.amount, 0n)).toBe(amount);
          let rest = amount;
          for (const [index, one] of sources.entries()) {
            const expected = (most[index] ?? 0n) < rest ? (most[index] ?? 0n) : rest;
            expect(given(one.seriesId)).toBe(expected);
            rest -= expected;
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('keeps its order whatever was extended', () => {
    const [first, second] = [source(7, 6_000n, 1), source(3, 4_000n, 2)];
    const longer = { ...first, series: first.series && { ...first.series, validUntil: NOW + 99 } };
    expect(codeOf(judgePayment({ ...GOOD, sources: [longer, second] }))).toBe('settled');
    expect(judgePayment({ ...GOOD, sources: [second, longer] })).toMatchObject({
      ok: false,
      refusal: { code: 'series_order', a: 7n, b: BigInt(NOW + 1) },
    });
  });

  it('is in order once a wallet has sorted it', () => {
    const list = fc.uniqueArray(fc.record({ id: fc.nat(20), days: fc.integer({ min: 1, max: 5 }) }), {
      selector: ({ id }) => id,
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(list, (entries) => {
        const mixed = wallet(entries.map(() => ({ balance: 60n, cap: 0n, daily: 0n, spent: 0n }))).map(
          (one, index) => ({
            ...one,
            seriesId: entries[index]?.id ?? 0,
            series: { ...one.series, originalUntil: NOW + (entries[index]?.days ?? 1) },
          }),
        );
        expect(codeOf(judgePayment({ ...GOOD, amount: 1n, sources: inSpendingOrder(mixed) }))).toBe(
          'settled',
        );
      }),
    );
  });
});

describe('limits of a day', () => {
  it('restart at midnight in Korea', () => {
    expect(dailyCapLeft(0n, { day: TODAY, spentToday: 1n }, NOW)).toBeUndefined();
    expect(dailyCapLeft(30n, { day: TODAY - 1, spentToday: 30n }, NOW)).toBe(30n);
    expect(dailyCapLeft(30n, { day: TODAY, spentToday: 29n }, NOW)).toBe(1n);
    expect(dailyCapLeft(30n, { day: TODAY, spentToday: 40n }, NOW)).toBe(0n);
    expect(deviceLimitLeft(30n, { day: TODAY - 1, spentByDevices: 30n }, NOW)).toBe(30n);
    expect(deviceLimitLeft(30n, { day: TODAY, spentByDevices: 12n }, NOW)).toBe(18n);
    expect(deviceLimitLeft(30n, { day: TODAY, spentByDevices: 31n }, NOW)).toBe(0n);
  });
});
