import { Client } from 'pg';
import { codeOf } from '#platform';

const DUPLICATE_DATABASE = '42P04';
/** Raised instead of the above when two sessions create the same name at once. */
const UNIQUE_VIOLATION = '23505';

/**
 * Creates a database when there is none of that name.
 *
 * @param url connection text of any database of the server, with the right to create
 * @returns connection text of the named database
 */
export async function createDatabase(url: string, name: string): Promise<string> {
  await withClient(url, async (client) => {
    try {
      await client.query(
        `CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`,
      );
    } catch (error) {
      const code = codeOf(error);
      if (code !== DUPLICATE_DATABASE && code !== UNIQUE_VIOLATION) throw error;
    }
  });
  return withDatabase(url, name);
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.toString();
}

/** Opens one connection for the time of the work. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // Without a listener a lost connection would end the whole process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
