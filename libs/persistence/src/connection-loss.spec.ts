import { Database, withClient } from '#persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { until } from '../../../test/support/until.js';

describe('a lost connection', () => {
  let test: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    db = await Database.connect({
      url: test.url,
      poolMax: 3,
      applicationName: 'loses',
      onPoolError: () => undefined,
    });
  });
  afterAll(async () => {
    await db.close();
    await test.drop();
  });

  /** Ends the sessions of `db`, as a server does that is restarted. */
  const cut = () =>
    withClient(test.url, async (client) => {
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'loses'`,
      );
    });

  const isSleeping = () =>
    withClient(test.url, async (client) => {
      const { rowCount } = await client.query(
        `SELECT FROM pg_stat_activity WHERE application_name = 'loses' AND state = 'active' AND wait_event = 'PgSleep'`,
      );
      return rowCount === 1;
    });

  /** Cuts the connection while the server works on `start`'s statement. One that ended before that was not cut: again. */
  const cutWhile = async (start: () => Promise<unknown>) => {
    let ended = true;
    let outcome: Promise<unknown> = Promise.resolve();
    const begin = () => {
      ended = false;
      outcome = start()
        .then(
          () => 'done',
          (error: unknown) => error,
        )
        .finally(() => (ended = true));
    };
    await until('the server works on it', async () => {
      if (ended) begin();
      return isSleeping();
    });
    await cut();
    return outcome;
  };

  it('is the problem "unavailable", in a statement and in a transaction, and the next one connects again', async () => {
    expect(await cutWhile(() => db.query('SELECT pg_sleep(20)'))).toMatchObject({ key: 'unavailable' });
    const transaction = () => db.transaction((tx) => tx.query('SELECT pg_sleep(20)'));
    expect(await cutWhile(transaction)).toMatchObject({ key: 'unavailable' });
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.each([
    ['a plain statement', {}],
    ['a prepared statement', { prepared: true }],
  ])('is that between two statements as well, before %s', async (_name, options) => {
    const transaction = db.transaction(async (tx) => {
      await tx.query('SELECT 1');
      await cut();
      // What the driver hears of it, it hears later than the server says that it is done.
      await new Promise((resolve) => setTimeout(resolve, 200));
      await tx.query('SELECT 2', [], options);
    });
    await expect(transaction).rejects.toMatchObject({ key: 'unavailable' });
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is that before the commit as well', async () => {
    const transaction = db.transaction(async (tx) => {
      await tx.query('SELECT 1');
      await cut();
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await expect(transaction).rejects.toMatchObject({ key: 'unavailable' });
  });

  it('is what a standby that is asked to write is to callers: they may try again', async () => {
    // As a standby refuses; every session of a server that is none can be set to refuse the same.
    const write = db.transaction(async (tx) => {
      await tx.query('SET TRANSACTION READ ONLY');
      await tx.query('CREATE TABLE nothing (word text)');
    });
    await expect(write).rejects.toMatchObject({ key: 'unavailable' });
  });

  it('leaves errors of statements as they are', async () => {
    await expect(db.query('SELECT 1/0')).rejects.toMatchObject({ driverError: { code: '22012' } });
  });
});
