import { type DynamicModule, Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, requireRealClock } from './clock.js';
import { Database, type DatabaseOptions } from './database.js';
import { chooseRole, type DatabaseRole, type RoleMode } from './roles.js';

/** Closes the pool after everything that uses it has stopped. */
@Injectable()
class DatabaseCloser implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

/** Where reports read: connections of their own that cannot write, so that a heavy report keeps no payment waiting. */
@Injectable()
export class ReportDatabase implements OnApplicationShutdown {
  private constructor(
    readonly db: Database,
    private readonly isOwn: boolean,
  ) {}

  /** Connections of its own. */
  static async connect(options: DatabaseOptions): Promise<ReportDatabase> {
    return new ReportDatabase(await Database.connect({ ...options, readOnly: true }), true);
  }

  /** The connections of the process, where there are no others. */
  static sharing(db: Database): ReportDatabase {
    return new ReportDatabase(db, false);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.isOwn) await this.db.close();
  }
}

export interface PersistenceOptions extends DatabaseOptions {
  /** What the process may do; without it whatever its user may. */
  readonly rights?: { readonly role: DatabaseRole; readonly mode: RoleMode };
  /** Whether this is a test installation, whose clock may lead the real time. */
  readonly testClock?: boolean;
  /** Connections of reports at most; without it reports share those of the process. */
  readonly reportPoolMax?: number;
}

/** Gives every library the one `Database` of the process and the clock in it, and reports theirs. */
@Global()
@Module({})
export class PersistenceModule {
  static forRoot({
    rights,
    reportPoolMax,
    testClock = false,
    ...options
  }: PersistenceOptions): DynamicModule {
    const take = async (role: DatabaseRole | undefined) =>
      rights === undefined || role === undefined ? undefined : chooseRole(options.url, role, rights.mode);
    return {
      module: PersistenceModule,
      providers: [
        {
          provide: Database,
          useFactory: async () => Database.connect({ ...options, role: await take(rights?.role) }),
        },
        {
          provide: ReportDatabase,
          inject: [Database],
          useFactory: async (db: Database) => {
            if (reportPoolMax === undefined) return ReportDatabase.sharing(db);
            const applicationName = `${options.applicationName ?? 'jangteo'}-reports`;
            const role = await take('report');
            return ReportDatabase.connect({ ...options, applicationName, poolMax: reportPoolMax, role });
          },
        },
        {
          provide: Clock,
          inject: [Database],
          useFactory: async (db: Database) => {
            await requireRealClock(db, testClock);
            return new Clock(db);
          },
        },
        DatabaseCloser,
      ],
      exports: [Clock, Database, ReportDatabase],
    };
  }
}
