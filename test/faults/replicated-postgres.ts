import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { appendFile, chown, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type EmbeddedPostgres, startEmbeddedPostgres, withClient } from '#persistence';
import { silentLog } from '#platform';
import { PlatformHome } from '../support/platform-home.js';
import { type Cut, TcpLink } from './tcp-link.js';

const execute = promisify(execFile);
const SETTINGS = {
  // What a standby needs that was copied without WAL.
  wal_keep_size: '512MB',
  // Two servers on a machine that has more to do.
  shared_buffers: '64MB',
};
const STREAMS_MS_MAX = 30_000;
const PROMOTION_SECONDS_MAX = 30;
const POLL_MS = 20;

/** One server in a home of its own: killing it with its sessions leaves the other alone. */
interface Member {
  readonly home: PlatformHome;
  readonly server: EmbeddedPostgres;
}

/**
 * A primary that people use through `url` and a standby that receives its WAL over a wire that can be cut. Real
 * servers with durable settings, not watched over: what is killed stays dead. Whoever starts one disposes of it.
 */
export class ReplicatedPostgres {
  private readonly onExit = () => this.homes.forEach((home) => home.killAll());
  private readonly homes: PlatformHome[] = [];
  private standby: { readonly member: Member; readonly link: TcpLink } | undefined;
  private primary!: Member;
  private front!: TcpLink;

  private constructor() {
    process.once('exit', this.onExit);
  }

  /** A primary alone. */
  static async start(): Promise<ReplicatedPostgres> {
    const pair = new ReplicatedPostgres();
    try {
      pair.primary = await pair.launch(pair.newHome());
      pair.front = await TcpLink.open(portOf(pair.primary));
      return pair;
    } catch (error) {
      await pair.dispose();
      throw error;
    }
  }

  /** Connection text of the database `postgres` of whichever server is in charge; never changes. */
  get url(): string {
    const url = new URL(this.primary.server.url);
    url.port = String(this.front.port);
    return url.toString();
  }

  /** Copies the primary while it works, starts the copy, and waits until it has everything and receives the rest. */
  async addStandby(): Promise<void> {
    const home = this.newHome();
    const link = await TcpLink.open(portOf(this.primary));
    await copyPrimary(this.primary, home, link.port);
    this.standby = { member: await this.launch(home), link };
    await this.untilStandby(`state = 'streaming'`);
  }

  /** From now on nothing is committed that only the primary has on its disk. */
  async requireStandby(): Promise<void> {
    await withClient(this.primary.server.url, async (client) => {
      await client.query(`ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (*)'`);
      await client.query('SELECT pg_reload_conf()');
    });
    await this.untilStandby(`sync_state = 'sync'`);
  }

  cutReplication(how: Cut): void {
    this.required.link.cut(how);
  }

  /** The primary's machine is gone: SIGKILL to the server and all its sessions. */
  killPrimary(): void {
    this.primary.home.kill('postgres');
  }

  /** Starts the killed primary again on its address, with all that it had on its disk. */
  async restartPrimary(): Promise<void> {
    this.primary = await this.launch(this.primary.home);
  }

  /** Leads clients to the standby while it is still one: they can read and not write. */
  showStandby(): void {
    this.front.leadTo(portOf(this.required.member));
  }

  /**
   * Makes the standby the primary and lets clients in once `look` has seen what it has.
   * @param look gets the connection text of the server itself
   */
  async promote<T>(look: (url: string) => Promise<T>): Promise<T> {
    this.front.cut('closed');
    const { member, link } = this.required;
    await withClient(member.server.url, (client) =>
      client.query('SELECT pg_promote(true, $1)', [PROMOTION_SECONDS_MAX]),
    );
    await link.close();
    const former = this.primary;
    this.primary = member;
    this.standby = undefined;
    former.home.remove();
    const seen = await look(member.server.url);
    this.front.leadTo(portOf(member));
    return seen;
  }

  async dispose(): Promise<void> {
    process.off('exit', this.onExit);
    await this.front?.close();
    await this.standby?.link.close();
    for (const home of this.homes) home.killAll();
    await sleep(100);
    for (const home of this.homes) home.remove();
  }

  private get required(): { readonly member: Member; readonly link: TcpLink } {
    if (this.standby === undefined) throw new Error('there is no standby');
    return this.standby;
  }

  private newHome(): PlatformHome {
    const home = PlatformHome.create();
    this.homes.push(home);
    mkdirSync(home.state, { recursive: true, mode: 0o711 });
    return home;
  }

  private async launch(home: PlatformHome): Promise<Member> {
    const options = { home: home.state, log: silentLog, settings: SETTINGS, detached: true };
    return { home, server: await startEmbeddedPostgres(options) };
  }

  private async untilStandby(condition: string): Promise<void> {
    await withClient(this.primary.server.url, async (client) => {
      const until = Date.now() + STREAMS_MS_MAX;
      for (;;) {
        const { rowCount } = await client.query(`SELECT FROM pg_stat_replication WHERE ${condition}`);
        if (rowCount === 1) return;
        if (Date.now() > until) throw new Error(`the standby did not come to ${condition}`);
        await sleep(POLL_MS);
      }
    });
  }
}

function portOf({ server }: Member): number {
  return Number(new URL(server.url).port);
}

/** What pg_basebackup does, which npm's PostgreSQL lacks: a copy of the files between two marks in the WAL. */
async function copyPrimary(primary: Member, home: PlatformHome, port: number): Promise<void> {
  const source = await realpath(path.join(primary.home.state, 'postgres'));
  const target = path.join(home.state, 'postgres');
  const data = path.join(target, 'data');
  await withClient(primary.server.url, async (client) => {
    await client.query(`SELECT pg_backup_start('standby', fast => true)`);
    await copyFiles(source, target);
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)',
    );
    await give(data, 'backup_label', rows[0]?.labelfile ?? '');
  });
  // The remembered port and the running server's mark are the primary's.
  for (const file of ['port', 'data/postmaster.pid']) await rm(path.join(target, file), { force: true });
  for (const entry of await readdir(path.join(data, 'pg_wal'), { withFileTypes: true }))
    if (entry.isFile()) await rm(path.join(entry.parentPath, entry.name));
  const { username, password } = new URL(primary.server.url);
  const connection = `host=127.0.0.1 port=${port} user=${username} password=${decodeURIComponent(password)} application_name=standby`;
  await appendFile(path.join(data, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`);
  await give(data, 'standby.signal', '');
}

/** Writes a file of the server: it has to be able to write it too, under whatever account it runs. */
async function give(data: string, name: string, content: string): Promise<void> {
  const file = path.join(data, name);
  const { uid, gid } = await stat(path.join(data, 'PG_VERSION'));
  await writeFile(file, content, { mode: 0o600 });
  await chown(file, uid, gid);
}

/** Keeps owners. A file that the primary removes under the copy is none that a standby needs. */
async function copyFiles(source: string, target: string): Promise<void> {
  await execute('cp', ['-a', source, target], { env: { ...process.env, LC_ALL: 'C' } }).catch(
    (error: unknown) => {
      const lines = String(Reflect.get(Object(error), 'stderr'))
        .trim()
        .split('\n');
      if (!lines.every((line) => line.endsWith('No such file or directory'))) throw error;
    },
  );
}
