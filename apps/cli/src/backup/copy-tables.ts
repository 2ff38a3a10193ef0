import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { SequenceLine, TableEnd, TableHead, TableRows } from './archive-lines.js';
import { sequencesOf, tablesOf, type CopiedTable } from './catalogue.js';

/** Rows go into one line of the archive up to about so many bytes. */
const LINE_BYTES = 256 * 1024;
const NEW_LINE = 0x0a;

export type TableLine = TableHead | TableRows | TableEnd | SequenceLine;

/** The text of a value must not depend on the settings of a server or session. */
export const EXACT_TEXT = `
  SET LOCAL statement_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = 0;
  SET LOCAL search_path = pg_catalog;
  SET LOCAL timezone = 'UTC';
  SET LOCAL datestyle = 'ISO, YMD';
  SET LOCAL intervalstyle = 'iso_8601';
  SET LOCAL bytea_output = 'hex';
  SET LOCAL extra_float_digits = 1`;

/**
 * Begins a transaction that sees all tables as of one moment, while others go on writing. The locks come first:
 * against what is done to a whole table (TRUNCATE, ALTER) a snapshot alone is no help.
 *
 * @returns the tables; the transaction ends with the connection
 */
export async function holdMoment(client: Client): Promise<CopiedTable[]> {
  const tables = await tablesOf(client);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(EXACT_TEXT);
  await client.query(`LOCK TABLE ${tables.map(({ name }) => name).join(', ')} IN ACCESS SHARE MODE`);
  // The first statement that reads makes the snapshot.
  await client.query('SELECT count(*) FROM pg_class');
  return tables;
}

/** Names of the applied migrations, oldest first. */
export async function appliedMigrations(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM public.schema_migration ORDER BY id',
  );
  return rows.map(({ name }) => name);
}

/**
 * Every row of every table, then the sequences, to be read in a moment that is held.
 *
 * @param lineBytes about how much goes into one line
 */
export async function* copyTables(
  client: Client,
  tables: readonly CopiedTable[],
  lineBytes = LINE_BYTES,
): AsyncGenerator<TableLine> {
  for (const table of tables) {
    const { name, columns, rule } = table;
    yield { table: name, columns };
    const sum = new RowSum();
    for await (const rows of rowsOf(client, table, lineBytes)) {
      sum.add(rows);
      if (rule === 'copied') yield { rows: rows.toString('utf8') };
    }
    yield { endOf: name, ...sum.end() };
  }
  // After the rows: a number that was taken meanwhile is no loss, one that comes again would be.
  yield* await sequencesOf(client);
}

/** Number and SHA-256 of a table's rows. Equal exactly when all rows are, to the byte. */
export async function fingerprintOf(
  client: Client,
  table: CopiedTable,
): Promise<{ count: number; sha256: string }> {
  const sum = new RowSum();
  for await (const rows of rowsOf(client, table, LINE_BYTES)) sum.add(rows);
  return sum.end();
}

class RowSum {
  private readonly hash = createHash('sha256');
  private count = 0;

  add(rows: Buffer): void {
    this.hash.update(rows);
    // A row's own line ends are escaped in this format.
    for (let at = rows.indexOf(NEW_LINE); at !== -1; at = rows.indexOf(NEW_LINE, at + 1)) this.count += 1;
  }

  end(): { count: number; sha256: string } {
    return { count: this.count, sha256: this.hash.digest('hex') };
  }
}

/** Whole rows, in the order of the key. */
async function* rowsOf(
  client: Client,
  { name, columns, order }: CopiedTable,
  lineBytes: number,
): AsyncGenerator<Buffer> {
  const stream = client.query(
    copyTo(`COPY (SELECT ${columns.join(', ')} FROM ${name} t ORDER BY ${order}) TO STDOUT`),
  );
  let begun = Buffer.alloc(0);
  for await (const chunk of chunksOf(stream)) {
    begun = Buffer.concat([begun, chunk]);
    while (begun.length >= lineBytes) {
      const full = begun.lastIndexOf(NEW_LINE, lineBytes);
      const end = (full === -1 ? begun.indexOf(NEW_LINE) : full) + 1;
      // A row that is longer than a line ends later.
      if (end === 0) break;
      yield begun.subarray(0, end);
      begun = begun.subarray(end);
    }
  }
  if (begun.length > 0) yield begun;
}

async function* chunksOf(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) throw new Error('COPY gave something else than bytes');
    yield chunk;
  }
}
