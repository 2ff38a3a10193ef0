import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemException } from '#platform';

/** As long as a caller waits for a connection. */
const WAIT_MS_MAX = 10_000;

/**
 * Lets many callers at once make sure that what they have read is durable, with one statement for all who ask while
 * the one before runs. That one does not count for them: its mark may lie before what they read.
 */
export class ReadMark {
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  /** @param write commits something new; resolves when that, and so all that came before it, is durable */
  constructor(
    private readonly write: () => Promise<void>,
    private readonly waitMsMax = WAIT_MS_MAX,
  ) {}

  /** @throws ProblemException `unavailable` when it takes too long; what `write` throws */
  async pass(): Promise<void> {
    this.next ??= this.running.then(() => {
      this.next = undefined;
      const written = this.write();
      this.running = written.catch(() => undefined);
      return written;
    });
    // When all who waited have given up, no other code would see that it failed.
    this.next.catch(() => undefined);
    const over = new AbortController();
    const late = sleep(this.waitMsMax, true, { signal: over.signal, ref: false }).catch(() => false);
    try {
      if ((await Promise.race([this.next, late])) === true) throw new ProblemException('unavailable');
    } finally {
      over.abort();
    }
  }
}
