import type { AccountTier } from '../account.js';
import type { ReplayWindow } from '../replay-window.js';
import type { RecodedMerchant, ScopeRule } from '../scope.js';
import type { Won } from '../won.js';

/**
 * The rules of a published series as the contract applies them; times in unix seconds, caps in won with 0 = none.
 * Each judge asks for the part that it needs.
 */
export interface SeriesRules {
  readonly validFrom: number;
  /** Exclusive, with its extensions: the series has expired when now >= validUntil. */
  readonly validUntil: number;
  /** The end that it was published with: of several series the one with the earliest is spent first. */
  readonly originalUntil: number;
  /** Paused while now < pausedUntil; 0 = not paused. */
  readonly pausedUntil: number;
  /** TERMS_FLAG bits. */
  readonly flags: number;
  /** How often merchant balances may move on, 0-3. */
  readonly hops: number;
  readonly refundPercent: number;
  readonly refundDays: number;
  readonly paymentCap: Won;
  /** By tier 0, 1, 2. */
  readonly dailyCaps: readonly [Won, Won, Won];
  readonly holdingCap: Won;
  readonly monthCap: Won;
  readonly yearCap: Won;
  readonly giftCap: Won;
  /** Basis points of each won that the resident paid. */
  readonly residentShare: number;
  readonly rules: readonly ScopeRule[];
}

/** When a series may be spent. */
export type OpenTimes = Pick<SeriesRules, 'validFrom' | 'validUntil' | 'pausedUntil'>;

/** What is known of an account; one that was not attested is UNKNOWN_ACCOUNT. */
export interface AccountState {
  readonly tier: AccountTier;
  /** Frozen while now < frozenUntil; 0 = not frozen. */
  readonly frozenUntil: number;
  readonly company: boolean;
}

export const UNKNOWN_ACCOUNT: AccountState = { tier: 0, frozenUntil: 0, company: false };

/** Whether an account may pay, give, be refunded or change its keys at this moment, Unix seconds. */
export function isFrozen({ frozenUntil }: Pick<AccountState, 'frozenUntil'>, now: number): boolean {
  return now < frozenUntil;
}

export interface MerchantState extends RecodedMerchant {
  /** MERCHANT_STATUS number. */
  readonly status: number;
}

/** What a resident has in one series. */
export interface HoldingState {
  readonly balance: Won;
  readonly window: ReplayWindow;
  /** Korean day index of the last spending; `spentToday` counts for that day only. */
  readonly day: number;
  readonly spentToday: Won;
  /** All that came in, less what was given away. */
  readonly received: Won;
  /** Korean day index on which it last grew. */
  readonly receivedDay: number;
}

/** What a merchant has taken in one series and not redeemed. */
export interface MerchantBalanceState {
  /** Taken from residents. */
  readonly balance: Won;
  /** Received from other merchants, by hops 1, 2, 3. */
  readonly byHop: readonly [Won, Won, Won];
  readonly window: ReplayWindow;
}

/** The key that signed: an owner's may do everything, a device's may move `left` won more today. */
export type SignedBy = { readonly right: 'owner' } | { readonly right: 'device'; readonly left: Won };

/** The fields of every signed order. */
export interface SignedOrder {
  readonly amount: Won;
  readonly nonce: number;
  /** Last second at which it may be settled. */
  readonly deadline: number;
  /** Block time, or the wall clock for a forecast; unix seconds. */
  readonly now: number;
  /** Outcome of the signature check; undefined = no key of the account signed. */
  readonly signedBy: SignedBy | undefined;
}
