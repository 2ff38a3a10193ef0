import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import {
  OperatorError,
  findFreePort,
  isPortFree,
  messageOf,
  readTextIfPresent,
  writeFileDurably,
  type SupervisorLog,
} from '#platform';
import { findBinaries } from './binaries.js';
import { SUPERUSER, prepareCluster, type Cluster } from './cluster.js';
import {
  StartRefused,
  clearOrphan,
  launchPostmaster,
  stopPostmaster,
  urlOf,
  type Postmaster,
} from './postmaster.js';
import { chooseServerPlace, type ServerPlace } from './server-account.js';

const START_ATTEMPTS_MAX = 40;
const RESTART_DELAY_MS = 250;
/** So many restarts within a minute mean a lasting fault (disk, memory) that restarting does not cure. */
const RESTARTS_PER_MINUTE_MAX = 5;

export interface EmbeddedPostgresOptions {
  /** The state folder (JANGTEO_HOME); the database is kept in its `postgres/`. */
  readonly home: string;
  /** Demand this port. Without it a free one is chosen and kept for the next starts. */
  readonly port?: number;
  readonly log: SupervisorLog;
  readonly onProgress?: (text: string) => void;
  /** Override server settings, for example `{ fsync: 'off' }` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Start once without watching over it: the server outlives this process until somebody stops it. */
  readonly detached?: boolean;
}

export interface EmbeddedPostgres {
  /** Connection text of the database `postgres`; stays the same across restarts. Holds the password. */
  readonly url: string;
  /** Process id of the present server. */
  readonly pid: number;
  /** Shuts down with a checkpoint. Safe to call twice. */
  stop(): Promise<void>;
  /** Called once when the server is gone for good: after stop (no reason), or given up (with the reason). */
  onExit(callback: (reason?: Error) => void): void;
}

/**
 * Starts the PostgreSQL that comes with npm and keeps it running: it is restarted on the same address when it
 * dies. Heals what a crash leaves behind (a server without launcher, half an initdb, a stale pid file, a taken
 * port) and never deletes a database.
 *
 * @throws OperatorError with a message for the operator when it cannot be started
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = await chooseServerPlace(path.resolve(options.home), await findBinaries(), options.log);
  options.onProgress?.('preparing the database folder');
  const cluster = await prepareCluster(place, options.log);
  const supervisor = new PostgresSupervisor(options, place, cluster);
  await supervisor.start();
  return supervisor;
}

class PostgresSupervisor implements EmbeddedPostgres {
  private postmaster: Postmaster | undefined;
  private port = 0;
  private stopping = false;
  private stopped: Promise<void> | undefined;
  private readonly exitCallbacks: ((reason?: Error) => void)[] = [];
  private restartsAt: number[] = [];

  constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly place: ServerPlace,
    private readonly cluster: Cluster,
  ) {}

  get url(): string {
    return urlOf(SUPERUSER, this.cluster.password, this.port, 'postgres');
  }

  get pid(): number {
    return this.postmaster?.pid ?? 0;
  }

  onExit(callback: (reason?: Error) => void): void {
    this.exitCallbacks.push(callback);
  }

  /** First start: settles the port. */
  async start(): Promise<void> {
    const portFile = path.join(this.place.folder, 'port');
    const remembered = Number(await readTextIfPresent(portFile));
    await clearOrphan(this.cluster.data, this.options.log);
    this.port = this.options.port ?? (remembered > 0 ? remembered : await findFreePort());
    this.options.onProgress?.('starting PostgreSQL');
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (!(await isPortFree(this.port))) throw new StartRefused('port_taken', `port ${this.port}`);
        await this.launch();
        break;
      } catch (error) {
        if (!(error instanceof StartRefused) || attempt >= START_ATTEMPTS_MAX) throw error;
        if (error.trouble === 'still_shutting_down') {
          await sleep(RESTART_DELAY_MS);
        } else if (this.options.port !== undefined) {
          throw new OperatorError(
            `Port ${this.port} for PostgreSQL is taken by another program. Free it or choose another one.`,
          );
        } else {
          this.options.log('warn', 'postgres.port_taken', { port: this.port });
          this.port = await findFreePort();
        }
      }
    }
    if (this.port !== remembered) await writeFileDurably(portFile, `${this.port}\n`, 0o644);
    this.options.log('info', 'postgres.started', { pid: this.pid, port: this.port, data: this.cluster.data });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  private async shutDown(): Promise<void> {
    if (this.postmaster !== undefined) await stopPostmaster(this.postmaster);
    this.options.log('info', 'postgres.stopped', {});
    this.announceExit();
  }

  private async launch(): Promise<void> {
    const postmaster = await launchPostmaster(
      this.place,
      this.cluster,
      this.port,
      this.url,
      this.options.settings ?? {},
      (line) => this.options.log('info', 'postgres.output', { line }),
    );
    this.postmaster = postmaster;
    if (this.options.detached === true) {
      postmaster.release();
      return;
    }
    const onEnd = () => void this.handleEnd(postmaster);
    // It may have died between answering and now.
    if (postmaster.process.exitCode !== null || postmaster.process.signalCode !== null) onEnd();
    else postmaster.process.once('exit', onEnd);
  }

  private async handleEnd(ended: Postmaster): Promise<void> {
    if (this.stopping || this.postmaster !== ended) return;
    this.options.log('error', 'postgres.died', { pid: ended.pid });
    while (!this.stopping) {
      const now = performance.now();
      this.restartsAt = this.restartsAt.filter((at) => at > now - 60_000);
      if (this.restartsAt.length >= RESTARTS_PER_MINUTE_MAX) {
        this.announceExit(
          new OperatorError(`PostgreSQL died ${this.restartsAt.length} times within a minute; see its log.`),
        );
        return;
      }
      this.restartsAt.push(now);
      if (await this.relaunch()) return;
    }
  }

  /** One round of the restart: waits out what the dead server's sessions still hold. */
  private async relaunch(): Promise<boolean> {
    for (let attempt = 0; attempt < START_ATTEMPTS_MAX && !this.stopping; attempt += 1) {
      await sleep(RESTART_DELAY_MS);
      try {
        await clearOrphan(this.cluster.data, this.options.log);
        await this.launch();
        if (this.stopping && this.postmaster !== undefined) await stopPostmaster(this.postmaster);
        this.options.log('info', 'postgres.restarted', { pid: this.pid });
        return true;
      } catch (error) {
        if (error instanceof StartRefused) continue;
        this.options.log('error', 'postgres.restart_failed', { message: messageOf(error) });
        return false;
      }
    }
    return false;
  }

  private announceExit(reason?: Error): void {
    for (const callback of this.exitCallbacks.splice(0)) callback(reason);
  }
}
