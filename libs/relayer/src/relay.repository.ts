import type { Hex } from '#contracts';
import { type Database, type Queryable, type Transaction, toBytes, toHex } from '#persistence';
import type { SignedTransaction } from '#node';
import { LEFT_WITHOUT_CHAIN, type OutboxKind } from './outbox.js';
import { registerRelayer } from './relayers.repository.js';

/** A row that is in no transaction yet. */
export interface WaitingItem {
  readonly id: Buffer;
  readonly payload: Buffer;
  readonly failures: number;
}

/** A transaction of the journal that the indexer has not seen in a block, or that a reorg may have removed. */
export interface JournalledTransaction {
  readonly relayer: Hex;
  readonly nonce: number;
  readonly hash: Hex;
  /** The indexer saw it in a block once. */
  readonly wasInBlock: boolean;
}

/** An item whose transaction is in a block and which is undecided there: its transaction was reverted. */
export interface FailedItem {
  readonly id: Hex;
  readonly kind: OutboxKind;
  readonly failures: number;
}

/**
 * The rows that a key relays: those of holders with number `place` modulo `of`, and rows of other keys that have waited
 * for longer than `takeoverAfterMs`.
 */
export interface Share {
  readonly place: number;
  readonly of: number;
  /** How old a row of another share must be. */
  readonly takeoverAfterMs: number;
}

type WaitingRow = { id: Buffer; payload: Buffer; failures: number };

const WAITING = `relay_hash IS NULL AND decided_block IS NULL AND (retry_at IS NULL OR retry_at <= now())`;
/**
 * One key relays all orders of a holder, so that a node can't take them in another sequence than they were signed in, not
 * even after a reorg. Another key takes over rows that this key leaves waiting.
 */
const OF_SHARE = `(holder IS NULL OR get_byte(holder, 19) % $4 = $3 OR created_at < now() - interval '1 millisecond' * $5)`;

/** The outbox and the journal of relay transactions. */
export class RelayRepository {
  constructor(private readonly db: Database) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  /** Writes down whose key relays, before its first transaction: only refusals in these decide. */
  register(relayer: Hex): Promise<void> {
    return registerRelayer(this.db, relayer);
  }

  /**
   * The oldest waiting rows of a kind, without taking them. A call waits until the earlier orders of its
   * holder are decided: a refund is of what payments leave, and those are in other transactions.
   */
  async peek(kind: OutboxKind, limit: number, { place, of, takeoverAfterMs }: Share): Promise<WaitingItem[]> {
    return this.db.query<WaitingRow>(
      `SELECT id, payload, failures FROM app.outbox o WHERE kind = $1 AND ${WAITING} AND ${OF_SHARE}
          AND NOT EXISTS (SELECT 1 FROM app.outbox e
                           WHERE e.holder = o.holder AND e.decided_block IS NULL AND e.seq < o.seq)
        ORDER BY seq LIMIT $2`,
      [kind, limit, place, of, takeoverAfterMs],
    );
  }

  /** Locks the oldest waiting rows of a kind until the transaction ends; rows that others hold are passed over. */
  async take(
    tx: Queryable,
    kind: OutboxKind,
    limit: number,
    { place, of, takeoverAfterMs }: Share,
  ): Promise<WaitingItem[]> {
    return tx.query<WaitingRow>(
      `SELECT id, payload, failures FROM app.outbox WHERE kind = $1 AND ${WAITING} AND ${OF_SHARE}
        ORDER BY seq LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [kind, limit, place, of, takeoverAfterMs],
    );
  }

  /** The same for one row; empty when another process holds it. */
  async takeOne(tx: Queryable, id: Buffer): Promise<WaitingItem[]> {
    return tx.query<WaitingRow>(
      `SELECT id, payload, failures FROM app.outbox WHERE id = $1 AND ${WAITING} FOR UPDATE SKIP LOCKED`,
      [id],
    );
  }

  /** Open transactions of a key and the smallest nonce from `floor` on that its journal does not hold. */
  async place(tx: Queryable, relayer: Hex, floor: number): Promise<{ open: number; nonce: number }> {
    const [row] = await tx.query<{ open: bigint; nonce: bigint }>(
      `SELECT (SELECT count(*) FROM app.relay_transaction WHERE relayer = $1 AND mined_block IS NULL) AS open,
              (SELECT min(c.nonce) FROM (
                 SELECT $2::bigint AS nonce
                 UNION ALL
                 SELECT t.nonce + 1 FROM app.relay_transaction t WHERE t.relayer = $1 AND t.nonce >= $2) c
                WHERE NOT EXISTS (SELECT 1 FROM app.relay_transaction t
                                   WHERE t.relayer = $1 AND t.nonce = c.nonce)) AS nonce`,
      [toBytes(relayer), floor],
    );
    return { open: Number(row?.open ?? 0n), nonce: Number(row?.nonce ?? floor) };
  }

  /** The largest nonce of a key's journal; -1 for an empty one. */
  async lastNonce(relayer: Hex): Promise<number> {
    const [row] = await this.db.query<{ last: bigint | null }>(
      `SELECT max(nonce) AS last FROM app.relay_transaction WHERE relayer = $1`,
      [toBytes(relayer)],
    );
    return Number(row?.last ?? -1n);
  }

  /**
   * Writes a signed transaction and the rows that it contains. It must be committed before it is sent.
   *
   * @param gas what it may use
   */
  async journal(
    tx: Queryable,
    relayer: Hex,
    nonce: number,
    signed: SignedTransaction,
    gas: number,
    ids: readonly Buffer[],
  ): Promise<void> {
    await tx.query(
      `WITH submitted AS (UPDATE app.outbox SET relay_hash = $3 WHERE id = ANY ($5::bytea[]))
       INSERT INTO app.relay_transaction (relayer, nonce, hash, raw, items, gas) VALUES ($1, $2, $3, $4, $6, $7)`,
      [toBytes(relayer), nonce, toBytes(signed.hash), toBytes(signed.raw), ids, ids.length, gas],
    );
  }

  async markSent(hash: Hex): Promise<void> {
    await this.db.query(
      `UPDATE app.relay_transaction SET sent_at = now() WHERE hash = $1 AND sent_at IS NULL`,
      [toBytes(hash)],
    );
  }

  /** What has to reach the node again: everything open, and everything from `floor` on (a reorg removed it). */
  async unsettled(relayer: Hex, floor: number, limit: number): Promise<JournalledTransaction[]> {
    const rows = await this.db.query<{ nonce: bigint; hash: Buffer; known: boolean }>(
      `SELECT nonce, hash, mined_block IS NOT NULL OR lost_block IS NOT NULL AS known FROM app.relay_transaction
        WHERE relayer = $1 AND (mined_block IS NULL OR nonce >= $2) ORDER BY nonce LIMIT $3`,
      [toBytes(relayer), floor, limit],
    );
    return rows.map((row) => ({
      relayer,
      nonce: Number(row.nonce),
      hash: toHex(row.hash),
      wasInBlock: row.known,
    }));
  }

  /** Keys with transactions that are, or were, in blocks, and the largest nonce of these. */
  async keysInBlocks(): Promise<{ relayer: Hex; last: number }[]> {
    const rows = await this.db.query<{ relayer: Buffer; last: bigint }>(
      `SELECT relayer, max(nonce) AS last FROM app.relay_transaction
        WHERE mined_block IS NOT NULL OR lost_block IS NOT NULL GROUP BY relayer`,
    );
    return rows.map(({ relayer, last }) => ({ relayer: toHex(relayer), last: Number(last) }));
  }

  /** The first of what was in blocks and is not any more, in the order of these blocks: as many as `gas` is enough for. */
  async lost(
    keys: readonly { readonly relayer: Hex; readonly floor: number }[],
    gas: number,
  ): Promise<JournalledTransaction[]> {
    const rows = await this.db.query<{ relayer: Buffer; nonce: bigint; hash: Buffer }>(
      `SELECT relayer, nonce, hash
         FROM (SELECT t.relayer, t.nonce, t.hash, row_number() OVER w AS place, sum(t.gas) OVER w AS gas
                 FROM unnest($1::bytea[], $2::bigint[]) AS k (relayer, floor)
                 JOIN app.relay_transaction t ON t.relayer = k.relayer AND t.nonce >= k.floor
                WHERE t.mined_block IS NOT NULL OR t.lost_block IS NOT NULL
               WINDOW w AS (ORDER BY coalesce(t.mined_block, t.lost_block), t.block_place, t.relayer, t.nonce)) l
        WHERE gas <= $3 OR place = 1 ORDER BY place`,
      [keys.map(({ relayer }) => toBytes(relayer)), keys.map(({ floor }) => floor), gas],
    );
    return rows.map(({ relayer, nonce, hash }) => ({
      relayer: toHex(relayer),
      nonce: Number(nonce),
      hash: toHex(hash),
      wasInBlock: true,
    }));
  }

  /** The bytes of journalled transactions; discarded ones are absent. */
  async raws(hashes: readonly Hex[]): Promise<Map<Hex, Hex>> {
    if (hashes.length === 0) return new Map();
    const rows = await this.db.query<{ hash: Buffer; raw: Buffer }>(
      `SELECT hash, raw FROM app.relay_transaction WHERE hash = ANY ($1::bytea[])`,
      [hashes.map(toBytes)],
    );
    return new Map(rows.map(({ hash, raw }) => [toHex(hash), toHex(raw)]));
  }

  /** Keys whose transactions contain undecided rows. */
  async keysWithOpenRows(): Promise<Hex[]> {
    const rows = await this.db.query<{ relayer: Buffer }>(
      `SELECT DISTINCT t.relayer FROM app.outbox o JOIN app.relay_transaction t ON t.hash = o.relay_hash
        WHERE o.relay_hash IS NOT NULL AND o.decided_block IS NULL`,
    );
    return rows.map(({ relayer }) => toHex(relayer));
  }

  /** The block that the indexer has reached; null before its first one. */
  async indexedBlock(): Promise<bigint | null> {
    const [row] = await this.db.query<{ block_number: bigint }>(`SELECT block_number FROM chain.cursor`);
    return row?.block_number ?? null;
  }

  /**
   * Takes a transaction that can never be mined out of the journal; its undecided rows wait again.
   *
   * @param failed counts the attempt against the rows
   */
  async discard(hash: Hex, failed: boolean): Promise<void> {
    await this.db.query(
      `WITH discarded AS (DELETE FROM app.relay_transaction WHERE hash = $1)
       UPDATE app.outbox SET relay_hash = NULL, failures = failures + $2
        WHERE relay_hash = $1 AND decided_block IS NULL`,
      [toBytes(hash), failed ? 1 : 0],
    );
  }

  /**
   * Rows whose transaction is in an indexed block and which that block left undecided (reverted, out of gas) wait
   * again. From the third failure on the pause doubles from 1 s to about 8 minutes: such a row gets a transaction of its own.
   */
  async releaseFailed(relayer: Hex): Promise<FailedItem[]> {
    const rows = await this.db.query<{ id: Buffer; kind: OutboxKind; failures: number }>(
      `UPDATE app.outbox o
          SET relay_hash = NULL, failures = least(o.failures + 1, 1000),
              retry_at = CASE WHEN o.failures < 2 THEN NULL
                              ELSE now() + interval '1 second' * power(2, least(o.failures - 2, 9)) END
         FROM app.relay_transaction t
        WHERE o.relay_hash IS NOT NULL AND o.decided_block IS NULL
          AND t.hash = o.relay_hash AND t.relayer = $1 AND t.mined_block IS NOT NULL
       RETURNING o.id, o.kind, o.failures`,
      [toBytes(relayer)],
    );
    return rows.map(({ id, kind, failures }) => ({ id: toHex(id), kind, failures }));
  }

  /** Forgets transactions that were mined before a block so old that it can't be lost any more; 64 at a time. */
  async prune(relayer: Hex, floor: number, before: bigint): Promise<void> {
    await this.db.query(
      `DELETE FROM app.relay_transaction WHERE relayer = $1 AND nonce IN (
         SELECT nonce FROM app.relay_transaction
          WHERE relayer = $1 AND nonce < $2 AND mined_block < $3 ORDER BY nonce LIMIT 64)`,
      [toBytes(relayer), floor, before],
    );
  }

  /** Whether an act, a chunk or a call is on its way, on which the outcome of another one may depend. */
  async hasCallInFlight(): Promise<boolean> {
    const [row] = await this.db.query<{ some: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM app.outbox WHERE relay_hash IS NOT NULL AND decided_block IS NULL
                                                AND kind IN ('act', 'issue_chunk', 'call')) AS some`,
    );
    return row?.some ?? false;
  }

  /** Takes a row out of the outbox without the chain; false when another process holds it or the chain decided it. */
  async leave(tx: Queryable, id: Buffer): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE app.outbox SET decided_block = $2 WHERE id = $1 AND relay_hash IS NULL AND decided_block IS NULL
       RETURNING id`,
      [id, LEFT_WITHOUT_CHAIN],
    );
    return rows.length === 1;
  }

  /** A row is not looked at again before this many seconds have passed. */
  async postpone(id: Buffer, seconds: number): Promise<void> {
    await this.db.query(
      `UPDATE app.outbox SET retry_at = now() + interval '1 second' * $2
        WHERE id = $1 AND relay_hash IS NULL AND decided_block IS NULL`,
      [id, seconds],
    );
  }
}
