import { koreanDayIndex } from '../calendar.js';
import type { Won } from '../won.js';
import { checkDevice, checkNonce, checkOrder, checkSigned } from './checks.js';
import { refused } from './ruling.js';
import type { Found, Ruling } from './ruling.js';
import type { SignedOrder, MerchantBalanceState } from './state.js';

/** The part of a payment that is to be taken back, as the receipt proves it. */
export interface VoidReceipt {
  /** Number of the batch in which the payment settled. */
  readonly batch: number;
  /** False = the batch's root does not hold this payment from this payer to this merchant in this series. */
  readonly proven: boolean;
  /** Won that the payment took from this series. */
  readonly amount: Won;
  /** Korean day index on which it settled. */
  readonly day: number;
  /** Won of it that were taken back before. */
  readonly voided: Won;
}

export interface VoidInput extends SignedOrder {
  readonly seriesId: number;
  /** False = there is no such series. */
  readonly seriesKnown: boolean;
  readonly receipt: VoidReceipt;
  /** The merchant's, in this series. */
  readonly merchantBalance: Pick<MerchantBalanceState, 'balance' | 'window'>;
}

/**
 * What the contract would do with a void. `returnsAllowance`: it happens on the Korean day of the payment, so the payer
 * may spend the amount again under today's cap. It checks neither pause nor validity nor anyone's status: a
 * customer may always get a payment back.
 */
export function judgeVoid(input: VoidInput): Ruling<{ readonly returnsAllowance: boolean }> {
  const { now, receipt, seriesId, seriesKnown, signedBy, merchantBalance } = input;
  const found =
    checkOrder(input) ??
    (seriesKnown ? undefined : { code: 'series_unknown' as const, a: BigInt(seriesId) }) ??
    checkSigned(signedBy) ??
    checkNonce(merchantBalance.window, input.nonce) ??
    checkAmounts(input) ??
    checkDevice(signedBy, input.amount);
  if (found !== undefined) return refused(found);
  return { ok: true, returnsAllowance: receipt.day === koreanDayIndex(now) };
}

function checkAmounts({ amount, receipt, merchantBalance }: VoidInput): Found | undefined {
  if (!receipt.proven) return { code: 'receipt_unknown', a: BigInt(receipt.batch) };
  const left = voidableLeft(receipt);
  if (amount > left) return { code: 'void_exceeds_payment', a: left, b: amount };
  if (amount > merchantBalance.balance)
    return { code: 'insufficient_merchant_balance', a: merchantBalance.balance, b: amount };
  return undefined;
}

/** Won of a payment's part that were not taken back yet. */
export function voidableLeft({ amount, voided }: Pick<VoidReceipt, 'amount' | 'voided'>): Won {
  return amount - voided;
}
