import { koreanDayIndex, dayBounds } from '../calendar.js';
import { spendableNow } from './spendable.js';

const NOW = 1_767_225_600; // 2026-01-01T00:00:00Z
const OPEN = { validFrom: NOW - 10, validUntil: NOW + 10, pausedUntil: 0, dailyCaps: [0n, 0n, 0n] as const };
const ACCOUNT = { tier: 0, frozenUntil: 0, company: false } as const;
const HELD = { balance: 900n, day: koreanDayIndex(NOW), spentToday: 100n };

describe('what of a holding may be spent now', () => {
  it('is all of it while the series is open', () => {
    expect(spendableNow(ACCOUNT, OPEN, HELD, NOW)).toEqual({ amount: 900n, rest: null });
  });

  it.each([
    ['is paused, until the pause ends', { pausedUntil: NOW + 5 }, 'series_paused', NOW + 5],
    ['has not begun, until it does', { validFrom: NOW + 1 }, 'not_yet_valid', NOW + 1],
    ['has ended, since then', { validUntil: NOW }, 'expired', NOW],
  ])('is nothing where the series %s', (_name, change, code, at) => {
    expect(spendableNow(ACCOUNT, { ...OPEN, ...change }, HELD, NOW)).toEqual({
      amount: 0n,
      rest: { amount: 900n, code, at },
    });
  });

  it('is nothing of a frozen account until the freeze ends', () => {
    expect(spendableNow({ ...ACCOUNT, frozenUntil: NOW + 1 }, OPEN, HELD, NOW)).toMatchObject({
      amount: 0n,
      rest: { code: 'account_frozen', at: NOW + 1 },
    });
    expect(spendableNow({ ...ACCOUNT, frozenUntil: NOW }, OPEN, HELD, NOW).amount).toBe(900n);
  });

  it('is what the cap of the day leaves, the rest from the next day in Korea on', () => {
    const capped = { ...OPEN, dailyCaps: [400n, 0n, 0n] as const };
    expect(spendableNow(ACCOUNT, capped, HELD, NOW)).toEqual({
      amount: 300n,
      rest: { amount: 600n, code: 'daily_cap_exceeded', at: dayBounds(koreanDayIndex(NOW)).until },
    });
    expect(spendableNow(ACCOUNT, capped, { ...HELD, day: 1 }, NOW).amount).toBe(400n);
  });

  it('is nothing of nothing, without a reason', () => {
    expect(spendableNow(ACCOUNT, { ...OPEN, validUntil: NOW }, { ...HELD, balance: 0n }, NOW)).toEqual({
      amount: 0n,
      rest: null,
    });
  });
});
