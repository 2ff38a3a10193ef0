import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * Somebody who asks for little, again and again, and writes down how long each answer took. In a thread of its own:
 * a benchmark that spells and reads lists of several megabytes would measure its own pauses.
 */
export class Pings {
  private readonly thread: Worker;

  /** @param url what is asked for */
  constructor(url: string) {
    this.thread = new Worker(new URL('./pings-thread.ts', import.meta.url), { workerData: url });
  }

  /** @returns milliseconds of every answer */
  async end(): Promise<number[]> {
    const answer = once(this.thread, 'message');
    this.thread.postMessage('end');
    const [waits]: unknown[] = await answer;
    await this.thread.terminate();
    if (!Array.isArray(waits)) throw new Error('the thread that asks did not say how long it waited');
    return waits.map(Number);
  }
}
