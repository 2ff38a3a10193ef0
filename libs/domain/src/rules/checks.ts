import { koreanDayIndex } from '../calendar.js';
import { MERCHANT_STATUS } from '../merchant.js';
import { isFresh } from '../replay-window.js';
import type { ReplayWindow } from '../replay-window.js';
import { matchSeries } from '../scope.js';
import type { SeriesScope } from '../scope.js';
import type { Won } from '../won.js';
import type { Found } from './ruling.js';
import type { AccountState, HoldingState, MerchantState, OpenTimes, SeriesRules, SignedBy } from './state.js';

/** Company buyers count as tier 2. */
const TIER_MAX = 2;

export function isSameAccount(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What every order begins with. */
export function checkOrder(order: { amount: Won; deadline: number; now: number }): Found | undefined {
  const { amount, deadline, now } = order;
  if (amount === 0n) return { code: 'amount_zero' };
  if (now > deadline) return { code: 'deadline_passed', a: BigInt(deadline), b: BigInt(now) };
  return undefined;
}

export function checkSigned(signedBy: SignedBy | undefined): Found | undefined {
  return signedBy === undefined ? { code: 'signature_invalid' } : undefined;
}

/** For orders that a device may not give. */
export function checkOwner(signedBy: SignedBy | undefined): Found | undefined {
  if (signedBy === undefined) return { code: 'signature_invalid' };
  return signedBy.right === 'owner' ? undefined : { code: 'owner_key_needed' };
}

export function checkNonce(window: ReplayWindow, nonce: number): Found | undefined {
  return isFresh(window, nonce) ? undefined : { code: 'replayed', a: BigInt(nonce), b: BigInt(window.top) };
}

/** Whether a series may be spent now. */
export function checkOpen({ pausedUntil, validFrom, validUntil }: OpenTimes, now: number): Found | undefined {
  if (now < pausedUntil) return { code: 'series_paused', a: BigInt(pausedUntil) };
  if (now < validFrom) return { code: 'not_yet_valid', a: BigInt(validFrom) };
  if (now >= validUntil) return { code: 'expired', a: BigInt(validUntil) };
  return undefined;
}

/** Whether this merchant takes vouchers at all. */
export function checkActive(merchant: { readonly status: number } | undefined): Found | undefined {
  if (merchant === undefined || merchant.status === MERCHANT_STATUS.none) return { code: 'merchant_unknown' };
  if (merchant.status === MERCHANT_STATUS.active) return undefined;
  return { code: 'merchant_not_active', a: BigInt(merchant.status) };
}

/** Whether the series may be spent with this merchant, which checkActive knows. */
export function checkScope(series: SeriesScope, merchant: MerchantState | undefined): Found | undefined {
  if (merchant === undefined) return { code: 'merchant_unknown' };
  const match = matchSeries(series, merchant);
  return match.ok ? undefined : match;
}

/** Whether the key that signed may move `amount` more today. */
export function checkDevice(signedBy: SignedBy | undefined, amount: Won): Found | undefined {
  if (signedBy?.right !== 'device' || amount <= signedBy.left) return undefined;
  return { code: 'device_limit_exceeded', a: signedBy.left, b: amount };
}

/** Whether a holding may grow by `amount`. */
export function checkHoldingCap(cap: Won, balance: Won, amount: Won): Found | undefined {
  if (cap === 0n || balance + amount <= cap) return undefined;
  return { code: 'holding_cap_exceeded', a: roomLeft(cap, balance), b: amount };
}

/** Won up to a cap; a cap that was passed (it may have been higher once) leaves 0. */
export function roomLeft(cap: Won, used: Won): Won {
  return used < cap ? cap - used : 0n;
}

/** The daily cap that binds this account; 0 = none. */
export function dailyCapOf(
  series: Pick<SeriesRules, 'dailyCaps'>,
  account: Pick<AccountState, 'tier' | 'company'>,
): Won {
  return series.dailyCaps[account.company ? TIER_MAX : account.tier];
}

/** Won that may still be spent today under a daily cap; undefined when there is none (0). */
export function dailyCapLeft(
  dailyCap: Won,
  holding: Pick<HoldingState, 'day' | 'spentToday'>,
  now: number,
): Won | undefined {
  if (dailyCap === 0n) return undefined;
  return roomLeft(dailyCap, holding.day === koreanDayIndex(now) ? holding.spentToday : 0n);
}

/**
 * Won that device keys of an account may still move today, together. `dailyLimit` is the ring's; `day` and
 * `spentByDevices` are the account's on chain.
 */
export function deviceLimitLeft(
  dailyLimit: Won,
  account: { readonly day: number; readonly spentByDevices: Won },
  now: number,
): Won {
  return roomLeft(dailyLimit, account.day === koreanDayIndex(now) ? account.spentByDevices : 0n);
}
