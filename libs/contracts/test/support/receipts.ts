import type { TransactionReceipt } from 'ethers';
import { koreanDayIndex } from '#domain';
import {
  decodeLog,
  receiptOf,
  type ContractEvent,
  type Receipt,
  type ReceiptEntry,
} from '../../src/index.js';

const ZERO_ADDRESS = `0x${'00'.repeat(20)}`;

/** Receipts of all that a transaction at `now` paid or redeemed, in the order of its events. */
export function receiptsOf({ logs }: TransactionReceipt, now: number): Receipt[] {
  const events = logs.map(decodeLog).filter((event) => event !== null);
  const entries = events.flatMap((event) => entryOf(event, koreanDayIndex(now)));
  const batch = events.find((event) => event.name === 'ReceiptsStored')?.batch;
  if (batch === undefined) throw new Error('nothing was settled');
  return entries.map((_entry, index) => receiptOf(entries, index, BigInt(batch)));
}

function entryOf(event: ContractEvent, day: number): ReceiptEntry[] {
  if (event.name === 'Paid') {
    const { payment: id, payer: subject, merchant: other, series, amount } = event;
    return [{ id, subject, other, series, amount, day }];
  }
  if (event.name !== 'Redeemed') return [];
  const { redemption: id, merchant: subject, series, amount } = event;
  return [{ id, subject, other: ZERO_ADDRESS, series, amount, day }];
}
