import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ProblemException } from '../problem.js';
import { projectRoot } from '../project-root.js';

/** What is under way when the process stops may end within this time; a launcher waits longer. */
const CLOSE_MS_MAX = 3_000;
/** A helper without work ends by itself when it is let go. */
const GONE_MS_MAX = 1_000;
const LAST_WORDS_MAX = 2_000;

export interface HelperOptions {
  /** The script's address when built (`.js`); run from the sources, its `.ts` is taken. */
  readonly script: URL;
  /** Jobs that may be under way; more are refused with `rate_limited`. */
  readonly jobsMax: number;
  /** A job that takes longer is given up, and the helper with it. */
  readonly answerMs: number;
  /** A helper without work for so long ends, and its memory with it; the next job starts another one. */
  readonly idleMs: number;
  /** A helper whose objects need more than this dies, and no other process. */
  readonly heapMb: number;
}

/** The helper's answer: `id` of the question and either `value`, or `error` for a fault in its code. */
interface HelperAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

interface Job {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A process of its own for work that would hold the event loop. It starts with the first job and answers in turn. A
 * process and not a thread: what it needed goes back to the system when it ends, and it dies without company.
 *
 * The script gets messages `{ id, job }` and sends `{ id, value }`, or `{ id, error }` for a fault.
 */
export class HelperProcess {
  private child: ChildProcess | undefined;
  private readonly jobs = new Map<number, Job>();
  private next = 1;
  private closed = false;
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly options: HelperOptions) {}

  /**
   * The helper's answer. Rejects with `rate_limited` when too many ask, with `unavailable` when the helper died, took
   * too long, or stops, and with an Error when its code has a fault.
   *
   * @param job whatever the structured clone algorithm can copy
   */
  ask(job: unknown): Promise<unknown> {
    if (this.closed) return Promise.reject(new ProblemException('unavailable'));
    if (this.jobs.size >= this.options.jobsMax) return Promise.reject(new ProblemException('rate_limited'));
    clearTimeout(this.idle);
    return new Promise((resolve, reject) => {
      const child = (this.child ??= this.start());
      const id = this.next++;
      const late = () => this.fail(child, new Error('the helper took too long'));
      this.jobs.set(id, { resolve, reject, timer: setTimeout(late, this.options.answerMs) });
      child.send({ id, job }, (error) => {
        if (error !== null) this.fail(child, error);
      });
    });
  }

  /** Process id; undefined while there is none. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Takes nothing more, waits a little for what is under way, and ends the helper. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idle);
    for (const until = performance.now() + CLOSE_MS_MAX; this.jobs.size > 0 && performance.now() < until;)
      await sleep(10);
    const { child } = this;
    if (child === undefined) return;
    const exit = once(child, 'exit');
    if (this.jobs.size > 0) this.fail(child, new Error('the process stops'));
    else this.letGo();
    const timer = setTimeout(() => child.kill('SIGKILL'), GONE_MS_MAX);
    await exit;
    clearTimeout(timer);
  }

  private start(): ChildProcess {
    const { script, heapMb } = this.options;
    const { file, flags } = sourceOf(script);
    const child = fork(file, {
      execArgv: [...flags, `--max-old-space-size=${heapMb}`],
      // It reads what comes from outside; addresses and passwords are none of its business.
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    // The server keeps the process alive, not its helper.
    child.unref();
    child.channel?.unref();
    if (child.stderr instanceof Socket) child.stderr.unref();
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-LAST_WORDS_MAX)));
    child.on('message', (answer) => {
      if (isAnswer(answer)) this.settle(answer);
    });
    child.on('error', (error) => this.fail(child, error));
    // 'close' comes after the last words.
    child.on('close', (code, signal) =>
      this.fail(child, new Error(`the helper ended with ${code ?? signal}: ${words}`)),
    );
    return child;
  }

  private settle({ id, value, error }: HelperAnswer): void {
    const job = this.jobs.get(id);
    if (job === undefined) return;
    this.jobs.delete(id);
    clearTimeout(job.timer);
    if (error === undefined) job.resolve(value);
    else job.reject(new Error(error));
    if (this.jobs.size > 0 || this.closed) return;
    this.idle = setTimeout(() => this.letGo(), this.options.idleMs).unref();
  }

  /** Without its channel it has nothing to wait for, and ends. */
  private letGo(): void {
    if (this.child?.connected === true) this.child.disconnect();
    this.child = undefined;
  }

  /** Every job of a helper that is gone, or goes now, fails; the next one gets a fresh helper. */
  private fail(child: ChildProcess, cause: unknown): void {
    if (this.child !== child) return;
    this.child = undefined;
    child.kill('SIGKILL');
    for (const { reject, timer } of this.jobs.values()) {
      clearTimeout(timer);
      reject(new ProblemException('unavailable', { cause }));
    }
    this.jobs.clear();
  }
}

function isAnswer(message: unknown): message is HelperAnswer {
  return typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'number';
}

/** The built script as it is; from the sources, the TypeScript with what makes Node read it. */
function sourceOf(script: URL): { readonly file: string; readonly flags: readonly string[] } {
  const file = fileURLToPath(script);
  if (existsSync(file)) return { file, flags: ['--enable-source-maps'] };
  const loader = pathToFileURL(path.join(projectRoot(), 'test', 'setup', 'typescript.mjs')).href;
  return {
    file: file.replace(/\.js$/, '.ts'),
    flags: ['--conditions=source', '--no-warnings', '--import', loader],
  };
}
