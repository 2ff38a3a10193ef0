import { BATCH_MAX, encodePay, encodeRedeem, TRANSFER_BYTES, type Hex } from '#contracts';
import { toHex } from '#persistence';
import type { OutboxKind } from './outbox.js';

/** Most gas of one transaction since the Osaka fork (EIP-7825). */
export const GAS_MAX = 2 ** 24;

/**
 * Gas limit of a batch. Measured in batches of 100 to 400: 23,700 per payment with a daily cap to a merchant that was
 * paid before, 23,800 more for the first payment ever to a merchant in a series (a new storage slot), 16,700 per
 * redemption. With a reserve of 12 % and more; what is not used costs nothing.
 */
const GAS_BASE = 120_000;
const GAS_PER_ITEM = 28_000;
const GAS_PER_MERCHANT = 25_000;
/** Series and recipient of a packed item: what its merchant's slot is found by. */
const MERCHANT_SLOT = { from: 40, to: 64 };

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
    return { to: vouchers, data, gasLimit: gasOfBatch(payloads) };
  }
  if (payloads.length !== 1) throw new RangeError(`one ${kind} per transaction`);
  return {
    to: toHex(first.subarray(0, ADDRESS_BYTES)),
    data: toHex(first.subarray(ADDRESS_BYTES)),
    gasLimit: GAS_MAX,
  };
}

/**
 * How many of these packed items, from the first on, one transaction can pay for: all 400 in practice, 314 when each
 * has a merchant of its own. At least one.
 */
export function countThatFits(payloads: readonly Uint8Array[]): number {
  const merchants = new Set<string>();
  for (const [index, payload] of payloads.entries()) {
    merchants.add(merchantOf(payload));
    if (index > 0 && gas(index + 1, merchants.size) > GAS_MAX) return index;
  }
  return payloads.length;
}

function gasOfBatch(payloads: readonly Uint8Array[]): number {
  return Math.min(GAS_MAX, gas(payloads.length, new Set(payloads.map(merchantOf)).size));
}

function gas(items: number, merchants: number): number {
  return GAS_BASE + GAS_PER_ITEM * items + GAS_PER_MERCHANT * merchants;
}

function merchantOf(payload: Uint8Array): string {
  return Buffer.from(payload.subarray(MERCHANT_SLOT.from, MERCHANT_SLOT.to)).toString('base64');
}

/** Rows of one kind that one transaction takes at most: 400 items are 64 kB of call data, below geth's 128 KiB. */
export function batchMax(kind: OutboxKind, wanted: number): number {
  return isBatched(kind) ? Math.max(1, Math.min(wanted, BATCH_MAX)) : 1;
}
