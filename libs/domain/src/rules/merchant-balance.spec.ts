import * as fc from 'fast-check';
import { codeOf, itRefusesInOrder } from '../../test/support/spoilers.js';
import type { Spoiler } from '../../test/support/spoilers.js';
import { koreanDayIndex } from '../calendar.js';
import { ALL_CATEGORIES } from '../category.js';
import { packRegion } from '../regions/region.js';
import { judgeCirculation } from './circulation.js';
import type { CirculationInput } from './circulation.js';
import { judgeRedemption } from './redemption.js';
import type { RedemptionInput } from './redemption.js';
import type { MerchantBalanceState } from './state.js';
import { judgeVoid } from './void.js';
import type { VoidInput } from './void.js';

const NOW = 1_780_000_000;
const ORDER = {
  seriesId: 7,
  amount: 10_000n,
  nonce: 12,
  deadline: NOW,
  now: NOW,
  signedBy: { right: 'device', left: 10_000n },
} as const;
const MERCHANT_BALANCE: MerchantBalanceState = {
  balance: 4_000n,
  byHop: [3_000n, 2_000n, 1_000n],
  window: { top: 11, bitmap: 1n },
};

describe('judgeRedemption', () => {
  const GOOD: RedemptionInput = {
    ...ORDER,
    // No limit binds what is paid to the merchant's own bank account.
    signedBy: { right: 'device', left: 0n },
    seriesKnown: true,
    merchantBalance: MERCHANT_BALANCE,
  };
  const SPOILERS: readonly Spoiler<RedemptionInput>[] = [
    ['amount_zero', (i) => ({ ...i, amount: 0n })],
    ['deadline_passed', (i) => ({ ...i, deadline: NOW - 1 }), NOW - 1, NOW],
    ['series_unknown', (i) => ({ ...i, seriesKnown: false }), 7],
    ['signature_invalid', (i) => ({ ...i, signedBy: undefined })],
    ['replayed', (i) => ({ ...i, nonce: 11 }), 11, 11],
    [
      'insufficient_merchant_balance',
      (i) => ({ ...i, merchantBalance: { ...i.merchantBalance, balance: 3_999n } }),
      9_999,
      10_000,
    ],
  ];
  itRefusesInOrder(judgeRedemption, GOOD, SPOILERS);

  it('burns what made most hops first', () => {
    expect(judgeRedemption({ ...GOOD, amount: 5_000n })).toEqual({
      ok: true,
      parts: [0n, 2_000n, 2_000n, 1_000n],
    });
    expect(judgeRedemption({ ...GOOD, amount: 999n })).toMatchObject({ parts: [0n, 0n, 0n, 999n] });
  });
});

describe('judgeVoid', () => {
  const GOOD: VoidInput = {
    ...ORDER,
    seriesKnown: true,
    merchantBalance: { balance: 10_000n, window: MERCHANT_BALANCE.window },
    receipt: { batch: 3, proven: true, amount: 15_000n, day: koreanDayIndex(NOW), voided: 5_000n },
  };
  const receipt = (input: VoidInput, change: Partial<VoidInput['receipt']>): VoidInput => ({
    ...input,
    receipt: { ...input.receipt, ...change },
  });
  const SPOILERS: readonly Spoiler<VoidInput>[] = [
    ['amount_zero', (i) => ({ ...i, amount: 0n })],
    ['deadline_passed', (i) => ({ ...i, deadline: NOW - 1 }), NOW - 1, NOW],
    ['series_unknown', (i) => ({ ...i, seriesKnown: false }), 7],
    ['signature_invalid', (i) => ({ ...i, signedBy: undefined })],
    ['replayed', (i) => ({ ...i, nonce: 11 }), 11, 11],
    ['receipt_unknown', (i) => receipt(i, { proven: false }), 3],
    ['void_exceeds_payment', (i) => receipt(i, { voided: 5_001n }), 9_999, 10_000],
    [
      'insufficient_merchant_balance',
      (i) => ({ ...i, merchantBalance: { ...i.merchantBalance, balance: 9_999n } }),
      9_999,
      10_000,
    ],
    ['device_limit_exceeded', (i) => ({ ...i, signedBy: { right: 'device', left: 9_999n } }), 9_999, 10_000],
  ];
  itRefusesInOrder(judgeVoid, GOOD, SPOILERS);

  it('gives the day’s allowance back on the day of the payment alone', () => {
    expect(judgeVoid(GOOD)).toEqual({ ok: true, returnsAllowance: true });
    const yesterday = receipt(GOOD, { day: koreanDayIndex(NOW) - 1 });
    expect(judgeVoid(yesterday)).toEqual({ ok: true, returnsAllowance: false });
  });

  it('takes back in parts exactly what was paid', () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 40n }), { maxLength: 20 });
    fc.assert(
      fc.property(parts, fc.bigInt({ min: 1n, max: 100n }), (amounts, amount) => {
        let voided = 0n;
        for (const part of amounts) {
          const ruling = judgeVoid({ ...receipt(GOOD, { amount, voided }), amount: part });
          expect(codeOf(ruling)).toBe(voided + part <= amount ? 'settled' : 'void_exceeds_payment');
          if (ruling.ok) voided += part;
        }
      }),
    );
  });
});

describe('judgeCirculation', () => {
  const GOOD: CirculationInput = {
    ...ORDER,
    amount: 9_000n,
    signedBy: { right: 'device', left: 9_000n },
    sender: '0x00000000000000000000000000000000000000a1',
    recipient: '0x00000000000000000000000000000000000000b2',
    account: { frozenUntil: 0 },
    senderMerchant: { status: 1 },
    recipientMerchant: { region: '47130104', category: 0, size: 4, status: 1, formerly: [] },
    merchantBalance: MERCHANT_BALANCE,
    series: {
      validFrom: NOW,
      validUntil: NOW + 1,
      pausedUntil: NOW,
      hops: 3,
      rules: [{ area: '47130', categories: ALL_CATEGORIES, maxSize: 4 }],
    },
  };
  const onSeries = (
    input: CirculationInput,
    change: Partial<NonNullable<CirculationInput['series']>>,
  ): CirculationInput => ({ ...input, series: input.series && { ...input.series, ...change } });
  const onShop = (
    input: CirculationInput,
    change: Partial<NonNullable<CirculationInput['recipientMerchant']>>,
  ): CirculationInput => ({
    ...input,
    recipientMerchant: input.recipientMerchant && { ...input.recipientMerchant, ...change },
  });
  const SPOILERS: readonly Spoiler<CirculationInput>[] = [
    ['amount_zero', (i) => ({ ...i, amount: 0n })],
    ['deadline_passed', (i) => ({ ...i, deadline: NOW - 1 }), NOW - 1, NOW],
    ['series_unknown', (i) => ({ ...i, series: undefined }), 7],
    ['signature_invalid', (i) => ({ ...i, signedBy: undefined })],
    ['account_frozen', (i) => ({ ...i, account: { frozenUntil: NOW + 1 } })],
    ['self_payment', (i) => ({ ...i, recipient: i.sender })],
    ['replayed', (i) => ({ ...i, nonce: 11 }), 11, 11],
    ['circulation_not_allowed', (i) => onSeries(i, { hops: 0 }), 7],
    ['series_paused', (i) => onSeries(i, { pausedUntil: NOW + 1 }), NOW + 1],
    ['not_yet_valid', (i) => onSeries(i, { validFrom: NOW + 1 }), NOW + 1],
    ['expired', (i) => onSeries(i, { validUntil: NOW }), NOW],
    ['merchant_unknown', (i) => ({ ...i, senderMerchant: undefined })],
    ['merchant_not_active', (i) => ({ ...i, senderMerchant: { status: 3 } }), 3],
    ['merchant_unknown', (i) => ({ ...i, recipientMerchant: undefined })],
    ['merchant_not_active', (i) => onShop(i, { status: 2 }), 2],
    ['wrong_region', (i) => onShop(i, { region: '47110' }), packRegion('47110'), packRegion('47130')],
    ['wrong_category', (i) => onShop(i, { category: 112 }), 112],
    ['merchant_too_large', (i) => onShop(i, { size: 5 }), 5, 4],
    [
      'insufficient_merchant_balance',
      (i) => ({
        ...i,
        merchantBalance: { ...i.merchantBalance, balance: 0n, byHop: [3_000n, 2_000n, 3_999n] },
      }),
      8_999,
      9_000,
    ],
    ['hop_limit_reached', (i) => onSeries(i, { hops: 2 }), 7_000, 9_000],
    ['device_limit_exceeded', (i) => ({ ...i, signedBy: { right: 'device', left: 8_999n } }), 8_999, 9_000],
  ];
  itRefusesInOrder(judgeCirculation, GOOD, SPOILERS);

  it('moves what made most hops and may still make one first', () => {
    expect(judgeCirculation(GOOD)).toEqual({ ok: true, parts: [4_000n, 3_000n, 2_000n, 0n] });
    expect(judgeCirculation({ ...GOOD, amount: 2_500n })).toMatchObject({ parts: [0n, 500n, 2_000n, 0n] });
    const once = onSeries({ ...GOOD, amount: 4_000n }, { hops: 1 });
    expect(judgeCirculation(once)).toEqual({ ok: true, parts: [4_000n, 0n, 0n, 0n] });
  });

  it('never lets a won move further than the series allows', () => {
    const move = fc.record({
      from: fc.nat(2),
      to: fc.nat(2),
      amount: fc.bigInt({ min: 1n, max: 60n }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(move, { maxLength: 40 }), (hops, moves) => {
        const shops: bigint[][] = [
          [100n, 0n, 0n, 0n],
          [50n, 0n, 0n, 0n],
          [0n, 0n, 0n, 0n],
        ];
        for (const { from, to, amount } of moves) {
          const [mine = [], theirs = []] = [shops[from], shops[to]];
          const [balance = 0n, one = 0n, two = 0n, three = 0n] = mine;
          const ruling = judgeCirculation({
            ...onSeries(GOOD, { hops }),
            amount,
            signedBy: { right: 'owner' },
            sender: `0xa${from}`,
            recipient: `0xa${to}`,
            merchantBalance: { ...MERCHANT_BALANCE, balance, byHop: [one, two, three] },
          });
          if (!ruling.ok) continue;
          expect(ruling.parts.reduce((sum, part) => sum + part, 0n)).toBe(amount);
          for (const [hop, part] of ruling.parts.entries()) {
            if (part === 0n) continue;
            expect(hop).toBeLessThan(hops);
            mine[hop] = (mine[hop] ?? 0n) - part;
            theirs[hop + 1] = (theirs[hop + 1] ?? 0n) + part;
          }
        }
        const all = shops.flat();
        expect(all.every((part) => part >= 0n)).toBe(true);
        expect(all.reduce((sum, part) => sum + part, 0n)).toBe(150n);
      }),
    );
  });
});
