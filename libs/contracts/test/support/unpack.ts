import {
  SERIES_PER_PAYMENT_MAX,
  TRANSFER_BYTES,
  type PackedTransfer,
  type PaymentAuthorisation,
  type StoredTransfer,
  type TransferFields,
} from '#contracts';

const WORD = 32;

/** The fields of a packed or stored order, read by their places in Transfer.sol. */
export function unpackTransfer(packed: PackedTransfer | StoredTransfer): TransferFields {
  const bytes = Buffer.from(packed);
  const hex = (from: number, to: number) => `0x${bytes.toString('hex', from, to)}`;
  const series = [bytes.readUInt32BE(3 * WORD - 4)];
  for (let index = 1; index < SERIES_PER_PAYMENT_MAX; index++) {
    const id = bytes.readUInt32BE(3 * WORD - 4 * (1 + index));
    if (id === 0) break;
    series.push(id);
  }
  return {
    account: hex(12, 32),
    recipient: hex(WORD + 12, 2 * WORD),
    amount: bytes.readBigUInt64BE(WORD + 4),
    series,
    nonce: bytes.readUInt32BE(8),
    deadline: bytes.readUIntBE(3, 5),
    order: hex(3 * WORD, TRANSFER_BYTES),
  };
}

/** The payment inside a packed or stored order. */
export function unpackPayment(packed: PackedTransfer | StoredTransfer): PaymentAuthorisation {
  const { account, recipient, ...rest } = unpackTransfer(packed);
  return { payer: account, merchant: recipient, ...rest };
}
