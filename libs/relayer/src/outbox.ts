import type { Hex } from '#contracts';
import { toBytes } from '#persistence';

/** What the relayer submits; payments and redemptions in batches, the others one per transaction. */
export const OUTBOX_KINDS = ['payment', 'redemption', 'issue_chunk', 'act', 'call'] as const;
export type OutboxKind = (typeof OUTBOX_KINDS)[number];

/** NOTIFY channel that wakes the relayers; the payload is the kind. */
export const OUTBOX_CHANNEL = 'jangteo_outbox';

/** decided_block of a row that left the outbox without the chain: the contract would refuse it for good. */
export const LEFT_WITHOUT_CHAIN = -1n;

/** One row to be relayed. */
export interface OutboxItem {
  /** Payment, redemption, act or order id; of a chunk see issueChunkId. */
  readonly id: Hex;
  readonly kind: OutboxKind;
  /** payment, redemption: the packed item of 128 bytes and its proof; issue_chunk, act, call: see callPayload. */
  readonly payload: Uint8Array;
  /** Whose value is reserved; for payments, redemptions and the calls that move what somebody holds. */
  readonly holder?: Hex;
}

/** Payload of an act, a chunk or a call: whom to call (20 bytes) and the call data. */
export function callPayload(target: Hex, call: Hex): Uint8Array {
  return Buffer.concat([toBytes(target), toBytes(call)]);
}
