import { DomainError } from './errors.js';

/**
 * Replay protection of one holding, as in IPsec (RFC 4303, 3.4.3): the highest nonce used and a 64-bit bitmap
 * behind it, so that payments of two devices may arrive out of order. Bit i of `bitmap` = nonce `top - i` used.
 */
export interface ReplayWindow {
  /** uint32 */
  readonly top: number;
  /** uint64 */
  readonly bitmap: bigint;
}

export const EMPTY_WINDOW: ReplayWindow = { top: 0, bitmap: 0n };

const WINDOW_BITS = 64;
const BITMAP_MASK = 2n ** 64n - 1n;
export const NONCE_MAX = 2 ** 32 - 1;

/**
 * A nonce may lead by no more than the window holds: no single order shuts out another one that its holder signed, and a
 * device key with a daily limit can't use up the numbers of a holding.
 */
export const NONCE_JUMP_MAX = 63;

/** True when the nonce may be used now: it is new, not too far ahead and not behind the window. */
export function isFresh(window: ReplayWindow, nonce: number): boolean {
  // Nonces begin at 1: 0 stands in events that no holder's signature caused.
  if (!Number.isInteger(nonce) || nonce < 1 || nonce > NONCE_MAX) return false;
  if (nonce > window.top) return nonce - window.top <= NONCE_JUMP_MAX;
  const age = window.top - nonce;
  return age < WINDOW_BITS && ((window.bitmap >> BigInt(age)) & 1n) === 0n;
}

/** Why a nonce that is not fresh is refused, as far as it shows without the bitmap. */
export function whyNotFresh(nonce: number, top: number): 'zero' | 'too_far' | 'too_old' | 'used' {
  if (nonce < 1) return 'zero';
  if (nonce > top) return 'too_far';
  return top - nonce >= WINDOW_BITS ? 'too_old' : 'used';
}

/** The window after the nonce was used; throws DomainError `replayed` when it is not fresh. */
export function use(window: ReplayWindow, nonce: number): ReplayWindow {
  if (!isFresh(window, nonce))
    throw new DomainError('replayed', `nonce ${nonce} is not fresh (top ${window.top})`);
  if (nonce <= window.top)
    return { top: window.top, bitmap: window.bitmap | (1n << BigInt(window.top - nonce)) };
  const shift = nonce - window.top;
  const moved = shift >= WINDOW_BITS ? 0n : (window.bitmap << BigInt(shift)) & BITMAP_MASK;
  return { top: nonce, bitmap: moved | 1n };
}

/**
 * True when two nonces may be used in either order. Of two that are further apart the lower one must be used first, or
 * it is behind the window.
 */
export function inAnyOrder(one: number, other: number): boolean {
  return Math.abs(one - other) < WINDOW_BITS;
}

/** The nonce a wallet takes next: one above the highest used (the first of a new holding is 1). */
export function nextNonce(window: ReplayWindow): number {
  return window.top + 1;
}
