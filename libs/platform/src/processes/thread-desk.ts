import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type Transferable } from 'node:worker_threads';
import { ProblemException } from '../problem.js';
import { projectRoot } from '../project-root.js';

/** What is under way when the desk closes may end within this time; a launcher waits longer. */
const CLOSE_MS_MAX = 3_000;

export interface ThreadDeskOptions {
  /** The script as it is called when built (`.js`); run from the sources, its `.ts` is taken. */
  readonly script: URL;
  /** Jobs that may be under way; more are refused with `rate_limited`. */
  readonly jobsMax: number;
  /** A job that takes longer is given up, and the thread with it. */
  readonly answerMs: number;
  /** A thread without work for so long ends, and its memory with it; the next job starts another one. */
  readonly idleMs: number;
  /** A thread whose objects need more than this dies alone, instead of the process. */
  readonly heapMb: number;
}

/** What a thread's script answers: `{ id }` of the question and either `value`, or `error` for a fault in its code. */
export interface ThreadAnswer {
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
 * One thread for work that would hold the event loop. It answers in turn; it starts with the first job and dies
 * without taking the process along. The script gets `{ id, job }` and posts a ThreadAnswer.
 */
export class ThreadDesk {
  private thread: Worker | undefined;
  private readonly jobs = new Map<number, Job>();
  private next = 1;
  private closed = false;
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly options: ThreadDeskOptions) {}

  /**
   * The thread's answer. Rejects with `rate_limited` when too many ask, with `unavailable` when the thread died, took
   * too long, or the desk is closed, and with an Error when the thread's code has a fault.
   *
   * @param transfer what moves to the thread instead of being copied
   */
  ask(job: unknown, transfer: readonly Transferable[] = []): Promise<unknown> {
    if (this.closed) return Promise.reject(new ProblemException('unavailable'));
    if (this.jobs.size >= this.options.jobsMax) return Promise.reject(new ProblemException('rate_limited'));
    clearTimeout(this.idle);
    return new Promise((resolve, reject) => {
      const thread = (this.thread ??= this.start());
      const id = this.next++;
      const timer = setTimeout(
        () => this.fail(thread, new Error('the thread took too long')),
        this.options.answerMs,
      );
      this.jobs.set(id, { resolve, reject, timer });
      thread.postMessage({ id, job }, transfer);
    });
  }

  /** Whether a thread lives now. */
  get runs(): boolean {
    return this.thread !== undefined;
  }

  /** Takes nothing more, waits a little for what is under way, and ends the thread. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idle);
    for (const until = Date.now() + CLOSE_MS_MAX; this.jobs.size > 0 && Date.now() < until;) await sleep(10);
    const { thread } = this;
    if (thread === undefined) return;
    this.fail(thread, new Error('the process stops'));
    await thread.terminate();
  }

  private start(): Worker {
    const { script, heapMb } = this.options;
    const thread = new Worker(...sourceOf(script, heapMb));
    // The server keeps the process alive, not its helper.
    thread.unref();
    thread.on('message', (answer: ThreadAnswer) => this.settle(answer));
    thread.on('messageerror', (error) => this.fail(thread, error));
    thread.on('error', (error) => this.fail(thread, error));
    thread.on('exit', (code) => this.fail(thread, new Error(`the thread ended with ${code}`)));
    return thread;
  }

  private settle({ id, value, error }: ThreadAnswer): void {
    const job = this.jobs.get(id);
    if (job === undefined) return;
    this.jobs.delete(id);
    clearTimeout(job.timer);
    if (error === undefined) job.resolve(value);
    else job.reject(new Error(error));
    if (this.jobs.size > 0 || this.closed) return;
    this.idle = setTimeout(() => this.forget(), this.options.idleMs).unref();
  }

  private forget(): void {
    void this.thread?.terminate();
    this.thread = undefined;
  }

  /** Every job of a thread that is gone, or goes now, fails; the next one gets a fresh thread. */
  private fail(thread: Worker, cause: unknown): void {
    if (this.thread !== thread) return;
    this.forget();
    for (const { reject, timer } of this.jobs.values()) {
      clearTimeout(timer);
      reject(new ProblemException('unavailable', { cause }));
    }
    this.jobs.clear();
  }
}

/** The built script as it is; from the sources, the TypeScript with what makes Node read it. */
function sourceOf(script: URL, heapMb: number): ConstructorParameters<typeof Worker> {
  const shared = { env: {}, resourceLimits: { maxOldGenerationSizeMb: heapMb } };
  if (existsSync(fileURLToPath(script))) return [script, shared];
  const loader = pathToFileURL(path.join(projectRoot(), 'test', 'setup', 'typescript.mjs')).href;
  const execArgv = ['--conditions=source', '--no-warnings', '--import', loader];
  return [new URL(script.href.replace(/\.js$/, '.ts')), { ...shared, execArgv }];
}
