import type { Database } from '#persistence';

const SHOWN_MIN_MIB = 1;

/** Rows (estimated), MiB of rows and MiB of indexes of every table that is worth it, the largest first. */
export async function sizesOf(db: Database): Promise<Record<string, unknown>[]> {
  return db.query(
    `SELECT c.oid::regclass::text AS table, c.reltuples::float8 AS rows,
            round(pg_table_size(c.oid) / 1048576.0)::integer AS table_mib,
            round(pg_indexes_size(c.oid) / 1048576.0)::integer AS index_mib
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('app', 'chain', 'books') AND c.relkind = 'r'
        AND pg_total_relation_size(c.oid) >= ${SHOWN_MIN_MIB} * 1048576
      ORDER BY pg_total_relation_size(c.oid) DESC`,
  );
}
