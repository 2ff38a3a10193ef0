import { createMigratedDatabase, type MigratedDatabase } from './support/database.js';

const RULE = /^authority: (?<rule>.+)$/;

describe('every record', () => {
  let database: MigratedDatabase;

  beforeAll(async () => {
    database = await createMigratedDatabase();
  });
  afterAll(() => database?.drop());

  it('of the schema app names the authority that answers for it, or why it has none', async () => {
    const tables = await database.db.query<{ name: string; comment: string | null }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name, obj_description(c.oid, 'pg_class') AS comment
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'app' AND c.relkind IN ('r', 'p') ORDER BY 1`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name, comment } of tables) {
      const rule = RULE.exec(comment ?? '')?.groups?.['rule'];
      expect([name, rule]).toEqual([name, expect.any(String)]);
      if (rule === undefined || rule.startsWith('none: ')) continue;
      // The expression is read by the server: a column that is renamed fails here.
      const [type] = await database.db.query<{ type: string }>(
        `SELECT pg_typeof((SELECT ${rule} FROM ${name} t LIMIT 1))::text AS type`,
      );
      expect([name, type?.type]).toEqual([name, 'app.region_code']);
    }
  });
});
