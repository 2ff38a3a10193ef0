import { type Database, type Queryable } from '#persistence';
import { OperatorError } from '#platform';
import type { TablePage } from './archive.js';

const ROWS_PER_PAGE = 1_000;
/** Comes with the migrations. */
const NOT_COPIED = new Set(['region']);
const NAME = /^[a-z_]+$/;

/** What people submitted: every table of `app`; `chain` and `books` follow from the chain. Parents come first. */
async function tablesToCopy(db: Queryable): Promise<string[]> {
  const tables = await db.query<{ name: string; parents: string[] }>(
    `SELECT c.relname AS name,
            ARRAY(SELECT p.relname::text FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid
                   WHERE k.conrelid = c.oid AND k.contype = 'f' AND p.oid <> c.oid) AS parents
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'app' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname`,
  );
  const waiting = tables.filter(({ name }) => !NOT_COPIED.has(name));
  const ordered: string[] = [];
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ parents }) =>
      parents.every((one) => !waiting.some((w) => w.name === one)),
    );
    const [next] = waiting.splice(Math.max(at, 0), 1);
    if (next === undefined || at < 0)
      throw new Error('tables of the schema app refer to each other in a circle');
    ordered.push(next.name);
  }
  return ordered;
}

/** Names of the applied migrations, oldest first. */
export async function appliedMigrations(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ name: string }>('SELECT name FROM schema_migration ORDER BY id');
  return rows.map(({ name }) => name);
}

/** Every row that people's requests made, as of one moment, while others go on writing. */
export async function* copyTables(tx: Queryable): AsyncGenerator<TablePage> {
  for (const table of await tablesToCopy(tx)) {
    await tx.query(
      `DECLARE rows_to_copy NO SCROLL CURSOR FOR SELECT to_json(t)::text AS row FROM app.${quoted(table)} t`,
    );
    for (;;) {
      const rows = await tx.query<{ row: string }>(`FETCH FORWARD ${ROWS_PER_PAGE} FROM rows_to_copy`);
      if (rows.length > 0) yield { table, rows: `[${rows.map(({ row }) => row).join(',')}]` };
      if (rows.length < ROWS_PER_PAGE) break;
    }
    await tx.query('CLOSE rows_to_copy');
  }
}

/**
 * Fills the empty tables, all or nothing.
 *
 * @throws OperatorError when the database is in use already
 */
export async function fillTables(db: Database, pages: AsyncIterable<TablePage>): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const known = new Set(await tablesToCopy(tx));
    for (const table of known) {
      const [found] = await tx.query<{ some: boolean }>(
        `SELECT EXISTS (SELECT FROM app.${quoted(table)}) AS some`,
      );
      if (found?.some === true)
        throw new OperatorError('This database is in use: restore into an empty one.');
    }
    let inserted = 0;
    for await (const { table, rows } of pages) {
      if (!known.has(table))
        throw new OperatorError(`The backup has a table that is not known here: ${table}.`);
      const [count] = await tx.query<{ count: bigint }>(
        `WITH added AS (INSERT INTO app.${quoted(table)} OVERRIDING SYSTEM VALUE
           SELECT * FROM json_populate_recordset(NULL::app.${quoted(table)}, $1::json) RETURNING 1)
         SELECT count(*) AS count FROM added`,
        [rows],
      );
      inserted += Number(count?.count ?? 0n);
    }
    await continueSequences(tx);
    return inserted;
  });
}

async function continueSequences(tx: Queryable): Promise<void> {
  const columns = await tx.query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
      WHERE table_schema = 'app' AND is_identity = 'YES'`,
  );
  for (const { table, column } of columns) {
    await tx.query(
      `SELECT setval(pg_get_serial_sequence('app.${quoted(table)}', '${column}'), max(${quoted(column)}))
         FROM app.${quoted(table)} HAVING max(${quoted(column)}) IS NOT NULL`,
    );
  }
}

function quoted(name: string): string {
  if (!NAME.test(name)) throw new Error(`not a name of ours: ${name}`);
  return `"${name}"`;
}
