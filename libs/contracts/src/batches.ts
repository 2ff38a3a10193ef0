import { toHex, type Hex } from './bytes.js';
import { vouchersInterface } from './interfaces.js';
import { TRANSFER_BYTES, type StoredTransfer } from './transfers.js';

/** Most items that a batch may have (contract and relayer). */
export const BATCH_MAX = 400;

/** Most bytes of a batch's calldata: nodes refuse a transaction above 128 KiB. */
export const CALLDATA_MAX = 105_000;

/** Bytes of a batch's calldata besides its items: selector, two offsets, two lengths, and what fills the last word. */
export const CALLDATA_HEAD = 4 + 4 * 32 + 31;

const WORD = 32;
const PROOF_LENGTH_BYTES = 2;

/** Bytes of calldata that an order takes in a batch. */
export function calldataBytesOf(stored: StoredTransfer): number {
  return stored.length + PROOF_LENGTH_BYTES;
}

/** How many of these orders, from the first on, fit one batch by number and by bytes. */
export function countThatFit(items: readonly StoredTransfer[]): number {
  let left = CALLDATA_MAX - CALLDATA_HEAD;
  let count = 0;
  for (const item of items) {
    left -= calldataBytesOf(item);
    if (left < 0 || count === BATCH_MAX) break;
    count++;
  }
  return count;
}

const methods = [
  'pay',
  'redeem',
  'give',
  'circulate',
  'refund',
  'cancel',
  'cancelAsMerchant',
  'previewPayments',
] as const;
type BatchMethod = (typeof methods)[number];
const selectors = new Map<BatchMethod, Buffer>();
for (const method of methods) {
  const selector = vouchersInterface.getFunction(method)?.selector;
  if (selector === undefined) throw new Error(`the contract has no ${method}`);
  selectors.set(method, Buffer.from(selector.slice(2), 'hex'));
}

/** Calldata of `pay(items, proofs)`. RangeError unless 1 to 400 orders that fit CALLDATA_MAX; so for all of these. */
export function encodePay(items: readonly StoredTransfer[]): Hex {
  return encodeBatch('pay', items);
}

/** Calldata of `redeem(items, proofs)`. */
export function encodeRedeem(items: readonly StoredTransfer[]): Hex {
  return encodeBatch('redeem', items);
}

/** Calldata of `give(items, proofs)`. */
export function encodeGive(items: readonly StoredTransfer[]): Hex {
  return encodeBatch('give', items);
}

/** Calldata of `circulate(items, proofs)`. */
export function encodeCirculate(items: readonly StoredTransfer[]): Hex {
  return encodeBatch('circulate', items);
}

/** Calldata of `refund(items, proofs)`. */
export function encodeRefund(items: readonly StoredTransfer[]): Hex {
  return encodeBatch('refund', items);
}

/** Calldata of `cancel(items, proofs)`. */
export function encodeCancel(items: readonly StoredTransfer[]): Hex {
  return encodeBatch('cancel', items);
}

/** Calldata of `cancelAsMerchant(items, proofs)`. */
export function encodeCancelAsMerchant(items: readonly StoredTransfer[]): Hex {
  return encodeBatch('cancelAsMerchant', items);
}

/**
 * Calldata of the view `previewPayments(items, proofs)`: what the contract would do now. The platform judges by its own
 * copy of the rules; this is for the tests that compare the two, and for clients that ask a node.
 */
export function encodePreviewPayments(items: readonly StoredTransfer[]): Hex {
  return encodeBatch('previewPayments', items);
}

/** The proofs of a batch as one run of bytes: each after its length in two bytes. */
export function joinProofs(proofs: readonly Uint8Array[]): Buffer {
  const joined = Buffer.allocUnsafe(
    proofs.reduce((sum, proof) => sum + PROOF_LENGTH_BYTES + proof.length, 0),
  );
  let at = 0;
  for (const proof of proofs) {
    joined.writeUInt16BE(proof.length, at);
    joined.set(proof, at + PROOF_LENGTH_BYTES);
    at += PROOF_LENGTH_BYTES + proof.length;
  }
  return joined;
}

/** selector ‖ offsets of both arguments ‖ count ‖ orders ‖ length of the proofs ‖ proofs, filled up to a word. */
function encodeBatch(method: BatchMethod, items: readonly StoredTransfer[]): Hex {
  if (items.length === 0 || items.length > BATCH_MAX) {
    throw new RangeError(`a batch has 1 to ${BATCH_MAX} items, not ${items.length}`);
  }
  const short = items.find((item) => item.length < TRANSFER_BYTES);
  if (short !== undefined)
    throw new RangeError(`an order has ${TRANSFER_BYTES} bytes at least, not ${short.length}`);
  if (countThatFit(items) < items.length) {
    throw new RangeError(`a batch has at most ${CALLDATA_MAX} bytes of calldata`);
  }
  const itemsAt = 4 + 3 * WORD;
  const lengthAt = itemsAt + items.length * TRANSFER_BYTES;
  const proofs = joinProofs(items.map((item) => item.subarray(TRANSFER_BYTES)));
  const calldata = Buffer.alloc(lengthAt + WORD + WORD * Math.ceil(proofs.length / WORD));
  selectors.get(method)?.copy(calldata);
  calldata.writeUInt32BE(2 * WORD, 4 + WORD - 4);
  calldata.writeUInt32BE(lengthAt - 4, 4 + 2 * WORD - 4);
  calldata.writeUInt32BE(items.length, itemsAt - 4);
  items.forEach((item, index) => {
    calldata.set(item.subarray(0, TRANSFER_BYTES), itemsAt + index * TRANSFER_BYTES);
  });
  calldata.writeUInt32BE(proofs.length, lengthAt + WORD - 4);
  calldata.set(proofs, lengthAt + WORD);
  return toHex(calldata);
}
