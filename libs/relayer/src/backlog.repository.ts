import type { Hex } from '#contracts';
import { type Queryable, toHex } from '#persistence';
import { OUTBOX_KINDS, type OutboxKind } from './outbox.js';

/** The rows of one kind that the chain has not decided yet. */
export interface Backlog {
  readonly kind: OutboxKind;
  /** Rows that are in no transaction. */
  readonly waiting: number;
  /** Rows in a transaction that no indexed block contains. */
  readonly submitted: number;
  /** Age of the oldest of both, in seconds; 0 when there is none. */
  readonly oldestSeconds: number;
}

/** The journal of a relayer key. */
export interface KeyJournal {
  readonly relayer: Hex;
  /** Transactions that no indexed block contains. */
  readonly open: number;
  /** The nonce after the last one that the journal holds. */
  readonly nextNonce: number;
}

/** The outbox by kind, kinds without rows included. Reads undecided rows alone, by their partial indexes. */
export async function readBacklog(db: Queryable): Promise<Backlog[]> {
  const rows = await db.query<{ kind: OutboxKind; waiting: bigint; submitted: bigint; oldest: number }>(
    `SELECT kind, count(*) FILTER (WHERE relay_hash IS NULL) AS waiting,
            count(*) FILTER (WHERE relay_hash IS NOT NULL) AS submitted,
            greatest(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest
       FROM app.outbox WHERE decided_block IS NULL GROUP BY kind`,
  );
  const found = new Map(rows.map((row) => [row.kind, row]));
  return OUTBOX_KINDS.map((kind) => {
    const row = found.get(kind);
    return {
      kind,
      waiting: Number(row?.waiting ?? 0n),
      submitted: Number(row?.submitted ?? 0n),
      oldestSeconds: row?.oldest ?? 0,
    };
  });
}

/** Every relayer key that the journal knows. */
export async function readKeys(db: Queryable): Promise<KeyJournal[]> {
  const rows = await db.query<{ relayer: Buffer; open: bigint; next: bigint }>(
    `SELECT relayer, count(*) FILTER (WHERE mined_block IS NULL) AS open, max(nonce) + 1 AS next
       FROM app.relay_transaction GROUP BY relayer ORDER BY relayer`,
  );
  return rows.map(({ relayer, open, next }) => ({
    relayer: toHex(relayer),
    open: Number(open),
    nextNonce: Number(next),
  }));
}
