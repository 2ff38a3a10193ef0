/**
 * What a backup does with a table. `copied`: its rows are in the file, and restored. `by migrations`: an empty
 * database has its rows as soon as it is migrated; they are compared. `left out`: neither.
 */
export type TableRule = 'copied' | 'by migrations' | 'left out';

/** New tables of these schemas follow without a change here. */
const SCHEMAS = new Map<string, TableRule>([
  ['app', 'copied'],
  ['chain', 'copied'],
  ['books', 'copied'],
  // What the queue of jobs knows follows from app.job: a worker makes new entries for jobs that have none.
  ['pgboss', 'left out'],
]);

/** Exceptions, and tables of other schemas. */
const TABLES = new Map<string, TableRule>([
  ['app.region', 'by migrations'],
  // The first line of a backup names the migrations; when each one ran is this database's own matter.
  ['public.schema_migration', 'left out'],
]);

/** Tables that have a rule of their own. */
export const NAMED_TABLES = [...TABLES.keys()];
/** Schemas that the platform's migrations make. */
export const SCHEMAS_MADE = [...SCHEMAS.keys()];

/** @returns undefined for a table that no rule covers: then there is no backup */
export function ruleOf({
  name,
  schema,
}: {
  readonly name: string;
  readonly schema: string;
}): TableRule | undefined {
  return TABLES.get(name) ?? SCHEMAS.get(schema);
}
