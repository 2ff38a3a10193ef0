import { jest } from '@jest/globals';
import { Database } from '#persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';

describe('prepared statements', () => {
  let test: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    // One connection, so that what it keeps can be seen.
    db = await Database.connect({ url: test.url, poolMax: 1 });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await db.close();
    await test.drop();
  });

  const prepared = { prepared: true };
  const kept = () =>
    db.query<{ name: string; statement: string; generic_plans: bigint }>(
      `SELECT name, statement, generic_plans FROM pg_prepared_statements ORDER BY prepare_time`,
    );

  it('give the same rows as others, and are kept once for each text', async () => {
    const sum = 'SELECT $1::bigint + 1 AS next, $2::bytea AS bytes';
    const plain = await db.query(sum, [41n, Buffer.from('ab')]);
    for (let round = 0; round < 3; round++)
      expect(await db.query(sum, [41n, Buffer.from('ab')], prepared)).toEqual(plain);
    await db.transaction(async (tx) => {
      expect(await tx.query('SELECT $1::text AS said', ['yes'], prepared)).toEqual([{ said: 'yes' }]);
      expect(await tx.query(sum, [1n, Buffer.from('')], prepared)).toMatchObject([{ next: 2n }]);
    });
    const statements = (await kept()).map(({ statement }) => statement);
    expect(statements).toEqual([sum, 'SELECT $1::text AS said']);
    expect(plain).toEqual([{ next: 42n, bytes: Buffer.from('ab') }]);
  });

  it('fail like others, and work again afterwards', async () => {
    const division = 'SELECT 10 / $1::int AS part';
    await expect(db.query(division, [0], prepared)).rejects.toMatchObject({ code: '22012' });
    expect(await db.query(division, [5], prepared)).toEqual([{ part: 2 }]);
  });

  it('do not stay with the plan that was good for an empty table', async () => {
    await db.query(`CREATE TABLE grown (id bigint PRIMARY KEY, note text) WITH (autovacuum_enabled = false)`);
    const text = 'SELECT note FROM grown WHERE id BETWEEN $1::bigint AND $1::bigint + 1';
    // What the planner would choose for a table of a few pages.
    await db.query('SET enable_indexscan = off');
    await db.query('SET enable_bitmapscan = off');
    for (let round = 0; round < 8; round++) await db.query(text, [1n], prepared);
    await db.query('RESET enable_indexscan');
    await db.query('RESET enable_bitmapscan');
    await db.query(`INSERT INTO grown SELECT n, repeat('x', 200) FROM generate_series(1, 20000) n`);
    const name = (await kept()).find(({ statement }) => statement === text)?.name ?? '';
    const plan = async () =>
      JSON.stringify(await db.query(`EXPLAIN (FORMAT JSON) EXECUTE ${name} (1)`)).match(
        /(Seq|Index|Bitmap)[\w ]*Scan/,
      )?.[1];
    expect(await plan()).toBe('Seq');
    const now = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => now + 60_000);
    expect(await db.query(text, [7n], prepared)).toHaveLength(2);
    expect(await plan()).not.toBe('Seq');
  });
});
