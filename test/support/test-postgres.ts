import { closeSync, mkdirSync, openSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTextIfPresent, silentLog, writeFileDurably } from '#platform';
import { startEmbeddedPostgres } from '#persistence';

/** Nothing in a test outlives the run, so nothing needs to reach the disk. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  shared_buffers: '128MB',
  autovacuum: 'off',
};
const START_MS_MAX = 90_000;

/**
 * The one PostgreSQL of a Jest run: the first spec that needs it starts it, the others wait for it, and Jest's
 * global teardown (test/setup) ends it.
 *
 * @returns connection text of its database `postgres`
 * @throws when the run was started without Jest's global set-up
 */
export async function testPostgresUrl(): Promise<string> {
  const home = process.env.JANGTEO_TEST_HOME;
  if (home === undefined) throw new Error('JANGTEO_TEST_HOME is not set: run specs through jest.config.mjs');
  const ready = path.join(home, 'postgres.url');
  const until = Date.now() + START_MS_MAX;
  while (Date.now() < until) {
    const url = await readTextIfPresent(ready);
    if (url !== undefined) return url.trim();
    if (claim(path.join(home, 'postgres.starting'))) {
      try {
        await writeFileDurably(ready, await startShared(home));
      } catch (error) {
        await rm(path.join(home, 'postgres.starting'), { force: true });
        throw error;
      }
    } else {
      await sleep(50);
    }
  }
  throw new Error(`the test PostgreSQL in ${home} did not start within ${START_MS_MAX} ms`);
}

async function startShared(home: string): Promise<string> {
  await stat(home);
  const server = await startEmbeddedPostgres({ home, log: silentLog, settings: SETTINGS, detached: true });
  return server.url;
}

/** True for exactly one caller of the run. */
function claim(file: string): boolean {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    closeSync(openSync(file, 'wx'));
    return true;
  } catch {
    return false;
  }
}
