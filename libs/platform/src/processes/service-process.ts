import { fork, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTextIfPresent, writeFileDurably } from './durable-file.js';
import { parseIdentity } from './home-lock.js';
import { commandLineOf, identify, stopProcess } from './process-identity.js';
import { RotatingLog } from './rotating-log.js';
import { OperatorError, messageOf, type SupervisorLog } from './supervisor-log.js';

const GRACE_MS = 10_000;
/** A service whose launcher is gone ends by itself; one that has not, within this time, never will. */
const ORPHAN_GRACE_MS = 3_000;
const READY_MS_MAX = 60_000;
const BACKOFF_MS_MIN = 250;
const BACKOFF_MS_MAX = 10_000;
/** A process that lived this long was healthy: the next back-off starts small again. */
const HEALTHY_MS = 30_000;
/** So many deaths in a row without a healthy life are a fault that restarting does not cure. */
const FAILURES_MAX = 8;
const LAST_WORDS_BYTES = 3_000;

export interface ServiceProcessOptions {
  /** Names log and pid file: letters, digits and hyphens. */
  readonly name: string;
  /** JavaScript file that Node runs. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Node's own flags. */
  readonly nodeFlags?: readonly string[];
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly log: SupervisorLog;
  /** Time between SIGTERM and SIGKILL; default 10 s. */
  readonly graceMs?: number;
  /** Time to `reportReady`; default 60 s. */
  readonly readyMs?: number;
  /** Sees the output as it comes, beside the log file. */
  readonly onOutput?: (text: string) => void;
}

export interface ServiceProcess {
  readonly name: string;
  /** Process id of the present run; 0 between two. */
  readonly pid: number;
  /** What the process said with `reportReady`. */
  readonly info: unknown;
  /** SIGTERM, after the grace period SIGKILL. Safe to call twice. */
  stop(): Promise<void>;
  /** Ends the present run; the next one begins as after a death, and may fail as often as at first. */
  restart(): Promise<void>;
  /** Called once when it is gone for good: after stop (no reason), or given up (with the reason). */
  onExit(callback: (reason?: Error) => void): void;
}

/**
 * Runs a Node script as a service: log file, pid file, restart with growing pauses when it dies unasked. Resolves
 * when the process has called `reportReady`. What an earlier, killed launcher left running is stopped first.
 *
 * @throws OperatorError with the process' last words when it does not become ready
 */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const service = new Service(options);
  await service.start();
  return service;
}

class Service implements ServiceProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  private stopped: Promise<void> | undefined;
  private restarting = false;
  private failures = 0;
  private lastWords = '';
  private readonly logFile: RotatingLog;
  private readonly pidFile: string;
  private readonly abort = new AbortController();
  private readonly exitCallbacks: ((reason?: Error) => void)[] = [];
  info: unknown;

  constructor(private readonly options: ServiceProcessOptions) {
    this.logFile = new RotatingLog(path.join(options.home, 'logs', `${options.name}.log`));
    this.pidFile = path.join(options.home, 'run', `${options.name}.pid`);
  }

  get name(): string {
    return this.options.name;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  onExit(callback: (reason?: Error) => void): void {
    this.exitCallbacks.push(callback);
  }

  async start(): Promise<void> {
    await this.clearOrphan();
    const child = await this.launch();
    if (child === undefined) {
      this.stopping = true;
      this.logFile.end();
      throw new OperatorError(
        `${this.name} did not start. Its last words:\n${this.lastWords.trim() || '(none)'}`,
      );
    }
    this.watch(child);
  }

  async stop(): Promise<void> {
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  async restart(): Promise<void> {
    if (this.stopping) return;
    this.failures = 0;
    this.restarting = true;
    await this.end(this.child);
  }

  private async shutDown(): Promise<void> {
    this.stopping = true;
    this.abort.abort();
    await this.end(this.child);
    await rm(this.pidFile, { force: true });
    this.logFile.end();
    this.announceExit();
  }

  /** @returns the process once it is ready; undefined when it ended or took too long */
  private async launch(): Promise<ChildProcess | undefined> {
    const { script, args = [], nodeFlags = [], env } = this.options;
    this.lastWords = '';
    const child = fork(script, [...args], {
      env: definedOnly(env),
      execArgv: [...nodeFlags],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Its own group: Ctrl-C reaches the launcher alone, which then stops everything in the right order.
      detached: true,
    });
    this.child = child;
    child.stdout?.on('data', (chunk: Buffer) => this.keep(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.keep(chunk));
    let isReady = false;
    try {
      if (child.pid !== undefined)
        await writeFileDurably(this.pidFile, JSON.stringify({ ...identify(child.pid), name: this.name }));
      isReady = await this.becomesReady(child);
      return isReady ? child : undefined;
    } finally {
      // Also when a full disk kept it from being written down: no later start would find it.
      if (!isReady) await this.end(child);
    }
  }

  private becomesReady(child: ChildProcess): Promise<boolean> {
    return new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve(false);
      const timer = setTimeout(() => resolve(false), this.options.readyMs ?? READY_MS_MAX);
      const settle = (ready: boolean) => {
        clearTimeout(timer);
        resolve(ready);
      };
      child.on('message', (message) => {
        if (typeof message !== 'object' || message === null || !('ready' in message)) return;
        this.info = message.ready;
        settle(true);
      });
      child.once('error', (error) => {
        this.keep(Buffer.from(error.message));
        settle(false);
      });
      child.once('exit', () => settle(false));
    });
  }

  private watch(child: ChildProcess): void {
    const readyAt = performance.now();
    const onEnd = () => void this.handleEnd(child, Math.round(performance.now() - readyAt));
    if (child.exitCode !== null || child.signalCode !== null) onEnd();
    else child.once('exit', onEnd);
  }

  private async handleEnd(child: ChildProcess, lifeMs: number): Promise<void> {
    if (this.stopping) return;
    const asked = this.restarting;
    this.restarting = false;
    this.options.log(asked ? 'info' : 'error', asked ? 'service.restarts' : 'service.died', {
      name: this.name,
      exit_code: child.exitCode ?? undefined,
      signal: child.signalCode ?? undefined,
      life_ms: lifeMs,
    });
    if (lifeMs >= HEALTHY_MS) this.failures = 0;
    while (!this.stopping) {
      this.failures += 1;
      if (this.failures > FAILURES_MAX) {
        this.stopping = true;
        this.announceExit(
          new OperatorError(`${this.name} keeps dying. Its last words:\n${this.lastWords.trim()}`),
        );
        return;
      }
      const pause = Math.min(BACKOFF_MS_MIN * 2 ** (this.failures - 1), BACKOFF_MS_MAX);
      await sleep(pause, undefined, { signal: this.abort.signal }).catch(() => undefined);
      if (this.stopping) return;
      const next = await this.launch().catch((error: unknown) => {
        this.options.log('error', 'service.restart_failed', { name: this.name, message: messageOf(error) });
        return undefined;
      });
      if (next === undefined) continue;
      this.options.log('info', 'service.restarted', { name: this.name, pid: this.pid });
      this.watch(next);
      return;
    }
  }

  private async end(child: ChildProcess | undefined): Promise<void> {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await stopProcess(identify(child.pid), this.options.graceMs ?? GRACE_MS);
  }

  private async clearOrphan(): Promise<void> {
    const text = await readTextIfPresent(this.pidFile);
    const orphan = text === undefined ? undefined : parseIdentity(text);
    if (orphan === undefined || !commandLineOf(orphan.pid).includes(path.basename(this.options.script)))
      return;
    if (await stopProcess(orphan, ORPHAN_GRACE_MS)) {
      this.options.log('warn', 'service.orphan_stopped', { name: this.name, pid: orphan.pid });
    }
  }

  private keep(chunk: Buffer): void {
    this.logFile.write(chunk);
    const text = chunk.toString();
    this.lastWords = (this.lastWords + text).slice(-LAST_WORDS_BYTES);
    this.options.onOutput?.(text);
  }

  private announceExit(reason?: Error): void {
    for (const callback of this.exitCallbacks.splice(0)) callback(reason);
  }
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
