import { checkNonce, checkOrder, checkSigned } from './checks.js';
import { refused } from './ruling.js';
import type { Ruling } from './ruling.js';
import type { SignedOrder, TakingsState } from './state.js';
import { mostTravelledFirst, redeemable } from './takings.js';
import type { TakingsParts } from './takings.js';

export interface RedemptionInput extends SignedOrder {
  readonly seriesId: number;
  /** False = there is no such series. */
  readonly seriesKnown: boolean;
  /** The merchant's, in this series. */
  readonly takings: TakingsState;
}

/**
 * What the contract would do with a redemption: what is burned by hops, or why it refuses. No look at the merchant's
 * status, the pause, the validity or a device's limit: what was earned is owed.
 */
export function judgeRedemption(input: RedemptionInput): Ruling<{ readonly parts: TakingsParts }> {
  const { amount, nonce, seriesId, seriesKnown, signedBy, takings } = input;
  const found =
    checkOrder(input) ??
    (seriesKnown ? undefined : { code: 'series_unknown' as const, a: BigInt(seriesId) }) ??
    checkSigned(signedBy) ??
    checkNonce(takings.window, nonce);
  if (found !== undefined) return refused(found);
  const there = redeemable(takings);
  if (amount > there) return refused({ code: 'insufficient_takings', a: there, b: amount });
  return { ok: true, parts: mostTravelledFirst(takings, amount, 3) };
}
