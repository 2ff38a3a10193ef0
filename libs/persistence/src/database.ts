import { DataSource, type ObjectLiteral, type QueryRunner, type Repository } from 'typeorm';
import { withoutConnectionLoss } from './connection-loss.js';
import { type DatabaseOptions, dataSourceOptions } from './data-source.js';
import { queryPrepared } from './prepared.js';
import { ReadMark } from './read-mark.js';

type Row = Record<string, unknown>;

/** How a statement runs. */
export interface StatementOptions {
  /**
   * The connection keeps it parsed and planned: for the few large statements of the hot path, whose text never
   * changes. Plans are made again every ten seconds, so that one made for empty tables does not stay.
   */
  readonly prepared?: boolean;
}

/** Where a statement runs: on the pool, or inside the one transaction that was opened at the edge. */
export interface Queryable {
  /** Rows of one statement with positional parameters. bigint → `bigint`, numeric → string, bytea → Buffer. */
  query<T extends Row = Row>(
    sql: string,
    params?: readonly unknown[],
    options?: StatementOptions,
  ): Promise<T[]>;
}

/** A transaction, in which statements and repositories of entities work together. */
export interface Transaction extends Queryable {
  /** The repository bound to this transaction. */
  of<E extends ObjectLiteral>(repository: Repository<E>): Repository<E>;
}

/** Postgres through TypeORM's data source: pool, transactions and migrations. SQL lives in repositories, and so do entities. */
export class Database implements Transaction {
  // A transaction that writes nothing waits for no standby: the message makes it one that does.
  private readonly readMark = new ReadMark(async () => {
    await this.query(`SELECT pg_logical_emit_message(true, 'jangteo', '')`);
  });

  private constructor(private readonly source: DataSource) {}

  /** Over a data source that is open already; who opened it closes it. */
  static over(source: DataSource): Database {
    return new Database(source);
  }

  static async connect(options: DatabaseOptions): Promise<Database> {
    const source = new DataSource(dataSourceOptions(options));
    await source.initialize();
    return new Database(source);
  }

  /** @throws ProblemException `unavailable` when there is no connection or it broke */
  async query<T extends Row = Row>(
    sql: string,
    params: readonly unknown[] = [],
    options: StatementOptions = {},
  ): Promise<T[]> {
    const runner = this.source.createQueryRunner();
    try {
      return await rowsOf<T>(runner, sql, params, options);
    } catch (error) {
      throw withoutConnectionLoss(error);
    } finally {
      await runner.release();
    }
  }

  /** The repository itself: each of its statements is a transaction of its own. */
  of<E extends ObjectLiteral>(repository: Repository<E>): Repository<E> {
    return repository;
  }

  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it throws.
   * @throws ProblemException `unavailable` when the connection broke; then it may have been committed all the same
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      await runner.startTransaction();
      const result = await work({
        query: (sql, params = [], options = {}) => rowsOf(runner, sql, params, options),
        of: (repository) => runner.manager.withRepository(repository),
      });
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // A broken connection can't roll back any more; the server does it. The first error is what matters.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw withoutConnectionLoss(error);
    } finally {
      await runner.release();
    }
  }

  /**
   * Resolves when all that this process has read is as safe as its own commits: on the disk, and on the standby that
   * commits wait for. After a primary has crashed it shows rows whose commit was never confirmed, and a standby that
   * takes over does not have them; before a promise is repeated from such a row, it has to be confirmed. Calls at the
   * same time share a statement.
   *
   * @throws ProblemException `unavailable` when it can't be confirmed now
   */
  confirmReads(): Promise<void> {
    return this.readMark.pass();
  }

  /** Applies what is missing, forward only, one transaction each. Returns the names applied. */
  async migrate(): Promise<string[]> {
    const applied = await this.source.runMigrations();
    return applied.map((migration) => migration.name);
  }

  /** Whether every migration this build knows has been applied. */
  async isMigrated(): Promise<boolean> {
    return !(await this.source.showMigrations());
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}

async function rowsOf<T extends Row>(
  runner: QueryRunner,
  sql: string,
  params: readonly unknown[],
  { prepared = false }: StatementOptions,
): Promise<T[]> {
  if (prepared) return (await queryPrepared(runner, sql, params)) as T[];
  const result = await runner.query(sql, [...params], true);
  // TypeORM keeps the driver's rows untyped; what a statement selects is typed where the statement stands.
  return result.records as T[];
}
