import { type Queryable, toBytes, toHex } from '#persistence';
import { bytes, numbers } from './columns.js';
import type { IndexedBlock } from './batch.js';

/** The last block that is in the tables. */
export interface Cursor {
  readonly number: bigint;
  readonly hash: string;
}

type CursorRow = { block_number: bigint; block_hash: Buffer };

/** Null before the first block. `lock` keeps others from moving it until the transaction ends. */
export async function readCursor(db: Queryable, lock = false): Promise<Cursor | null> {
  const [row] = await db.query<CursorRow>(
    `SELECT block_number, block_hash FROM chain.cursor ${lock ? 'FOR UPDATE' : ''}`,
  );
  return row ? { number: row.block_number, hash: toHex(row.block_hash) } : null;
}

/** The last block that is in the tables with its time in Unix seconds; null before the first. */
export async function readCursorBlock(db: Queryable): Promise<{ number: bigint; timestamp: number } | null> {
  const [row] = await db.query<{ number: bigint; timestamp: bigint }>(
    `SELECT b.number, b.timestamp FROM chain.cursor c JOIN chain.block b ON b.number = c.block_number`,
  );
  return row ? { number: row.number, timestamp: Number(row.timestamp) } : null;
}

export async function writeCursor(tx: Queryable, cursor: Cursor | null): Promise<void> {
  if (cursor === null) {
    await tx.query('DELETE FROM chain.cursor');
    return;
  }
  await tx.query(
    `INSERT INTO chain.cursor (block_number, block_hash) VALUES ($1, $2)
     ON CONFLICT (only_row) DO UPDATE SET block_number = excluded.block_number, block_hash = excluded.block_hash`,
    [cursor.number, toBytes(cursor.hash)],
  );
}

export async function insertBlocks(tx: Queryable, blocks: readonly IndexedBlock[]): Promise<void> {
  await tx.query(
    `INSERT INTO chain.block (number, hash, parent_hash, timestamp)
     SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[])`,
    [
      numbers(blocks.map((block) => block.number)),
      bytes(blocks.map((block) => block.hash)),
      bytes(blocks.map((block) => block.parentHash)),
      numbers(blocks.map((block) => block.timestamp)),
    ],
  );
}

/** The stored blocks of a range, newest first. */
export async function readBlocks(db: Queryable, from: bigint, to: bigint): Promise<Cursor[]> {
  const rows = await db.query<{ number: bigint; hash: Buffer }>(
    'SELECT number, hash FROM chain.block WHERE number BETWEEN $1 AND $2 ORDER BY number DESC',
    [from, to],
  );
  return rows.map((row) => ({ number: row.number, hash: toHex(row.hash) }));
}

export async function deleteBlocksAbove(tx: Queryable, ancestor: bigint): Promise<void> {
  await tx.query('DELETE FROM chain.block WHERE number > $1', [ancestor]);
}

export async function deleteAllBlocks(tx: Queryable): Promise<void> {
  await tx.query('TRUNCATE chain.block, chain.cursor');
}

/** Notifies the listeners of `jangteo_block`; delivered when the transaction commits. */
export async function notifyBlock(tx: Queryable, number: bigint): Promise<void> {
  await tx.query(`SELECT pg_notify('jangteo_block', $1)`, [String(number)]);
}
