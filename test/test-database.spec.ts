import { withClient } from '#persistence';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

describe('test databases', () => {
  const open: TestDatabase[] = [];
  afterAll(async () => {
    for (const database of open) await database.drop();
  });

  const template = {
    name: 'spec_of_test_database',
    prepare: (url: string) =>
      withClient(url, async (client) => {
        await client.query('CREATE TABLE prepared (word text COLLATE "C")');
        await client.query(`INSERT INTO prepared VALUES ('장터')`);
      }),
  };

  it('clones a prepared template; clones do not see each other', async () => {
    const [first, second] = await Promise.all([createTestDatabase(template), createTestDatabase(template)]);
    open.push(first, second);
    await withClient(first.url, (client) => client.query(`INSERT INTO prepared VALUES ('하나')`));
    const words = (url: string) =>
      withClient(url, async (client) =>
        (await client.query<{ word: string }>('SELECT word FROM prepared')).rows.map((row) => row.word),
      );
    expect(await words(first.url)).toEqual(['장터', '하나']);
    expect(await words(second.url)).toEqual(['장터']);
  });

  it('drops a database although a connection is still open', async () => {
    const database = await createTestDatabase();
    await withClient(database.url, async (client) => {
      await client.query('SELECT 1');
      await database.drop();
      await expect(client.query('SELECT 1')).rejects.toThrow();
    }).catch(() => undefined);
    await expect(withClient(database.url, (client) => client.query('SELECT 1'))).rejects.toMatchObject({
      code: '3D000',
    });
  });
});
