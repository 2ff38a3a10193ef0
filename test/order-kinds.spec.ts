import { ORDER_KINDS } from '#orders';
import { createMigratedDatabase, type MigratedDatabase } from './support/database.js';

describe('every kind of signed order', () => {
  let database: MigratedDatabase;

  beforeAll(async () => {
    database = await createMigratedDatabase();
  });
  afterAll(() => database?.drop());

  // Without its figure the first refusal of a new kind would stop the indexer.
  it.each(ORDER_KINDS.all.map((kind) => [kind.name, kind.settled.name] as const))(
    '%s has a figure for its refusals and a table of settled orders that migrations made',
    async (name, table) => {
      const rows = await database.db.query<{ figure: string; found: string | null }>(
        `SELECT ($1 || '_refused')::chain.daily_figure::text AS figure, to_regclass($2)::text AS found`,
        [name, table],
      );
      expect(rows).toEqual([{ figure: `${name}_refused`, found: table }]);
    },
  );
});
