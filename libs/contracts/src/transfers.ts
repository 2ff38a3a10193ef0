import { writeHex, writeUint32, writeUint40, writeUint64, toHex, type Hex } from './bytes.js';
import { vouchersInterface } from './interfaces.js';
import { parseSignature } from './signature.js';
import type { PaymentAuthorisation, RedemptionAuthorisation } from './typed-data.js';

/** Most items that a batch may have (contract and relayer). */
export const BATCH_MAX = 400;

/** Bytes of one packed item. */
export const TRANSFER_BYTES = 160;

/**
 * A signed payment or redemption as the contract wants it: five words, 160 bytes (SignedTransfer.sol). It can be
 * stored as it is and put into a batch without any further work.
 */
export type PackedTransfer = Uint8Array;

/** The same as numbers, for ethers (e.g. previewPayments). */
export interface SignedTransfer {
  readonly from: bigint;
  readonly to: bigint;
  readonly order: Hex;
  readonly r: Hex;
  readonly vs: Hex;
}

const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';
const WORD = 32;

/**
 * Packs a payment with the payer's signature (65 bytes). Throws a SignatureError when the signature is malformed or
 * has a high s, a RangeError when a value is out of range. Whether the payer signed it: see recoverSigner.
 */
export function packPayment(payment: PaymentAuthorisation, signature: Hex | Uint8Array): PackedTransfer {
  return pack(payment.payer, payment.merchant, payment, signature);
}

/** Packs a redemption with the merchant's signature; errors as packPayment. */
export function packRedemption(
  redemption: RedemptionAuthorisation,
  signature: Hex | Uint8Array,
): PackedTransfer {
  return pack(redemption.merchant, ZERO_ADDRESS, redemption, signature);
}

function pack(
  account: Hex,
  recipient: Hex,
  item: RedemptionAuthorisation | PaymentAuthorisation,
  signature: Hex | Uint8Array,
): PackedTransfer {
  const { rs, yParity } = parseSignature(signature);
  const packed = Buffer.alloc(TRANSFER_BYTES);
  writeUint40(packed, 3, item.deadline, 'deadline');
  writeUint32(packed, 8, item.nonce, 'nonce');
  writeHex(packed, 12, account, 20, 'account');
  writeUint64(packed, WORD, item.amount, 'amount');
  writeUint32(packed, WORD + 8, item.series, 'series');
  writeHex(packed, WORD + 12, recipient, 20, 'recipient');
  writeHex(packed, 2 * WORD, item.order, 32, 'order');
  rs.copy(packed, 3 * WORD);
  // EIP-2098: a low s leaves its highest bit free for the parity.
  if (yParity === 1) packed.writeUInt8(packed.readUInt8(4 * WORD) | 0x80, 4 * WORD);
  return packed;
}

/** The payment inside a packed transfer (without its signature). */
export function unpackPayment(packed: PackedTransfer): PaymentAuthorisation {
  const bytes = view(packed);
  return {
    payer: toHex(bytes.subarray(12, 32)),
    merchant: toHex(bytes.subarray(WORD + 12, 2 * WORD)),
    series: bytes.readUInt32BE(WORD + 8),
    amount: bytes.readBigUInt64BE(WORD),
    nonce: bytes.readUInt32BE(8),
    deadline: bytes.readUIntBE(3, 5),
    order: toHex(bytes.subarray(2 * WORD, 3 * WORD)),
  };
}

/** The redemption inside a packed transfer (without its signature). */
export function unpackRedemption(packed: PackedTransfer): RedemptionAuthorisation {
  const { payer, merchant: _none, ...rest } = unpackPayment(packed);
  return { merchant: payer, ...rest };
}

/** The 65-byte signature (v 27/28) inside a packed transfer. */
export function unpackSignature(packed: PackedTransfer): Hex {
  const bytes = view(packed);
  const signature = Buffer.alloc(65);
  bytes.copy(signature, 0, 3 * WORD, TRANSFER_BYTES);
  const vs = signature.readUInt8(32);
  signature.writeUInt8(vs & 0x7f, 32);
  signature.writeUInt8(27 + (vs >> 7), 64);
  return toHex(signature);
}

/** The five words as ethers wants them. */
export function toSignedTransfer(packed: PackedTransfer): SignedTransfer {
  const word = (index: number) => toHex(view(packed).subarray(index * WORD, (index + 1) * WORD));
  return { from: BigInt(word(0)), to: BigInt(word(1)), order: word(2), r: word(3), vs: word(4) };
}

const PAY_SELECTOR = selectorOf('pay');
const REDEEM_SELECTOR = selectorOf('redeem');

/** Calldata of `pay(items)`. 1 to 400 items, RangeError otherwise. */
export function encodePay(items: readonly PackedTransfer[]): Hex {
  return encodeBatch(PAY_SELECTOR, items);
}

/** Calldata of `redeem(items)`. 1 to 400 items, RangeError otherwise. */
export function encodeRedeem(items: readonly PackedTransfer[]): Hex {
  return encodeBatch(REDEEM_SELECTOR, items);
}

/** selector ‖ offset of the array ‖ its length ‖ the items: an array of static structs has no inner offsets. */
function encodeBatch(selector: Buffer, items: readonly PackedTransfer[]): Hex {
  if (items.length === 0 || items.length > BATCH_MAX) {
    throw new RangeError(`a batch has 1 to ${BATCH_MAX} items, not ${items.length}`);
  }
  const head = 4 + 2 * WORD;
  const calldata = Buffer.alloc(head + items.length * TRANSFER_BYTES);
  selector.copy(calldata);
  calldata.writeUInt32BE(WORD, 4 + WORD - 4);
  calldata.writeUInt32BE(items.length, head - 4);
  items.forEach((item, index) => view(item).copy(calldata, head + index * TRANSFER_BYTES));
  return toHex(calldata);
}

function view(packed: PackedTransfer): Buffer {
  if (packed.length !== TRANSFER_BYTES) {
    throw new RangeError(`a packed transfer has ${TRANSFER_BYTES} bytes, not ${packed.length}`);
  }
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
}

function selectorOf(name: 'pay' | 'redeem'): Buffer {
  return Buffer.from(vouchersInterface.getFunction(name)?.selector.slice(2) ?? '', 'hex');
}
