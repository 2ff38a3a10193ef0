import { codeOf, itRefusesInOrder } from '../../test/support/spoilers.js';
import type { Spoiler } from '../../test/support/spoilers.js';
import { koreanDayIndex, koreanMonthIndex } from '../calendar.js';
import { giftCapLeft, judgeGift } from './gift.js';
import type { GiftInput } from './gift.js';

const NOW = Date.parse('2026-02-01T00:00:00+09:00') / 1000;
const FEBRUARY = koreanMonthIndex(NOW);

const GOOD: GiftInput = {
  giver: '0x00000000000000000000000000000000000000a1',
  receiver: '0x00000000000000000000000000000000000000b2',
  seriesId: 7,
  amount: 10_000n,
  nonce: 12,
  deadline: NOW,
  now: NOW,
  signedBy: { right: 'owner' },
  series: {
    validFrom: NOW,
    validUntil: NOW + 1,
    pausedUntil: NOW,
    flags: 3,
    dailyCaps: [0n, 0n, 30_000n],
    holdingCap: 50_000n,
    giftCap: 1_500_000n,
  },
  account: { tier: 2, frozenUntil: 0, company: false },
  holding: {
    balance: 10_000n,
    window: { top: 11, bitmap: 1n },
    day: koreanDayIndex(NOW),
    spentToday: 20_000n,
  },
  to: {
    frozenUntil: 0,
    isContract: false,
    company: false,
    merchantStatus: 0,
    balance: 40_000n,
    gifts: { month: FEBRUARY, amount: 1_490_000n },
  },
};

function onSeries(input: GiftInput, change: Partial<NonNullable<GiftInput['series']>>): GiftInput {
  return { ...input, series: input.series && { ...input.series, ...change } };
}

function onReceiver(input: GiftInput, change: Partial<GiftInput['to']>): GiftInput {
  return { ...input, to: { ...input.to, ...change } };
}

const SPOILERS: readonly Spoiler<GiftInput>[] = [
  ['amount_zero', (i) => ({ ...i, amount: 0n })],
  ['deadline_passed', (i) => ({ ...i, deadline: NOW - 1 }), NOW - 1, NOW],
  ['series_unknown', (i) => ({ ...i, series: undefined }), 7],
  ['signature_invalid', (i) => ({ ...i, signedBy: undefined })],
  ['owner_key_needed', (i) => ({ ...i, signedBy: { right: 'device', left: 10_000n } })],
  ['account_frozen', (i) => ({ ...i, account: { ...i.account, frozenUntil: NOW + 1 } })],
  ['account_frozen', (i) => onReceiver(i, { frozenUntil: NOW + 1 })],
  ['self_payment', (i) => ({ ...i, receiver: i.giver.toUpperCase().replace('0X', '0x') })],
  ['self_payment', (i) => ({ ...i, receiver: `0x${'0'.repeat(40)}` })],
  ['receiver_is_contract', (i) => onReceiver(i, { isContract: true })],
  ['gift_to_merchant', (i) => onReceiver(i, { merchantStatus: 3 })],
  ['replayed', (i) => ({ ...i, nonce: 11 }), 11, 11],
  ['gift_not_allowed', (i) => onSeries(i, { flags: 6 }), 7],
  ['series_paused', (i) => onSeries(i, { pausedUntil: NOW + 1 }), NOW + 1],
  ['not_yet_valid', (i) => onSeries(i, { validFrom: NOW + 1 }), NOW + 1],
  ['expired', (i) => onSeries(i, { validUntil: NOW }), NOW],
  ['insufficient_balance', (i) => ({ ...i, holding: { ...i.holding, balance: 9_999n } }), 9_999, 10_000],
  ['daily_cap_exceeded', (i) => ({ ...i, holding: { ...i.holding, spentToday: 20_001n } }), 9_999, 10_000],
  ['buyer_not_eligible', (i) => onReceiver(i, { company: true })],
  ['holding_cap_exceeded', (i) => onReceiver(i, { balance: 40_001n }), 9_999, 10_000],
  [
    'gift_cap_exceeded',
    (i) => onReceiver(i, { gifts: { month: FEBRUARY, amount: 1_490_001n } }),
    9_999,
    10_000,
  ],
];

describe('judgeGift', () => {
  itRefusesInOrder(judgeGift, GOOD, SPOILERS);

  it('has no caps where the terms name none', () => {
    const free = onSeries(GOOD, { dailyCaps: [0n, 0n, 0n], holdingCap: 0n, giftCap: 0n });
    const rich = onReceiver({ ...free, amount: 10_000n }, { balance: 2n ** 47n });
    expect(codeOf(judgeGift(rich))).toBe('settled');
  });

  it('returns no room instead of less than none', () => {
    expect(judgeGift(onReceiver(GOOD, { balance: 60_000n }))).toMatchObject({
      refusal: { code: 'holding_cap_exceeded', a: 0n },
    });
  });

  it('counts gifts by the calendar month in Korea', () => {
    const gifts = { month: FEBRUARY, amount: 900n };
    expect(giftCapLeft(1_000n, gifts, NOW)).toBe(100n);
    expect(giftCapLeft(1_000n, gifts, NOW - 1)).toBe(1_000n);
    expect(giftCapLeft(1_000n, gifts, NOW + 28 * 86_400)).toBe(1_000n);
    expect(giftCapLeft(1_000n, { ...gifts, amount: 2_000n }, NOW)).toBe(0n);
    expect(giftCapLeft(0n, gifts, NOW)).toBeUndefined();
    expect(giftCapLeft(1_000n, { month: 0, amount: 0n }, NOW)).toBe(1_000n);
  });
});
