import { setImmediate as turn } from 'node:timers/promises';
import { Database } from '#persistence';
import { createTestDatabase } from '../../../test/support/test-database.js';
import { ReadMark } from './read-mark.js';

describe('the mark behind what was read', () => {
  it('is one for all who ask while another is being written, and a later one than that', async () => {
    const writes: PromiseWithResolvers<void>[] = [];
    const mark = new ReadMark(() => {
      const write = Promise.withResolvers<void>();
      writes.push(write);
      return write.promise;
    });
    const passed: string[] = [];
    const first = mark.pass().then(() => passed.push('first'));
    await turn();
    const others = ['second', 'third'].map((name) => mark.pass().then(() => passed.push(name)));
    await turn();
    expect(writes).toHaveLength(1);
    writes[0]?.resolve();
    await first;
    await turn();
    expect(passed).toEqual(['first']);
    expect(writes).toHaveLength(2);
    writes[1]?.resolve();
    await Promise.all(others);
    expect(passed).toEqual(['first', 'second', 'third']);
  });

  it('fails for those who waited for it, and not for who comes after', async () => {
    let works = false;
    const mark = new ReadMark(() => (works ? Promise.resolve() : Promise.reject(new Error('broken'))));
    await expect(mark.pass()).rejects.toThrow('broken');
    works = true;
    await expect(mark.pass()).resolves.toBeUndefined();
  });

  it('is the problem "unavailable" to who waits too long for it', async () => {
    const mark = new ReadMark(() => new Promise(() => undefined), 20);
    await expect(mark.pass()).rejects.toMatchObject({ key: 'unavailable' });
  });

  it('is a transaction of its own with something to wait for', async () => {
    const test = await createTestDatabase();
    const db = await Database.connect({ url: test.url, poolMax: 2 });
    const end = async () => (await db.query('SELECT pg_current_wal_insert_lsn() - $1 AS bytes', ['0/0']))[0];
    const before = await end();
    await db.confirmReads();
    expect(Number((await end())?.bytes)).toBeGreaterThan(Number(before?.bytes));
    await db.close();
    await test.drop();
  });
});
