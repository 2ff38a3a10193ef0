import { checkNonce, checkOrder, checkSigned } from './checks.js';
import { refused } from './ruling.js';
import type { Ruling } from './ruling.js';
import type { SignedOrder, MerchantBalanceState } from './state.js';
import { mostHopsFirst, redeemable } from './merchant-balance.js';
import type { AmountsByHop } from './merchant-balance.js';

export interface RedemptionInput extends SignedOrder {
  readonly seriesId: number;
  /** False = there is no such series. */
  readonly seriesKnown: boolean;
  /** The merchant's, in this series. */
  readonly merchantBalance: MerchantBalanceState;
}

/**
 * What the contract would do with a redemption: what is burned by hops, or why it refuses. It checks neither the
 * merchant's status nor pause nor validity nor a device's limit: earned won is owed.
 */
export function judgeRedemption(input: RedemptionInput): Ruling<{ readonly parts: AmountsByHop }> {
  const { amount, nonce, seriesId, seriesKnown, signedBy, merchantBalance } = input;
  const found =
    checkOrder(input) ??
    (seriesKnown ? undefined : { code: 'series_unknown' as const, a: BigInt(seriesId) }) ??
    checkSigned(signedBy) ??
    checkNonce(merchantBalance.window, nonce);
  if (found !== undefined) return refused(found);
  const there = redeemable(merchantBalance);
  if (amount > there) return refused({ code: 'insufficient_merchant_balance', a: there, b: amount });
  return { ok: true, parts: mostHopsFirst(merchantBalance, amount, 3) };
}
