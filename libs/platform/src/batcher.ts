import { ProblemException } from './problem.js';

export interface BatcherOptions<T, R> {
  /**
   * Handles one batch; must return one result per item, in order, and leave nothing behind when it throws: the batch is
   * then tried again in halves, so that an item that cannot be handled fails alone. A ProblemException is about none of
   * the items (no connection, no node): every item of the batch fails with it.
   */
  readonly run: (items: readonly T[]) => Promise<readonly R[]>;
  /** Items in one batch at most. */
  readonly sizeMax: number;
  /** How long the first item of a batch waits for further ones, in milliseconds; 0 = until the event loop turns. */
  readonly batchDelayMs: number;
  /**
   * Time from the start of one batch to the start of the next unless that is full, in milliseconds; default 0. What
   * comes after a pause does not wait for it; under load it makes few large batches of many small ones.
   */
  readonly spacingMs?: number;
  /** Items that may wait; more are refused with `rate_limited`. */
  readonly queueMax: number;
  /** Batches that may run at the same time; default 1. */
  readonly concurrencyMax?: number;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Turns single calls into batches: one statement or transaction for many requests. Items keep their order. While
 * a batch runs, the next one fills, so that under load the batches grow and the delay costs nothing.
 */
export class Batcher<T, R> {
  private readonly waiting: Waiting<T, R>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running = 0;
  private startedAt = -Infinity;
  private closed = false;
  private idle: (() => void)[] = [];

  constructor(private readonly options: BatcherOptions<T, R>) {
    const { sizeMax, batchDelayMs, queueMax } = options;
    if (sizeMax < 1 || queueMax < 1 || batchDelayMs < 0) throw new Error('a batcher needs positive limits');
  }

  /** Items that wait now. */
  get depth(): number {
    return this.waiting.length;
  }

  /** Whether the next item would be refused; lets a caller spare itself the work of preparing it. */
  get isFull(): boolean {
    return this.waiting.length >= this.options.queueMax;
  }

  /** Resolves with the item's own result. Rejects with `rate_limited` when too many wait, `unavailable` when closed. */
  submit(item: T): Promise<R> {
    if (this.closed) return Promise.reject(new ProblemException('unavailable'));
    if (this.isFull) return Promise.reject(new ProblemException('rate_limited'));
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  /** Takes nothing more and resolves when all that waits is done. */
  async close(): Promise<void> {
    this.closed = true;
    this.start();
    if (this.running === 0 && this.waiting.length === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private schedule(): void {
    if (this.waiting.length >= this.options.sizeMax) {
      this.start();
    } else {
      const { batchDelayMs, spacingMs = 0 } = this.options;
      const wait = Math.max(batchDelayMs, this.startedAt + spacingMs - performance.now());
      this.timer ??= setTimeout(() => this.start(), wait);
    }
  }

  private start(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { concurrencyMax = 1, sizeMax } = this.options;
    while (this.running < concurrencyMax && this.waiting.length > 0) {
      this.running++;
      this.startedAt = performance.now();
      void this.runBatch(this.waiting.splice(0, sizeMax));
    }
  }

  private async runBatch(batch: readonly Waiting<T, R>[]): Promise<void> {
    await this.settle(batch);
    this.running--;
    if (this.waiting.length > 0) this.next();
    else if (this.running === 0) for (const done of this.idle.splice(0)) done();
  }

  /** One after the other: items keep their order, and an item that fails costs 2 log2(n) statements instead of n. */
  private async settle(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.options.run(batch.map(({ item }) => item));
      if (results.length !== batch.length) {
        throw new Error(`a batch of ${batch.length} items gave ${results.length} results`);
      }
      results.forEach((result, index) => batch[index]?.resolve(result));
    } catch (error) {
      if (batch.length === 1 || error instanceof ProblemException) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await this.settle(batch.slice(0, middle));
      await this.settle(batch.slice(middle));
    }
  }

  /** After a batch: the next one has gathered meanwhile, or gathers until its time has come. */
  private next(): void {
    if (this.closed || (this.options.spacingMs ?? 0) === 0) this.start();
    else this.schedule();
  }
}
