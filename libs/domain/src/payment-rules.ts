import { koreanDayIndex } from './calendar.js';
import { MERCHANT_STATUS } from './merchant.js';
import { refusalArgs } from './refusals/text.js';
import { refusal } from './refusals/table.js';
import type { ItemRefusalKey } from './refusals/table.js';
import { isFresh } from './replay-window.js';
import type { ReplayWindow } from './replay-window.js';
import { matchScope } from './scope.js';
import type { ScopeRule, ScopedMerchant } from './scope.js';
import type { Won } from './won.js';

/** Terms of a series that a payment is checked against; times in unix seconds, caps in won with 0 = none. */
export interface PaymentSeries {
  readonly validFrom: number;
  /** Exclusive: the series has expired when now ≥ validUntil. */
  readonly validUntil: number;
  /** Paused while now < pausedUntil; 0 = not paused. */
  readonly pausedUntil: number;
  readonly paymentCap: Won;
  readonly dailyCap: Won;
  readonly rules: readonly ScopeRule[];
}

export interface PaymentMerchant extends ScopedMerchant {
  /** MERCHANT_STATUS number. */
  readonly status: number;
}

/** What the payer has in this series. */
export interface PaymentHolding {
  readonly balance: Won;
  readonly window: ReplayWindow;
  /** Korean day index of the last spending; `spentToday` counts for that day only. */
  readonly day: number;
  readonly spentToday: Won;
}

export interface PaymentInput {
  /** Account addresses, 0x-hex; letter case does not matter. */
  readonly payer: string;
  readonly payee: string;
  readonly seriesId: bigint;
  readonly amount: Won;
  readonly nonce: number;
  /** Last second at which the authorisation may be settled. */
  readonly deadline: number;
  /** Block time, or the wall clock for a forecast; unix seconds. */
  readonly now: number;
  /** Undefined = there is no such series. */
  readonly series: PaymentSeries | undefined;
  /** Undefined = the payee is not a registered merchant. */
  readonly merchant: PaymentMerchant | undefined;
  readonly holding: PaymentHolding;
  readonly payerFrozen: boolean;
  /** The outcome of the caller's signature check, placed here because of the order; default true. */
  readonly signatureValid?: boolean;
}

export interface PaymentRefusal {
  readonly code: ItemRefusalKey;
  readonly number: number;
  /** The two arguments of the contract's event; 0 when absent. */
  readonly a: bigint;
  readonly b: bigint;
  /** The same arguments by name, for problem documents. */
  readonly args: Readonly<Record<string, string | number>>;
}

type Check = (input: PaymentInput) => Found | undefined;
interface Found {
  readonly code: ItemRefusalKey;
  readonly a?: bigint;
  readonly b?: bigint;
}

/** Known to exist once the checks before have passed. */
function seriesOf(input: PaymentInput): PaymentSeries {
  if (input.series === undefined) throw new Error('checked after series_unknown');
  return input.series;
}

function merchantOf(input: PaymentInput): PaymentMerchant {
  if (input.merchant === undefined) throw new Error('checked after merchant_unknown');
  return input.merchant;
}

const checkAuthorisation: Check = ({ amount, deadline, now, series, seriesId, signatureValid }) => {
  if (amount === 0n) return { code: 'amount_zero' };
  if (now > deadline) return { code: 'deadline_passed', a: BigInt(deadline), b: BigInt(now) };
  if (series === undefined) return { code: 'series_unknown', a: seriesId };
  if (signatureValid === false) return { code: 'signature_invalid' };
  return undefined;
};

const checkPayer: Check = ({ payer, payee, payerFrozen, nonce, holding }) => {
  if (payerFrozen) return { code: 'account_frozen' };
  if (payer.toLowerCase() === payee.toLowerCase()) return { code: 'self_payment' };
  const { window } = holding;
  if (!isFresh(window, nonce)) return { code: 'replayed', a: BigInt(nonce), b: BigInt(window.top) };
  return undefined;
};

const checkSeries: Check = (input) => {
  const { pausedUntil, validFrom, validUntil } = seriesOf(input);
  if (input.now < pausedUntil) return { code: 'series_paused', a: BigInt(pausedUntil) };
  if (input.now < validFrom) return { code: 'not_yet_valid', a: BigInt(validFrom) };
  if (input.now >= validUntil) return { code: 'expired', a: BigInt(validUntil) };
  return undefined;
};

const checkMerchant: Check = (input) => {
  if (input.merchant === undefined || input.merchant.status === MERCHANT_STATUS.none) {
    return { code: 'merchant_unknown' };
  }
  const merchant = merchantOf(input);
  if (merchant.status !== MERCHANT_STATUS.active)
    return { code: 'merchant_not_active', a: BigInt(merchant.status) };
  const match = matchScope(seriesOf(input).rules, merchant);
  return match.ok ? undefined : match;
};

/** Won that may still be spent today under the daily cap; undefined when the series has none. */
export function dailyCapLeft(dailyCap: Won, holding: PaymentHolding, now: number): Won | undefined {
  if (dailyCap === 0n) return undefined;
  const spent = holding.day === koreanDayIndex(now) ? holding.spentToday : 0n;
  return dailyCap > spent ? dailyCap - spent : 0n;
}

const checkAmount: Check = (input) => {
  const { amount, holding, now } = input;
  const { paymentCap, dailyCap } = seriesOf(input);
  if (paymentCap > 0n && amount > paymentCap)
    return { code: 'payment_cap_exceeded', a: paymentCap, b: amount };
  if (amount > holding.balance) return { code: 'insufficient_balance', a: holding.balance, b: amount };
  const left = dailyCapLeft(dailyCap, holding, now);
  if (left !== undefined && amount > left) return { code: 'daily_cap_exceeded', a: left, b: amount };
  return undefined;
};

/** The contract's order; the first check that refuses decides the code. */
const CHECKS: readonly Check[] = [checkAuthorisation, checkPayer, checkSeries, checkMerchant, checkAmount];

/**
 * Why the contract would refuse this payment, or null when it would settle. Same checks, order, codes and
 * arguments as the contract's `pay`, so that the API refuses at once what the chain would refuse later.
 */
export function explainPayment(input: PaymentInput): PaymentRefusal | null {
  for (const check of CHECKS) {
    const found = check(input);
    if (found !== undefined) {
      const { code, a = 0n, b = 0n } = found;
      return { code, number: refusal(code).number, a, b, args: refusalArgs(code, [a, b]) };
    }
  }
  return null;
}
