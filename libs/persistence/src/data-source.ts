import { types } from 'pg';
import type { DataSourceOptions, MigrationInterface } from 'typeorm';

// bigint columns are money and block numbers here: exact, never a float. numeric stays a string of digits.
types.setTypeParser(types.builtins.INT8, (text) => BigInt(text));

export interface DatabaseOptions {
  readonly url: string;
  /** Upper bound of connections of this process. */
  readonly poolMax?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  readonly migrations?: readonly (new () => MigrationInterface)[];
  readonly statementTimeoutMs?: number;
  /** PostgreSQL role that every connection takes before its first statement; see roles.ts. */
  readonly role?: string | undefined;
  /** Every transaction may read alone, whatever the role. */
  readonly readOnly?: boolean;
  /** An idle connection broke; the pool replaces it. */
  readonly onPoolError?: (error: Error) => void;
}

/** TypeORM's settings of a data source: pool, time limits, migrations. The schema comes from migrations alone. */
export function dataSourceOptions(
  options: DatabaseOptions,
): Extract<DataSourceOptions, { readonly type: 'postgres' }> {
  return {
    type: 'postgres',
    url: options.url,
    poolSize: options.poolMax ?? 10,
    applicationName: options.applicationName ?? 'jangteo',
    migrations: [...(options.migrations ?? [])],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    poolErrorHandler: (error: unknown) =>
      options.onPoolError?.(error instanceof Error ? error : new Error(String(error))),
    extra: {
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: 10_000,
      options: sessionOptions(options),
    },
  };
}

/** Settings of the session's start: RESET goes back to these, not to the rights of who logged in. */
function sessionOptions({ role, readOnly = false }: DatabaseOptions): string | undefined {
  const settings = [
    ...(role === undefined ? [] : [`-c role=${role}`]),
    ...(readOnly ? ['-c default_transaction_read_only=on'] : []),
  ];
  return settings.length === 0 ? undefined : settings.join(' ');
}
