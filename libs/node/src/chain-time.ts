import type { Queryable } from '#persistence';

/**
 * SQL of the moment at which what people signed is judged, in Unix seconds. APIs run on several machines whose clocks may be minutes
 * apart; the database has one, and where that is behind the newest block tells, which is what the contract goes by.
 */
export const TIME = `greatest(floor(extract(epoch FROM clock_timestamp()))::bigint,
  (SELECT b.timestamp FROM chain.cursor c JOIN chain.block b ON b.number = c.block_number))`;

/** That moment. */
export async function currentTime(db: Queryable): Promise<number> {
  const [row] = await db.query<{ time: bigint }>(`SELECT ${TIME} AS time`);
  return timeOf(row);
}

/** Reads it from a row that TIME is part of. */
export function timeOf(row: { readonly time: bigint } | undefined): number {
  if (row === undefined) throw new Error('there is no row with the time');
  return Number(row.time);
}
