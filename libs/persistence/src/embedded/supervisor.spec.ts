import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createDatabase, startEmbeddedPostgres, withClient, type EmbeddedPostgres } from '#persistence';
import { endsWithin, identify, isRunning } from '#platform';
import { until } from '../../../../test/support/until.js';
import { explainFailure } from './failures.js';

describe('embedded PostgreSQL', () => {
  const homes: string[] = [];
  const running = new Set<EmbeddedPostgres>();

  async function newHome(): Promise<string> {
    const home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-postgres-'));
    await chmod(home, 0o755);
    homes.push(home);
    return home;
  }

  async function start(home: string, events: string[] = [], port?: number): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ home, port, log: (_level, event) => events.push(event) });
    running.add(server);
    server.onExit(() => running.delete(server));
    return server;
  }

  const ask = (url: string, question: string) =>
    withClient(url, async (client) => (await client.query<{ answer: string }>(question)).rows[0]?.answer);

  afterEach(async () => {
    for (const server of running) await server.stop();
  });
  afterAll(async () => {
    for (const home of homes) await rm(home, { recursive: true, force: true });
  });

  it('is durable, UTF-8, in UTC, on loopback alone, and keeps its password to its owner', async () => {
    const home = await newHome();
    const server = await start(home);
    const settings = await ask(
      server.url,
      `SELECT concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'),
         current_setting('listen_addresses'), current_setting('TimeZone'), current_setting('server_encoding'),
         current_setting('data_checksums'), current_setting('recovery_init_sync_method')) AS answer`,
    );
    const sync = process.platform === 'linux' ? 'syncfs' : 'fsync';
    expect(settings).toBe(`on on on 127.0.0.1 UTC UTF8 on ${sync}`);
    expect(await ask(server.url, `SELECT upper('é') || ('나' > '가')::text AS answer`)).toBe('Étrue');
    expect((await stat(path.join(home, 'postgres', 'password'))).mode & 0o777).toBe(0o600);
    const wrong = new URL(server.url);
    wrong.password = 'guess';
    await expect(withClient(wrong.toString(), (client) => client.query('SELECT 1'))).rejects.toMatchObject({
      code: '28P01',
    });
    await server.stop();
    expect(isRunning({ pid: server.pid })).toBe(false);
  });

  it('keeps data and address over a restart', async () => {
    const home = await newHome();
    const first = await start(home);
    const url = await createDatabase(first.url, 'books');
    expect(await createDatabase(first.url, 'books')).toBe(url);
    await withClient(url, (client) => client.query(`CREATE TABLE kept AS SELECT '장터' AS answer`));
    await first.stop();
    const second = await start(home);
    expect(second.url).toBe(first.url);
    expect(await ask(url, 'SELECT answer FROM kept')).toBe('장터');
  });

  it('comes back on the same address when it is killed, with every commit', async () => {
    const events: string[] = [];
    const server = await start(await newHome(), events);
    await withClient(server.url, (client) => client.query(`CREATE TABLE kept AS SELECT 'yes' AS answer`));
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    await endsWithin({ pid }, 60_000);
    const kept = () => ask(server.url, 'SELECT answer FROM kept').catch(() => 'not yet');
    await until('it answers again', async () => (await kept()) === 'yes');
    await until('it is another process', () => server.pid !== pid && isRunning(identify(server.pid)));
    expect(events).toEqual(expect.arrayContaining(['postgres.died', 'postgres.restarted']));
  });

  it('stops a server that a killed launcher left behind, and passes over a stale pid file', async () => {
    const home = await newHome();
    const left = await startEmbeddedPostgres({ home, log: () => undefined, detached: true });
    const orphan = identify(left.pid);
    const events: string[] = [];
    const server = await start(home, events);
    expect(isRunning(orphan)).toBe(false);
    expect(events).toContain('postgres.orphan_stopped');
    await server.stop();

    // The recorded id belongs to somebody else by now: this process.
    const data = path.join(home, 'postgres', 'data');
    await writeFile(path.join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);
    await start(home, events);
    expect(events).toContain('postgres.stale_pid_file');
  });

  it('clears what an interrupted initdb left, and sets aside half a folder that was never used', async () => {
    const home = await newHome();
    const folder = path.join(home, 'postgres');
    await mkdir(path.join(folder, 'data.incomplete-1', 'base'), { recursive: true });
    await mkdir(path.join(folder, 'data', 'base'), { recursive: true });
    await writeFile(path.join(folder, 'data', 'PG_VERSION'), '18\n');
    const events: string[] = [];
    const server = await start(home, events);
    expect(await ask(server.url, `SELECT 'up' AS answer`)).toBe('up');
    const names = await readdir(folder);
    expect(names.filter((name) => name.startsWith('data.incomplete'))).toEqual([]);
    expect(names.filter((name) => name.startsWith('data.damaged'))).toHaveLength(1);
  });

  it('never touches a damaged folder that was in use', async () => {
    const home = await newHome();
    await (await start(home)).stop();
    const data = path.join(home, 'postgres', 'data');
    await rm(path.join(data, 'global', 'pg_control'));
    await expect(start(home)).rejects.toThrow(
      /is damaged: global\/pg_control is missing.*nothing was changed/,
    );
    expect(await readFile(path.join(data, 'PG_VERSION'), 'utf8')).toBe('18\n');
  });

  it('moves to another port when its own is taken, but not when that one was demanded', async () => {
    const home = await newHome();
    const first = await start(home);
    const port = Number(new URL(first.url).port);
    await first.stop();
    const squatter = createServer().listen(port, '127.0.0.1');
    try {
      await expect(start(home, [], port)).rejects.toThrow(new RegExp(`Port ${port} .* is taken`));
      const second = await start(home);
      expect(new URL(second.url).port).not.toBe(String(port));
      await second.stop();
      expect((await start(home)).url).toBe(second.url);
    } finally {
      squatter.close();
    }
  });

  it('names another version and a full disk in words', async () => {
    const home = await newHome();
    await (await start(home)).stop();
    await writeFile(path.join(home, 'postgres', 'data', 'PG_VERSION'), '17\n');
    await expect(start(home)).rejects.toThrow(/made by PostgreSQL version 17|made by PostgreSQL 17/);
    const full = explainFailure('FATAL:  could not write file "pg_wal/x": No space left on device', '/data');
    expect(full?.message).toMatch(/disk .* is full/);
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('moves out of a home that its account cannot enter', async () => {
    const outer = await mkdtemp(path.join(os.tmpdir(), 'jangteo-closed-'));
    homes.push(outer);
    const home = path.join(outer, 'home');
    await chmod(outer, 0o700);
    const server = await start(home);
    expect(await ask(server.url, `SELECT 'up' AS answer`)).toBe('up');
    await server.stop();
    expect((await lstat(path.join(home, 'postgres'))).isSymbolicLink()).toBe(true);
    const again = await start(home);
    expect(again.url).toBe(server.url);
    homes.push(await realpath(path.join(home, 'postgres')));
  });
});
