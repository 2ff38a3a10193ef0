import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort, projectRoot } from '#platform';
import { isBuildCurrent } from '../../scripts/lib/bootstrap.mjs';
import { PlatformHome, type ProcessName } from './platform-home.js';
import { UNLIMITED } from './unlimited.js';

export { PROCESSES, type ProcessName } from './platform-home.js';

const UP_MS_MAX = 120_000;
const STOP_MS_MAX = 30_000;
/** Far above what any takes on a busy machine: one that is ended here hangs. */
const COMMAND_MS_MAX = 300_000;
const POLL_MS = 50;
const INTERRUPTION_POLL_MS = 5;
const OUTPUT_KEPT = 20_000;

type Settings = Readonly<Record<string, string>>;

/** How a process ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface CommandOptions {
  /** Settings beside those of this platform, or instead of them. */
  readonly env?: Settings;
  readonly interruption?: Interruption;
}

export interface Interruption {
  readonly isTime: () => boolean;
  readonly signal: 'SIGTERM' | 'SIGKILL';
}

/**
 * The real platform, started as people start it (`jangteo up`), on a home and ports of its own. Whoever starts one
 * has to dispose of it; a run that was killed itself is cleaned up by the next one.
 */
export class TestPlatform {
  private launcher: Running | undefined;
  private readonly onExit = () => this.home.killAll();

  private constructor(
    readonly home: PlatformHome,
    private readonly port: number,
    private readonly workerPort: number,
    private readonly metricsPort: number,
    private readonly settings: Settings,
  ) {
    process.once('exit', this.onExit);
  }

  /**
   * @param interruptions the very first starts are killed, all processes at once, after so many milliseconds
   * @param settings as in the environment, beside those that every test platform has
   * @throws Error when nothing is built, or the platform is not ready in time (with its last words)
   */
  static async start(interruptions: readonly number[] = [], settings: Settings = {}): Promise<TestPlatform> {
    requireBuild();
    const platform = new TestPlatform(
      PlatformHome.create(),
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
      settings,
    );
    try {
      for (const afterMs of interruptions) await platform.startInVain(afterMs);
      await platform.up();
      return platform;
    } catch (error) {
      await platform.dispose();
      throw error;
    }
  }

  /** Address of the API. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Address of the worker's health and metrics. */
  get workerUrl(): string {
    return `http://127.0.0.1:${this.workerPort}`;
  }

  /** Address of the API's metrics. */
  get metricsUrl(): string {
    return `http://127.0.0.1:${this.metricsPort}`;
  }

  /** Address of the chain's node while the platform runs. */
  get chainUrl(): string {
    return this.announced('chainUrl');
  }

  /** Address of the database, with its password, while the platform runs. */
  get databaseUrl(): string {
    return this.announced('databaseUrl');
  }

  private announced(name: string): string {
    const text = this.home.read('run', 'platform.json');
    const content: unknown = text === undefined ? undefined : JSON.parse(text);
    if (typeof content === 'object' && content !== null) {
      const value: unknown = Reflect.get(content, name);
      if (typeof value === 'string') return value;
    }
    throw new Error('the platform has not announced itself');
  }

  /** Starts the launcher and waits until everything is ready. */
  async up(): Promise<void> {
    const launcher = this.run(['up']);
    this.launcher = launcher;
    const until = Date.now() + UP_MS_MAX;
    while (!launcher.output.includes('Jangteo is running') || !(await this.isReady())) {
      if (launcher.ended !== undefined || Date.now() > until)
        throw new Error(`the platform did not become ready:\n${launcher.output}`);
      await sleep(POLL_MS);
    }
  }

  /** Starts the launcher and kills it, or everything, while it starts. @returns false when it was ready sooner */
  async startInVain(afterMs: number, which: 'launcher' | 'all' = 'all'): Promise<boolean> {
    const outcome = this.up().then(
      () => true,
      () => false,
    );
    await sleep(afterMs);
    // By handle: a launcher that has only just begun has written nothing down yet.
    this.launcher?.child.kill('SIGKILL');
    if (which === 'all') this.home.killAll();
    return !(await outcome);
  }

  /** Whether API and worker say that they and all they need work. */
  async isReady(): Promise<boolean> {
    const answers = await Promise.all(
      [this.port, this.workerPort].map(async (port) => {
        try {
          const signal = AbortSignal.timeout(3_000);
          return (await fetch(`http://127.0.0.1:${port}/health/ready`, { signal })).ok;
        } catch {
          return false;
        }
      }),
    );
    return answers.every(Boolean);
  }

  /** Waits for isReady. @throws Error with the launcher's words when it takes too long or the launcher ends */
  async ready(): Promise<void> {
    const until = Date.now() + UP_MS_MAX;
    while (!(await this.isReady())) {
      if (this.launcher?.ended !== undefined || Date.now() > until)
        throw new Error(`the platform did not come back:\n${this.launcher?.output ?? ''}`);
      await sleep(POLL_MS);
    }
  }

  /** Whether the launcher runs. */
  get isUp(): boolean {
    return this.launcher !== undefined && this.launcher.ended === undefined;
  }

  /** SIGKILL to one process, or to all of them at once. @returns false when it did not run at that moment */
  async kill9(which: ProcessName | 'all'): Promise<boolean> {
    if (which === 'all') this.home.killAll();
    else if (!this.home.kill(which)) return false;
    if (which === 'all' || which === 'launcher') await this.launcher?.exit;
    return true;
  }

  /** What the launcher said last, also when it has ended. */
  get lastWords(): string {
    return this.launcher?.output ?? '';
  }

  /** SIGTERM to the launcher; what it says and its exit code. @throws Error when it does not end in time */
  async stop(): Promise<Ended> {
    const { launcher } = this;
    if (launcher === undefined) throw new Error('the platform does not run');
    launcher.child.kill('SIGTERM');
    const timer = setTimeout(() => launcher.child.kill('SIGKILL'), STOP_MS_MAX);
    await launcher.exit;
    clearTimeout(timer);
    this.launcher = undefined;
    return { code: launcher.ended ?? null, output: launcher.output };
  }

  /** stop, then up on the same home. */
  async restart(): Promise<void> {
    await this.stop();
    await this.up();
  }

  /** Runs another command of the operator in this home. */
  command(...args: string[]): Promise<Ended> {
    return this.commandWith({}, ...args);
  }

  /**
   * The same with other settings, or ended by a signal as soon as it is time; `SIGKILL` ends all of its home at once,
   * as when the machine loses power.
   *
   * @throws Error with what it said when it does not end in time
   */
  async commandWith({ env, interruption }: CommandOptions, ...args: string[]): Promise<Ended> {
    const running = this.run(args, env);
    let isLate = false;
    const timer = setTimeout(() => (isLate = running.child.kill('SIGKILL')), COMMAND_MS_MAX);
    try {
      if (interruption !== undefined) await this.interrupt(running, interruption);
      await running.exit;
    } finally {
      clearTimeout(timer);
    }
    if (isLate) throw new Error(`jangteo ${args[0]} did not end in ${COMMAND_MS_MAX} ms:\n${running.output}`);
    return { code: running.ended ?? null, output: running.output };
  }

  private async interrupt(running: Running, { isTime, signal }: Interruption): Promise<void> {
    while (!isTime()) {
      if (running.ended !== undefined) return;
      await sleep(INTERRUPTION_POLL_MS);
    }
    running.child.kill(signal);
    if (signal === 'SIGKILL') this.home.killAll();
  }

  /** Ends everything and removes the home. Safe to call twice, never throws because something is gone already. */
  async dispose(): Promise<void> {
    process.off('exit', this.onExit);
    if (this.isUp) await this.stop();
    this.home.killAll();
    await sleep(100);
    this.home.remove();
  }

  private run(args: readonly string[], env: Settings = {}): Running {
    return new Running(
      spawn(process.execPath, ['--enable-source-maps', entry(), ...args], {
        cwd: projectRoot(),
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          JANGTEO_HOME: this.home.state,
          JANGTEO_DEMO: 'off',
          PORT: String(this.port),
          WORKER_PORT: String(this.workerPort),
          METRICS_PORT: String(this.metricsPort),
          ...UNLIMITED,
          ...this.settings,
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }
}

class Running {
  output = '';
  /** Exit code, null after a signal; undefined while it runs. */
  ended: number | null | undefined;
  readonly exit: Promise<void>;

  constructor(readonly child: ChildProcess) {
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-OUTPUT_KEPT);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    // 'exit' and not 'close': killed services may hold the pipe a moment longer than their launcher lives.
    this.exit = new Promise((resolve) => {
      child.once('exit', (code) => {
        this.ended = code;
        resolve();
      });
      child.once('error', (error) => {
        this.output += error.message;
        this.ended = null;
        resolve();
      });
    });
  }
}

function entry(): string {
  return path.join(projectRoot(), 'dist', 'apps', 'cli', 'src', 'main.js');
}

/** An older build would say that all is well with code that is not there any more. */
function requireBuild(): void {
  if (isBuildCurrent()) return;
  throw new Error(
    'This test starts the built platform, and dist/ is missing or older than the sources. `npm test` builds first; by hand: npm run build.',
  );
}
