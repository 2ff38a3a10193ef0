import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { OperatorError } from '#platform';
import type { TableEnd } from './archive-lines.js';
import { foreignKeysOf, tablesOf, triggersOf, type CopiedTable } from './catalogue.js';
import { EXACT_TEXT, fingerprintOf, type TableLine } from './copy-tables.js';
import { SCHEMAS_MADE } from './rules.js';

export interface Filled {
  readonly tables: number;
  readonly rows: number;
}

/**
 * Fills the empty tables, and compares each with what was copied, byte by byte: all or nothing, in one transaction.
 * Triggers are off meanwhile, because what they did is among the rows. To be called by the owner of the tables.
 *
 * @param check is called before the transaction ends; when it throws, nothing happened
 * @throws OperatorError when the database is in use already, or is not what the backup was made from
 */
export async function fillTables(
  client: Client,
  lines: AsyncIterable<TableLine>,
  check: () => Promise<void>,
): Promise<Filled> {
  await client.query('BEGIN');
  try {
    await client.query(EXACT_TEXT);
    const filled = await fill(client, lines);
    await check();
    await client.query('COMMIT');
    // What follows compares millions of rows, and the server's own look at them comes too late for that.
    await client.query('ANALYZE');
    return filled;
  } catch (error) {
    // A connection that is broken can't roll back any more; the server does it.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function fill(client: Client, lines: AsyncIterable<TableLine>): Promise<Filled> {
  const tables = await tablesOf(client);
  await requireEmpty(client, tables);
  const [triggers, keys] = [await triggersOf(client, tables), await foreignKeysOf(client, tables)];
  for (const { off } of [...triggers, ...keys]) await client.query(off);
  const ends = await load(client, tables, lines);
  // What is checked at the end of a transaction has to be checked before tables can be altered.
  await client.query('SET CONSTRAINTS ALL IMMEDIATE');
  for (const { on } of [...keys, ...triggers]) await client.query(on);
  let rows = 0;
  for (const table of tables) {
    const end = ends.get(table.name);
    if (end === undefined) throw new OperatorError(`The backup has no table ${table.name}; ${OTHER_RELEASE}`);
    const { count, sha256 } = await fingerprintOf(client, table);
    if (count !== end.count || sha256 !== end.sha256)
      throw new OperatorError(`The table ${table.name} is not what it was when it was copied.`);
    rows += count;
  }
  return { tables: tables.length, rows };
}

const OTHER_RELEASE = 'restore it with the release that made it.';

async function requireEmpty(client: Client, tables: readonly CopiedTable[]): Promise<void> {
  for (const { name, rule } of tables) {
    if (rule !== 'copied') continue;
    const { rowCount } = await client.query(`SELECT FROM ${name} LIMIT 1`);
    if (rowCount !== 0)
      throw new OperatorError('This database is in use: restore into an empty one (DATABASE_URL).');
  }
}

/** @returns how each table has to end up */
async function load(
  client: Client,
  tables: readonly CopiedTable[],
  lines: AsyncIterable<TableLine>,
): Promise<Map<string, TableEnd>> {
  const known = new Map(tables.map((table) => [table.name, table]));
  const ends = new Map<string, TableEnd>();
  const rest = lines[Symbol.asyncIterator]();
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    const line = next.value;
    if ('sequence' in line) {
      await continueSequence(client, line.sequence, line.next);
      continue;
    }
    if (!('table' in line)) throw new OperatorError('The backup has rows of no table.');
    const table = known.get(line.table);
    if (table === undefined || table.columns.join() !== line.columns.join())
      throw new OperatorError(`The backup has another table ${line.table}; ${OTHER_RELEASE}`);
    ends.set(table.name, await loadTable(client, table, rest));
  }
  return ends;
}

async function loadTable(
  client: Client,
  { name, columns, rule }: CopiedTable,
  rest: AsyncIterator<TableLine>,
): Promise<TableEnd> {
  let end: TableEnd | undefined;
  async function* rows(): AsyncGenerator<string> {
    for (;;) {
      const { value } = await rest.next();
      if (value !== undefined && 'rows' in value && rule === 'copied') {
        yield value.rows;
        continue;
      }
      if (value === undefined || !('endOf' in value) || value.endOf !== name)
        throw new OperatorError(`The backup’s table ${name} has no end.`);
      end = value;
      return;
    }
  }
  // Columns that are numbered by themselves take the numbers that are given; generated ones are not among them.
  if (rule === 'copied') {
    const into = client.query(copyFrom(`COPY ${name} (${columns.join(', ')}) FROM STDIN`));
    await pipeline(Readable.from(rows()), into);
  } else {
    await rows().next();
  }
  if (end === undefined) throw new Error('the table has no end');
  return end;
}

/** Unlike setval this is undone with the transaction. */
async function continueSequence(client: Client, sequence: string, next: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'S' AND format('%I.%I', n.nspname, c.relname) = $1`,
    [sequence],
  );
  const name = rows[0]?.name;
  if (name === undefined)
    throw new OperatorError(`The backup has another sequence ${sequence}; ${OTHER_RELEASE}`);
  await client.query(`ALTER SEQUENCE ${name} RESTART WITH ${BigInt(next)}`);
}

/** Whether the platform's migrations ever ran in this database. */
export async function hasSchemas(client: Client): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = ANY ($1)', [
    SCHEMAS_MADE,
  ]);
  return rowCount !== 0;
}

/** Takes away what migrations made in a database that had none of it. */
export async function dropSchemas(client: Client): Promise<void> {
  await client.query('BEGIN');
  await client.query(`DROP SCHEMA IF EXISTS ${SCHEMAS_MADE.join(', ')} CASCADE`);
  await client.query('DROP TABLE IF EXISTS public.schema_migration');
  await client.query('COMMIT');
}
