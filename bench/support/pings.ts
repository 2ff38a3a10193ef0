import { setTimeout as sleep } from 'node:timers/promises';
import type { OutsideClient } from '../../test/support/outside-client.js';

const EVERY_MS = 20;

/** Somebody who asks for little, again and again, and writes down how long each answer took. */
export class Pings {
  private readonly waits: number[] = [];
  private ended = false;
  private readonly asking: Promise<void>;

  constructor(client: OutsideClient) {
    this.asking = this.ask(client);
  }

  /** @returns milliseconds of every answer */
  async end(): Promise<number[]> {
    this.ended = true;
    await this.asking;
    return this.waits;
  }

  private async ask(client: OutsideClient): Promise<void> {
    while (!this.ended) {
      const startedAt = performance.now();
      await client.get('/health/live');
      this.waits.push(performance.now() - startedAt);
      await sleep(EVERY_MS);
    }
  }
}
