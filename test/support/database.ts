import { migrations } from '#migrations';
import { Database } from '#persistence';
import { createTestDatabase } from './test-database.js';

/** A migrated database of one's own with an open pool. */
export interface MigratedDatabase {
  readonly url: string;
  readonly db: Database;
  /** Closes the pool and drops the database. */
  drop(): Promise<void>;
}

/** Clones the migrated template (made once per run). Call it in `beforeAll`, drop it in `afterAll`. */
export async function createMigratedDatabase(): Promise<MigratedDatabase> {
  const { url, drop } = await createTestDatabase({ name: 'migrated', prepare: migrate });
  const db = await Database.connect({ url });
  return {
    url,
    db,
    async drop() {
      await db.close();
      await drop();
    },
  };
}

/** Migrates an empty database to the present schema. */
export async function migrate(url: string): Promise<void> {
  const db = await Database.connect({ url, migrations });
  try {
    await db.migrate();
  } finally {
    await db.close();
  }
}
