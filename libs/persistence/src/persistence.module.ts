import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ERROR_TRANSLATION, Log, ServiceConfig } from '#platform';
import { Clock, requireRealClock } from './clock.js';
import { withoutConnectionLoss } from './connection-loss.js';
import { type DatabaseOptions, dataSourceOptions } from './data-source.js';
import { Database } from './database.js';
import { chooseRole, type DatabaseRole, type RoleMode } from './roles.js';

/** Where reports read: connections of their own that cannot write, so that a heavy report keeps no payment waiting. */
export class ReportDatabase {
  constructor(readonly db: Database) {}
}

export interface PersistenceOptions extends DatabaseOptions {
  /** What the process may do; without it whatever its user may. */
  readonly rights?: { readonly role: DatabaseRole; readonly mode: RoleMode };
  /** Whether this is a test installation, whose clock may lead the real time. */
  readonly testClock?: boolean;
  /** Connections of reports at most; without it reports share those of the process. */
  readonly reportPoolMax?: number;
}

export interface ServicePersistence extends Pick<DatabaseOptions, 'migrations'> {
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly role: DatabaseRole;
  /** Whether reports have connections of their own. */
  readonly reports: boolean;
}

const OPTIONS = Symbol('PersistenceOptions');
/** Name of the data source that reports read. */
const REPORTS = 'reports';

/**
 * Gives every library the one `Database` of the process and the clock in it, reports theirs, and feature modules the
 * repositories of the entities that they name with `TypeOrmModule.forFeature`.
 */
@Global()
@Module({})
export class PersistenceModule {
  /** With fixed options, for tests and tools. */
  static forRoot(options: PersistenceOptions): DynamicModule {
    return compose({ provide: OPTIONS, useValue: options }, options.reportPoolMax !== undefined);
  }

  /** For a service: options from its settings (SettingsModule); a lost connection is written to its log. */
  static forService({ role, reports, ...options }: ServicePersistence): DynamicModule {
    const useFactory = (settings: ServiceConfig, log: Log): PersistenceOptions => ({
      ...options,
      url: settings.databaseUrl,
      poolMax: settings.databasePoolMax,
      reportPoolMax: settings.reportPoolMax,
      rights: { role, mode: settings.databaseRoles },
      testClock: settings.testClock,
      onPoolError: (error) => log.warn('database.connection_lost', { message: error.message }),
    });
    return compose({ provide: OPTIONS, inject: [ServiceConfig, Log], useFactory }, reports);
  }
}

function compose(options: Provider, hasReportPool: boolean): DynamicModule {
  class PersistenceOptionsModule {}
  const settings: DynamicModule = {
    module: PersistenceOptionsModule,
    providers: [options],
    exports: [OPTIONS],
  };
  const source = { imports: [settings], inject: [OPTIONS] };
  const imports = [
    settings,
    TypeOrmModule.forRootAsync({
      ...source,
      useFactory: async (given: PersistenceOptions) => ({
        ...(await sourceOf(given, given.rights?.role)),
        autoLoadEntities: true,
      }),
    }),
  ];
  if (hasReportPool) {
    const useFactory = (given: PersistenceOptions) => sourceOf(reportOptions(given), 'report');
    imports.push(TypeOrmModule.forRootAsync({ ...source, name: REPORTS, useFactory }));
  }
  return {
    module: PersistenceModule,
    imports,
    providers: [
      { provide: Database, inject: [DataSource], useFactory: (of: DataSource) => Database.over(of) },
      {
        provide: ReportDatabase,
        inject: [hasReportPool ? getDataSourceToken(REPORTS) : DataSource],
        useFactory: (of: DataSource) => new ReportDatabase(Database.over(of)),
      },
      {
        provide: Clock,
        inject: [Database, OPTIONS],
        useFactory: async (db: Database, { testClock = false }: PersistenceOptions) => {
          await requireRealClock(db, testClock);
          return new Clock(db);
        },
      },
      { provide: ERROR_TRANSLATION, useValue: withoutConnectionLoss },
    ],
    exports: [Clock, Database, ReportDatabase, ERROR_TRANSLATION],
  };
}

function reportOptions({ applicationName = 'jangteo', ...options }: PersistenceOptions): PersistenceOptions {
  return {
    ...options,
    applicationName: `${applicationName}-reports`,
    poolMax: options.reportPoolMax,
    readOnly: true,
  };
}

async function sourceOf({ rights, ...options }: PersistenceOptions, role: DatabaseRole | undefined) {
  const taken =
    rights === undefined || role === undefined ? undefined : await chooseRole(options.url, role, rights.mode);
  // A service that finds no database ends; whoever supervises it starts it again.
  return { ...dataSourceOptions({ ...options, role: taken }), toRetry: () => false };
}
