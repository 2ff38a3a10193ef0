import { DataSource, getMetadataArgsStorage } from 'typeorm';
import { AccessModule } from '#access';
import { IssuanceModule } from '#issuance';
import { MerchantsModule } from '#merchants';
import { createMigratedDatabase, type MigratedDatabase } from './support/database.js';

/** Importing a feature module registers its entities. */
const FEATURES = [AccessModule, IssuanceModule, MerchantsModule];
const ENTITIES_MIN = 6;

let database: MigratedDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await createMigratedDatabase();
  const entities = getMetadataArgsStorage().tables.map(({ target }) => {
    if (typeof target !== 'function') throw new Error(`${target} is no class`);
    return target;
  });
  if (entities.length < ENTITIES_MIN) throw new Error(`entities of ${FEATURES.length} modules are missing`);
  source = new DataSource({ type: 'postgres', url: database.url, entities });
  await source.initialize();
});

afterAll(async () => {
  await source?.destroy();
  await database?.drop();
});

/** What TypeORM would change to make the tables as the entities say. */
async function drift(): Promise<string[]> {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  // Comments say whose record a row is; test/record-authority.spec.ts reads them.
  return upQueries.map(({ query }) => query).filter((query) => !query.startsWith('COMMENT ON TABLE'));
}

describe('entities', () => {
  it('describe the tables as the migrations make them: columns, keys, checks, indexes and their names', async () => {
    expect(await drift()).toEqual([]);
  });

  it('would show a migration that forgot the entity', async () => {
    await source.query('ALTER TABLE app.act DROP CONSTRAINT act_check');
    await source.query('ALTER TABLE app.act_approval ADD COLUMN device text');
    expect((await drift()).map((statement) => statement.split(' (')[0])).toEqual([
      'ALTER TABLE "app"."act_approval" DROP COLUMN "device"',
      expect.stringContaining('ALTER TABLE "app"."act" ADD CONSTRAINT "act_check" CHECK'),
    ]);
  });
});
