import { BATCH_MAX, encodePay, encodeRedeem, TRANSFER_BYTES, type Hex } from '#contracts';
import { toHex } from '#persistence';
import type { OutboxKind } from './outbox.js';

/** Most gas of one transaction since the Osaka fork (EIP-7825). */
export const GAS_MAX = 2 ** 24;

/**
 * Gas limit of a batch: per item the first payment ever to a merchant (a new slot for its takings, a cold holding,
 * hashing, recovery, event) with a reserve; what is not used costs nothing. 400 items stay below GAS_MAX.
 */
const GAS_BASE = 120_000;
const GAS_PER_ITEM = 41_000;

/** A transaction to itself that only uses up a nonce. */
export const FILLER_GAS = 21_000;

const ADDRESS_BYTES = 20;
const SELECTOR_BYTES = 4;

export interface PackedCall {
  readonly to: Hex;
  readonly data: Hex;
  readonly gasLimit: number;
}

/** Whether a payload has the shape its kind asks for; what has not can never be carried. */
export function isCarriable(kind: OutboxKind, payload: Uint8Array): boolean {
  if (isBatched(kind)) return payload.length === TRANSFER_BYTES;
  return payload.length >= ADDRESS_BYTES + SELECTOR_BYTES;
}

/** Whether many rows of this kind share a transaction. */
export function isBatched(kind: OutboxKind): kind is 'payment' | 'redemption' {
  return kind === 'payment' || kind === 'redemption';
}

/**
 * One call that carries these rows. Payments and redemptions: 1 to 400 payloads; the others exactly one.
 * Throws a RangeError otherwise.
 */
export function packCall(kind: OutboxKind, payloads: readonly Uint8Array[], vouchers: Hex): PackedCall {
  const [first] = payloads;
  if (first === undefined) throw new RangeError('nothing to pack');
  if (kind === 'payment' || kind === 'redemption') {
    const data = kind === 'payment' ? encodePay(payloads) : encodeRedeem(payloads);
    return { to: vouchers, data, gasLimit: Math.min(GAS_MAX, GAS_BASE + GAS_PER_ITEM * payloads.length) };
  }
  if (payloads.length !== 1) throw new RangeError(`one ${kind} per transaction`);
  return {
    to: toHex(first.subarray(0, ADDRESS_BYTES)),
    data: toHex(first.subarray(ADDRESS_BYTES)),
    gasLimit: GAS_MAX,
  };
}

/** Rows of one kind that one transaction takes at most: 400 items are 64 kB of call data, below geth's 128 KiB. */
export function batchMax(kind: OutboxKind, wanted: number): number {
  return isBatched(kind) ? Math.max(1, Math.min(wanted, BATCH_MAX)) : 1;
}
