import { toHex, writeHex, writeUint32, writeUint40, writeUint64, type Hex } from './bytes.js';
import type {
  CancellationAuthorisation,
  CirculationAuthorisation,
  GiftAuthorisation,
  MerchantCancellationAuthorisation,
  PaymentAuthorisation,
  RedemptionAuthorisation,
  RefundAuthorisation,
  VoidAuthorisation,
} from './messages.js';
import { proofBytes } from './proofs.js';
import { SERIES_PER_PAYMENT_MAX } from './typed-data.js';

/** Bytes of one packed order. */
export const TRANSFER_BYTES = 128;

/** An order as the contracts want it: four words, 128 bytes (Transfer.sol). */
export type PackedTransfer = Uint8Array;

/**
 * An order with its proof: 128 bytes ‖ proof. It can be stored as it is and put into a batch without any further work.
 */
export type StoredTransfer = Uint8Array;

/** The four words for ethers (e.g. to call previewPayments by its ABI). */
export interface TransferWords {
  readonly from: bigint;
  readonly to: bigint;
  readonly series: bigint;
  readonly order: Hex;
}

/** The fields of a packed order of any kind. */
export interface TransferFields {
  readonly account: Hex;
  /** zero in redemptions and refunds */
  readonly recipient: Hex;
  readonly amount: bigint;
  readonly series: readonly number[];
  readonly nonce: number;
  readonly deadline: number;
  readonly order: Hex;
}

const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';
const WORD = 32;

/**
 * Packs the fields of an order. RangeError when a value is out of range, when there are not 1 to 8 series, or when one
 * of several is 0 (it would end the list).
 */
export function packTransfer(item: TransferFields): PackedTransfer {
  const packed = Buffer.alloc(TRANSFER_BYTES);
  writeTransfer(packed, item);
  return packed;
}

function writeTransfer(packed: Buffer, item: TransferFields): void {
  const { series } = item;
  if (series.length === 0 || series.length > SERIES_PER_PAYMENT_MAX) {
    throw new RangeError(`series: expected 1 to ${SERIES_PER_PAYMENT_MAX}, got ${series.length}`);
  }
  if (series.length > 1 && series.includes(0)) throw new RangeError('series: 0 ends the list');
  writeUint40(packed, 3, item.deadline, 'deadline');
  writeUint32(packed, 8, item.nonce, 'nonce');
  writeHex(packed, 12, item.account, 20, 'account');
  writeUint64(packed, WORD + 4, item.amount, 'amount');
  writeHex(packed, WORD + 12, item.recipient, 20, 'recipient');
  series.forEach((id, index) => writeUint32(packed, 3 * WORD - 4 * (1 + index), id, 'series'));
  writeHex(packed, 3 * WORD, item.order, 32, 'order');
}

const ofPayment = (item: PaymentAuthorisation): TransferFields => ({
  ...item,
  account: item.payer,
  recipient: item.merchant,
});
const ofRedemption = (item: RedemptionAuthorisation): TransferFields => ({
  ...item,
  account: item.merchant,
  recipient: ZERO_ADDRESS,
  series: [item.series],
});

/** A payment's four words. Errors as packTransfer; so for all kinds. */
export const paymentTransfer = (item: PaymentAuthorisation): PackedTransfer => packTransfer(ofPayment(item));

/** A redemption's four words. */
export const redemptionTransfer = (item: RedemptionAuthorisation): PackedTransfer =>
  packTransfer(ofRedemption(item));

/**
 * A void's four words: from the merchant to the payer, whom the merchant did not sign and the receipt proves. The payment
 * itself is named by its receipt.
 */
export const voidTransfer = (item: VoidAuthorisation, payer: Hex): PackedTransfer =>
  packTransfer({ ...item, account: item.merchant, recipient: payer, series: [item.series] });

/** A gift's four words. */
export const giftTransfer = (item: GiftAuthorisation): PackedTransfer =>
  packTransfer({ ...item, account: item.giver, recipient: item.receiver, series: [item.series] });

/** A circulation's four words. */
export const circulationTransfer = (item: CirculationAuthorisation): PackedTransfer =>
  packTransfer({ ...item, account: item.merchant, series: [item.series] });

/** A refund's four words. */
export const refundTransfer = (item: RefundAuthorisation): PackedTransfer =>
  packTransfer({ ...item, recipient: ZERO_ADDRESS, series: [item.series] });

/** A cancellation's four words; the count of nonces stands where others have the amount. */
export const cancellationTransfer = (item: CancellationAuthorisation): PackedTransfer =>
  packTransfer({ ...item, amount: BigInt(item.count), recipient: ZERO_ADDRESS, series: [item.series] });

/** The same of a merchant's cancellation. */
export const merchantCancellationTransfer = (item: MerchantCancellationAuthorisation): PackedTransfer =>
  cancellationTransfer({ ...item, account: item.merchant });

/**
 * A payment with its proof, to be stored and sent. RangeError when a value is out of range, SignatureError when the
 * proof is no bytes or too long. Whether the payer signed it: see verifyProof.
 */
export function packPayment(payment: PaymentAuthorisation, proof: Hex | Uint8Array): StoredTransfer {
  return storeTransfer(ofPayment(payment), proof);
}

/** A redemption with its proof; errors as packPayment. */
export function packRedemption(redemption: RedemptionAuthorisation, proof: Hex | Uint8Array): StoredTransfer {
  return storeTransfer(ofRedemption(redemption), proof);
}

/** An order of any kind with its proof; errors as packPayment. */
export function storeTransfer(
  item: TransferFields | PackedTransfer,
  proof: Hex | Uint8Array,
): StoredTransfer {
  const behind = proofBytes(proof);
  const stored = Buffer.allocUnsafe(TRANSFER_BYTES + behind.length).fill(0, 0, TRANSFER_BYTES);
  if (item instanceof Uint8Array) stored.set(view(item));
  else writeTransfer(stored, item);
  stored.set(behind, TRANSFER_BYTES);
  return stored;
}

/** The proof inside a stored order. */
export function proofOf(stored: StoredTransfer): Buffer {
  return wholeView(stored).subarray(TRANSFER_BYTES);
}

/** The four words as ethers wants them. */
export function toTransfer(packed: PackedTransfer | StoredTransfer): TransferWords {
  const bytes = view(packed);
  const word = (index: number) => toHex(bytes.subarray(index * WORD, (index + 1) * WORD));
  return { from: BigInt(word(0)), to: BigInt(word(1)), series: BigInt(word(2)), order: word(3) };
}

/** The 128 bytes of the order. */
function view(packed: Uint8Array): Buffer {
  return wholeView(packed).subarray(0, TRANSFER_BYTES);
}

function wholeView(packed: Uint8Array): Buffer {
  if (packed.length < TRANSFER_BYTES) {
    throw new RangeError(`an order has ${TRANSFER_BYTES} bytes at least, not ${packed.length}`);
  }
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
}
