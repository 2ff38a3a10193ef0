import { isFresh, NONCE_JUMP_MAX, type ReplayWindow } from '../replay-window.js';
import { checkOrder, checkOwner } from './checks.js';
import { refused } from './ruling.js';
import type { Found, Ruling } from './ruling.js';
import type { SignedOrder } from './state.js';

/** The nonces that a cancellation uses up: `count` of them, the last of which is `nonce`. */
export interface CancelledNonces {
  readonly nonce: number;
  readonly count: bigint;
}

export interface CancellationInput extends Omit<SignedOrder, 'amount'>, CancelledNonces {
  readonly seriesId: number;
  /** False = there is no such series. */
  readonly seriesKnown: boolean;
  /**
   * Of the holding, or of the merchant balance. Undefined = the account never had anything in the series: the contract
   * would use its nonces up, and the platform does not, or strangers could fill the chain with what moves nothing.
   */
  readonly window: ReplayWindow | undefined;
}

/**
 * What the contract would do with a cancellation. It checks neither pause nor validity nor a freeze, since nothing moves;
 * a device's key can't cancel, or its thief would cancel what the owner signs.
 */
export function judgeCancellation(input: CancellationInput): Ruling {
  const { count, deadline, now, seriesId, seriesKnown, signedBy } = input;
  const found =
    checkOrder({ amount: count, deadline, now }) ??
    (seriesKnown ? undefined : { code: 'series_unknown' as const, a: BigInt(seriesId) }) ??
    checkOwner(signedBy) ??
    checkNonces(input);
  return found === undefined ? { ok: true } : refused(found);
}

function checkNonces({ window, nonce, count }: CancellationInput): Found | undefined {
  if (window === undefined) return { code: 'nothing_to_cancel', a: BigInt(nonce), b: 0n };
  const top = BigInt(window.top);
  if (nonce > window.top + NONCE_JUMP_MAX) return { code: 'replayed', a: BigInt(nonce), b: top };
  // Nonces begin at 1.
  if (count > BigInt(nonce)) return { code: 'replayed', a: 0n, b: top };
  if (noncesIn({ nonce, count }).some((one) => isFresh(window, one))) return undefined;
  return { code: 'nothing_to_cancel', a: BigInt(nonce), b: top };
}

/** The nonces of a cancellation, the lowest first; of those that end at one number no more than 64 can be fresh. */
export function noncesIn({ nonce, count }: CancelledNonces): number[] {
  const most = 1 + NONCE_JUMP_MAX;
  const length = Math.min(nonce, count < BigInt(most) ? Number(count) : most);
  return Array.from({ length }, (_unused, index) => nonce - length + 1 + index);
}
