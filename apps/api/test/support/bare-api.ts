import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CurrentDeployment, storeDeployment } from '#node';
import type { Database } from '#persistence';
import { Log } from '#platform';
import { createMigratedDatabase } from '../../../../test/support/database.js';
import { UNLIMITED } from '../../../../test/support/unlimited.js';
import { listen } from '../../src/listen.js';
import { createApi, type Pages } from '../../src/create-api.js';

/** The API over a migrated database that knows a deployment, without a chain: enough for what never reaches one. */
export interface BareApi {
  readonly app: NestFastifyApplication;
  readonly db: Database;
  close(): Promise<void>;
}

export interface BareApiOptions {
  /** Settings beside those of database and node. */
  readonly env?: Readonly<Record<string, string>>;
  readonly pages?: Pages;
  /** Opens the ports of the settings; else requests are injected. */
  readonly listens?: boolean;
}

export async function createBareApi(options: BareApiOptions = {}): Promise<BareApi> {
  const { url, db, drop } = await createMigratedDatabase();
  const deployment = new CurrentDeployment(
    474_747,
    `0x${'a1'.repeat(20)}`,
    `0x${'b2'.repeat(20)}`,
    `0x${'c3'.repeat(32)}`,
    1n,
    `0x${'d4'.repeat(32)}`,
  );
  await storeDeployment(db, deployment);
  const env = {
    ...UNLIMITED,
    ...options.env,
    DATABASE_URL: url,
    DATABASE_POOL_MAX: '4',
    CHAIN_RPC_URL: 'http://127.0.0.1:1',
  };
  const app = await createApi(env, Log.silent(), options.pages);
  if (options.listens === true) await listen(app);
  else await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    db,
    async close() {
      await app.close();
      await drop();
    },
  };
}
