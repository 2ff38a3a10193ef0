import { dayBounds, koreanDayIndex } from '../calendar.js';
import type { ItemRefusalKey } from '../refusals/table.js';
import type { Won } from '../won.js';
import { checkOpen, dailyCapLeft, dailyCapOf } from './checks.js';
import { isFrozen } from './state.js';
import type { AccountState, HoldingState, OpenTimes, SeriesRules } from './state.js';

/** What of a holding cannot be spent now. */
export interface Unspendable {
  readonly amount: Won;
  /** How a payment of it would be refused. */
  readonly code: ItemRefusalKey;
  /** The moment at which that ends, or, of `expired`, began; unix seconds. */
  readonly at: number;
}

/** The part of a holding that may be spent now, and what holds the rest back; null when nothing does. */
export interface SpendableNow {
  readonly amount: Won;
  readonly rest: Unspendable | null;
}

/**
 * What of a holding may be spent at this moment, whatever the merchant: the contract's checks of account, pause, validity
 * and daily cap. Caps of one payment and limits of devices say how, not how much.
 *
 * @param now Unix seconds
 */
export function spendableNow(
  account: AccountState,
  series: OpenTimes & Pick<SeriesRules, 'dailyCaps'>,
  holding: Pick<HoldingState, 'balance' | 'day' | 'spentToday'>,
  now: number,
): SpendableNow {
  const { balance } = holding;
  if (balance === 0n) return { amount: 0n, rest: null };
  const none = (code: ItemRefusalKey, at: number): SpendableNow => ({
    amount: 0n,
    rest: { amount: balance, code, at },
  });
  if (isFrozen(account, now)) return none('account_frozen', account.frozenUntil);
  const closed = checkOpen(series, now);
  if (closed !== undefined) return none(closed.code, Number(closed.a));
  const left = dailyCapLeft(dailyCapOf(series, account), holding, now);
  if (left === undefined || left >= balance) return { amount: balance, rest: null };
  const tomorrow = dayBounds(koreanDayIndex(now)).until;
  return { amount: left, rest: { amount: balance - left, code: 'daily_cap_exceeded', at: tomorrow } };
}
