import type { Queryable } from '#persistence';

/**
 * SQL of the moment at which orders are judged, in Unix seconds. APIs run on several machines whose clocks may be minutes
 * apart; the database has one, and where that is behind the newest block tells, which is what the contract goes by.
 */
export const TIME = `greatest(floor(extract(epoch FROM clock_timestamp()))::bigint,
  (SELECT b.timestamp FROM chain.cursor c JOIN chain.block b ON b.number = c.block_number))`;

/** That moment. */
export async function currentTime(db: Queryable): Promise<number> {
  const [row] = await db.query<{ time: bigint }>(`SELECT ${TIME} AS time`);
  return timeOf(row);
}

export function timeOf(row: { readonly time: bigint } | undefined): number {
  if (row === undefined) throw new Error('a SELECT without FROM gives one row');
  return Number(row.time);
}
