import type { Queryable } from '#persistence';
import type { EventPosition } from './batch.js';
import { numbers } from './columns.js';

/** The last two columns of every row: block numbers and log indexes. */
export function positions(events: readonly EventPosition[]): [string, string] {
  return [numbers(events.map((event) => event.blockNumber)), numbers(events.map((event) => event.logIndex))];
}

/**
 * Deletes the rows of the blocks that a reorg removed.
 *
 * @param tables constants of a projector, never input; children first
 */
export async function deleteAbove(tx: Queryable, tables: readonly string[], ancestor: bigint): Promise<void> {
  for (const table of tables) await tx.query(`DELETE FROM ${table} WHERE block_number > $1`, [ancestor]);
}

/** Empties small tables that others refer to, which TRUNCATE refuses; children first. */
export async function deleteAll(tx: Queryable, tables: readonly string[]): Promise<void> {
  for (const table of tables) await tx.query(`DELETE FROM ${table}`);
}
