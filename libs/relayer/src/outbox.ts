import type { Hex } from '#contracts';
import { type Queryable, toBytes } from '#persistence';

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

/**
 * Puts items into the outbox within the caller's transaction and wakes the relayers when it commits. An id that is
 * there already is left as it is, so that it may be called again.
 *
 * @returns how many were new
 */
export async function addToOutbox(tx: Queryable, items: readonly OutboxItem[]): Promise<number> {
  if (items.length === 0) return 0;
  const rows = await tx.query<{ added: bigint }>(
    `WITH added AS (
       INSERT INTO app.outbox (id, kind, payload, holder)
       SELECT * FROM unnest($1::bytea[], $2::app.outbox_kind[], $3::bytea[], $4::bytea[])
       ON CONFLICT (id) DO NOTHING RETURNING kind
     )
     SELECT count(*) AS added, pg_notify('${OUTBOX_CHANNEL}', kind::text) FROM added GROUP BY kind`,
    [
      items.map(({ id }) => toBytes(id)),
      items.map(({ kind }) => kind),
      items.map(({ payload }) => Buffer.from(payload)),
      items.map(({ holder }) => (holder === undefined ? null : toBytes(holder))),
    ],
    { prepared: true },
  );
  return rows.reduce((sum, { added }) => sum + Number(added), 0);
}
