import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import {
  OperatorError,
  commandLineOf,
  identify,
  readTextIfPresent,
  stopProcess,
  type SupervisorLog,
} from '#platform';
import type { Cluster } from './cluster.js';
import { explainFailure, troubleIn, type StartTrouble } from './failures.js';
import type { ServerPlace } from './server-account.js';

/** Recovery after a crash replays at most max_wal_size (1 GB), measured well below a minute. */
const READY_MS_MAX = 180_000;
const STOP_GRACE_MS = 20_000;
const OUTPUT_BYTES_KEPT = 8_000;

/** Durable, loopback only, UTC. `fsync` and `synchronous_commit` are named so that no default turns them off. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  max_connections: '120',
  shared_buffers: '192MB',
  max_wal_size: '1GB',
  jit: 'off',
  log_min_messages: 'warning',
  // After a crash all that is written has to be on the disk before anything is repeated: 1,600 files one by one took
  // 0.03 to 5 s, the file system as a whole 2 ms. Linux alone has the call, and reports its failures since 5.8.
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
};

/** A started server. */
export interface Postmaster {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Lets this process end while the server runs on. */
  release(): void;
}

/** The start did not work, but may after a change. */
export class StartRefused extends Error {
  constructor(
    readonly trouble: StartTrouble,
    output: string,
  ) {
    super(`PostgreSQL did not start (${trouble}): ${output.slice(-500)}`);
  }
}

/** Connection text for a database of this server. */
export function urlOf(user: string, password: string, port: number, database: string): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/**
 * Starts the server and waits until it answers queries.
 *
 * @param url connection text of its `postgres` database
 * @param settings override single settings (tests turn durability off)
 * @throws StartRefused when another port or a later try helps; OperatorError for what a person must do
 */
export async function launchPostmaster(
  place: ServerPlace,
  cluster: Cluster,
  port: number,
  url: string,
  settings: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<Postmaster> {
  const options = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(place.binaries.postgres, ['-D', cluster.data, '-p', String(port), ...options], {
    ...place.account,
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its own group: a terminal's Ctrl-C must reach the services first, the database last.
    detached: true,
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_BYTES_KEPT);
    for (const line of chunk.toString().split('\n')) if (line.trim() !== '') onLine(line);
  });
  const ended = new Promise<'ended'>((resolve) => {
    child.once('close', () => resolve('ended'));
    child.once('error', (error) => {
      output += error.message;
      resolve('ended');
    });
  });
  if (
    (await Promise.race([
      ended,
      untilReady(url, () => child.exitCode === null && child.signalCode === null && child.pid !== undefined),
    ])) === 'ready' &&
    child.pid !== undefined
  ) {
    return {
      process: child,
      pid: child.pid,
      release: () => {
        child.stderr.destroy();
        child.unref();
      },
    };
  }
  child.kill('SIGQUIT');
  const trouble = troubleIn(output);
  if (trouble !== undefined) throw new StartRefused(trouble, output);
  throw (
    explainFailure(output, cluster.data) ??
    new OperatorError(`PostgreSQL did not start:\n${output.slice(-2_000)}`)
  );
}

async function untilReady(url: string, isRunning: () => boolean): Promise<'ready' | 'late'> {
  const until = performance.now() + READY_MS_MAX;
  while (isRunning() && performance.now() < until) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return 'ready';
    } catch {
      await sleep(25);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return 'late';
}

/**
 * Ends a server that a killed launcher left behind in this data folder, and clears its pid file when the process
 * it names is gone or is somebody else's by now. One launcher per home is the home lock's business.
 */
export async function clearOrphan(data: string, log: SupervisorLog): Promise<void> {
  const file = path.join(data, 'postmaster.pid');
  const text = await readTextIfPresent(file);
  if (text === undefined) return;
  const pid = Number(text.split('\n')[0]);
  if (Number.isSafeInteger(pid) && pid > 1 && commandLineOf(pid).split(' ').includes(data)) {
    log('warn', 'postgres.orphan_stopped', { pid });
    // SIGINT is PostgreSQL's "fast" shutdown: it ends sessions and writes a checkpoint.
    await stopProcess(identify(pid), STOP_GRACE_MS, 'SIGINT');
  } else {
    log('warn', 'postgres.stale_pid_file', { pid });
  }
  // A server that ended well has removed it; one that was killed has not.
  await rm(file, { force: true });
}

/** Fast shutdown with a checkpoint; by force when that takes longer than 20 s. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  await stopProcess(identify(postmaster.pid), STOP_GRACE_MS, 'SIGINT');
}
