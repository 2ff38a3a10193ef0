import type { Client } from 'pg';
import { OperatorError } from '#platform';
import { ruleOf, type TableRule } from './rules.js';

/** A table as a backup sees it. Names are quoted by the server, ready for a statement. */
export interface CopiedTable {
  readonly name: string;
  readonly rule: Exclude<TableRule, 'left out'>;
  /** Without generated ones, which follow from the others. */
  readonly columns: readonly string[];
  /** What ORDER BY needs to give the same order on every server. */
  readonly order: string;
}

/** Something to be switched off while rows are filled in, and the statement that switches it on as it was. */
export interface Switch {
  readonly off: string;
  readonly on: string;
}

type RelationRow = {
  name: string;
  schema: string;
  kind: string;
  columns: string[];
  keys: string[];
};

/** A view has no rows of its own; what belongs to an extension is the server's. */
const RELATIONS = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name, n.nspname AS schema, c.relkind::text AS kind,
         ARRAY(SELECT format('%I', a.attname) FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                ORDER BY a.attnum) AS columns,
         ARRAY(SELECT format(CASE WHEN a.attcollation = 0 THEN '%I' ELSE '%I COLLATE "C"' END, a.attname)
                 FROM pg_index i
                CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                WHERE i.indrelid = c.oid AND i.indisprimary AND k.place <= i.indnkeyatts ORDER BY k.place) AS keys
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'm', 'f') AND NOT c.relispartition
     AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
   ORDER BY 1`;

/**
 * Every table of the database with its rule, read from the server's catalogue, so that a new table is part of the
 * next backup without a change here.
 *
 * @throws OperatorError when a table has no rule, or the database has large objects
 */
export async function tablesOf(client: Client): Promise<CopiedTable[]> {
  const { rows } = await client.query<RelationRow>(RELATIONS);
  const found = rows.map((row) => ({
    ...row,
    rule: row.kind === 'r' || row.kind === 'p' ? ruleOf(row) : undefined,
  }));
  const unknown = found.filter(({ rule }) => rule === undefined).map(({ name }) => name);
  if (unknown.length > 0) {
    throw new OperatorError(
      `No backup knows what to do with ${unknown.join(', ')}: give each a rule in apps/cli/src/backup/rules.ts, or keep what is not the platform’s in another database.`,
    );
  }
  const large = await client.query('SELECT FROM pg_largeobject_metadata LIMIT 1');
  if (large.rowCount !== 0)
    throw new OperatorError('The database has large objects, which a backup does not copy.');
  return found.flatMap(({ name, columns, keys, rule }) => {
    if (rule === undefined || rule === 'left out') return [];
    const order = keys.length > 0 ? keys.join(', ') : `(t.*)::text COLLATE "C"`;
    return [{ name, columns, rule, order }];
  });
}

/** Next numbers of the sequences that belong to a copied table or, without a table, to its schema. */
export async function sequencesOf(client: Client): Promise<{ sequence: string; next: string }[]> {
  const { rows } = await client.query<{ name: string; schema: string; owner: string | null; step: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, n.nspname AS schema, s.seqincrement::text AS step,
            (SELECT format('%I.%I', tn.nspname, t.relname)
               FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
              WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.objid = c.oid
                AND d.deptype IN ('a', 'i')) AS owner
       FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`,
  );
  const found: { sequence: string; next: string }[] = [];
  for (const { name, schema, owner, step } of rows) {
    if (ruleOf({ name: owner ?? name, schema }) !== 'copied') continue;
    const value = await client.query<{ next: string }>(
      `SELECT (last_value::numeric + CASE WHEN is_called THEN ${step} ELSE 0 END)::text AS next FROM ${name}`,
    );
    found.push({ sequence: name, next: value.rows[0]?.next ?? '1' });
  }
  return found;
}

/** Triggers that people defined. The table's owner may switch them; no superuser is needed. */
export async function triggersOf(client: Client, tables: readonly CopiedTable[]): Promise<Switch[]> {
  const { rows } = await client.query<{ table: string; trigger: string; enabled: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table, format('%I', t.tgname) AS trigger,
            t.tgenabled::text AS enabled
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND format('%I.%I', n.nspname, c.relname) = ANY ($1)
      ORDER BY 1, 2`,
    [tables.map(({ name }) => name)],
  );
  const how: Readonly<Record<string, string>> = { O: 'ENABLE', A: 'ENABLE ALWAYS', R: 'ENABLE REPLICA' };
  return rows.flatMap(({ table, trigger, enabled }) => {
    const on = how[enabled];
    if (on === undefined) return [];
    const of = (verb: string) => `ALTER TABLE ${table} ${verb} TRIGGER ${trigger}`;
    return [{ off: of('DISABLE'), on: of(on) }];
  });
}

/** Foreign keys: taken away and put back, which checks them at once, whatever the order of the tables. */
export async function foreignKeysOf(client: Client, tables: readonly CopiedTable[]): Promise<Switch[]> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table, format('%I', k.conname) AS name,
            pg_get_constraintdef(k.oid) AS definition
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND k.conparentid = 0 AND format('%I.%I', n.nspname, c.relname) = ANY ($1)
      ORDER BY 1, 2`,
    [tables.map(({ name }) => name)],
  );
  return rows.map(({ table, name, definition }) => ({
    off: `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
    on: `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`,
  }));
}
