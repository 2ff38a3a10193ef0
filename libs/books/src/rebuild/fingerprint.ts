import { createHash } from 'node:crypto';
import type { Database, Queryable } from '#persistence';

/** sha256 over all rows of each table in key order, by table name. */
export type Fingerprint = Readonly<Record<string, string>>;

const ROWS_AT_ONCE = 5_000;
const TIMEOUT = '10min';

type TableRow = { name: string; key: string };

/**
 * What the tables of schemas hold, to the byte: equal exactly when all rows are. Reads one moment of the database, in
 * pieces, while others go on writing.
 *
 * @param schemas default: those that the indexer writes
 */
export function fingerprint(
  db: Database,
  schemas: readonly string[] = ['chain', 'books'],
): Promise<Fingerprint> {
  return db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await tx.query(`SET LOCAL statement_timeout = '${TIMEOUT}'`);
    const prints: Record<string, string> = {};
    for (const { name, key } of await tablesWithKeys(tx, schemas))
      prints[name] = await printOf(tx, name, key);
    return prints;
  });
}

/** The tables whose fingerprints differ, in alphabetical order. */
export function differingTables(one: Fingerprint, other: Fingerprint): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => one[name] !== other[name]).toSorted();
}

/** Names come quoted from the server itself. */
function tablesWithKeys(tx: Queryable, schemas: readonly string[]): Promise<TableRow[]> {
  return tx.query<TableRow>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name,
            string_agg(format('%I', a.attname), ', ' ORDER BY k.position) AS key
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
       CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, position)
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
      WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      GROUP BY 1 ORDER BY 1`,
    [schemas],
  );
}

async function printOf(tx: Queryable, table: string, key: string): Promise<string> {
  const hash = createHash('sha256');
  await tx.query(
    `DECLARE rows_of_table NO SCROLL CURSOR FOR SELECT t::text AS row FROM ${table} t ORDER BY ${key}`,
  );
  for (;;) {
    const rows = await tx.query<{ row: string }>(`FETCH FORWARD ${ROWS_AT_ONCE} FROM rows_of_table`);
    for (const { row } of rows) hash.update(row).update('\n');
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await tx.query('CLOSE rows_of_table');
  return hash.digest('hex');
}
