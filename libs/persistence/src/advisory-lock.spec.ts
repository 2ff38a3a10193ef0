import { createServer, type Server, type Socket } from 'node:net';
import { AdvisoryLock, withClient } from '#persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { until } from '../../../test/support/until.js';

const KEY = 4_711n;

describe('an advisory lock', () => {
  let database: TestDatabase;
  const locks: AdvisoryLock[] = [];

  beforeAll(async () => (database = await createTestDatabase()));
  afterEach(async () => {
    for (const lock of locks.splice(0)) await lock.release();
  });
  afterAll(() => database.drop());

  function lockOf(applicationName: string, url = database.url, timeoutMs?: number): AdvisoryLock {
    const lock = new AdvisoryLock({ url, key: KEY, applicationName, timeoutMs });
    locks.push(lock);
    return lock;
  }

  it('is held by one process at a time, and free for another one after its release', async () => {
    const [first, second] = [lockOf('first'), lockOf('second')];
    expect(await first.tryAcquire()).toBe(true);
    expect(await first.tryAcquire()).toBe(true);
    expect([await second.tryAcquire(), second.isHeld]).toEqual([false, false]);
    await first.release();
    expect(first.isHeld).toBe(false);
    await until('the lock is free', () => second.tryAcquire());
  });

  it('uses one connection when it is asked for twice at once, and leaves none behind', async () => {
    const lock = lockOf('asked twice');
    expect(await Promise.all([lock.tryAcquire(), lock.tryAcquire()])).toEqual([true, true]);
    expect(await connectionsOf('asked twice')).toBe(1);
    await lock.release();
    await until('the connection is closed', async () => (await connectionsOf('asked twice')) === 0);
  });

  it('is known to be lost when its connection breaks, and can be acquired again', async () => {
    const lock = lockOf('broken');
    expect(await lock.tryAcquire()).toBe(true);
    await withClient(database.url, (client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'broken'`,
      ),
    );
    await until('the loss is noticed', () => !lock.isHeld);
    await until('acquired again', () => lock.tryAcquire());
  });

  it('gives up a server that accepts the connection and never answers', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket.resume()));
    try {
      const lock = lockOf('unanswered', `postgres://anyone@127.0.0.1:${await listen(silent)}/none`, 200);
      await expect(lock.tryAcquire()).rejects.toThrow(/timeout/i);
      expect(lock.isHeld).toBe(false);
      await until('the connection is closed', () =>
        [...sockets].every(({ readyState }) => readyState !== 'open'),
      );
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });

  async function connectionsOf(applicationName: string): Promise<number> {
    return withClient(database.url, async (client) => {
      const { rows } = await client.query<{ count: number }>(
        'SELECT count(*)::integer AS count FROM pg_stat_activity WHERE application_name = $1',
        [applicationName],
      );
      return rows[0]?.count ?? 0;
    });
  }
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  return address.port;
}
