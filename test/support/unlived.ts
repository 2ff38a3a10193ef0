import { ACT_KINDS } from '#contracts';
import { Database } from '#persistence';

/** A state that lasts until the chain has decided. */
const PASSING = new Set(['app.act_state executing']);

/**
 * What a platform has not seen yet: tables without a row, values of enumerations that no row has, kinds of acts that
 * were not executed. Read from the database's own catalogue, so that a new table or kind can't be forgotten.
 */
export async function unlived(url: string): Promise<string[]> {
  const db = await Database.connect({ url, poolMax: 1 });
  try {
    return [...(await emptyTables(db)), ...(await unseenValues(db)), ...(await unseenActs(db))];
  } finally {
    await db.close();
  }
}

async function emptyTables(db: Database): Promise<string[]> {
  const tables = await db.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname IN ('app', 'chain', 'books') ORDER BY 1`,
  );
  const empty: string[] = [];
  for (const { name } of tables) {
    const rows = await db.query(`SELECT 1 AS one FROM ${name} LIMIT 1`);
    if (rows.length === 0) empty.push(`no row in ${name}`);
  }
  return empty;
}

async function unseenValues(db: Database): Promise<string[]> {
  const columns = await db.query<{ type: string; table: string; column: string }>(
    `SELECT format('%I.%I', tn.nspname, t.typname) AS type, format('%I.%I', n.nspname, c.relname) AS table,
            format('%I', a.attname) AS column
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
      WHERE t.typtype = 'e' AND c.relkind = 'r' AND n.nspname IN ('app', 'chain', 'books') AND NOT a.attisdropped`,
  );
  const seen = new Map<string, Set<string>>();
  for (const { type, table, column } of columns) {
    const rows = await db.query<{ value: string }>(`SELECT DISTINCT ${column}::text AS value FROM ${table}`);
    const values = seen.get(type) ?? new Set();
    for (const { value } of rows) values.add(value);
    seen.set(type, values);
  }
  const labels = await db.query<{ type: string; label: string }>(
    `SELECT format('%I.%I', n.nspname, t.typname) AS type, e.enumlabel::text AS label
       FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace`,
  );
  return labels
    .filter(({ type, label }) => seen.get(type)?.has(label) === false && !PASSING.has(`${type} ${label}`))
    .map(({ type, label }) => `no ${type} ${label}`);
}

async function unseenActs(db: Database): Promise<string[]> {
  const rows = await db.query<{ kind: string }>(
    'SELECT DISTINCT a.kind FROM app.act a JOIN chain.act_executed e ON e.act = a.id',
  );
  const executed = new Set(rows.map(({ kind }) => kind));
  return ACT_KINDS.filter((kind) => !executed.has(kind)).map((kind) => `no act ${kind}`);
}
