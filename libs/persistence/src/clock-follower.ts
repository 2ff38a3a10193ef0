import { CLOCK_CHANNEL, clockLead } from './clock.js';
import { withClient } from './embedded/database.js';
import { Listener } from './listener.js';

export interface ClockFollowerOptions {
  readonly url: string;
  /** Called with the lead in seconds at the start and after each move of the clock, one call at a time. */
  readonly onLead: (seconds: number) => Promise<void>;
  /** A reading or a call failed; it is repeated with the next connection or move. */
  readonly onError: (error: unknown) => void;
}

/** Keeps something in step with the lead of a database's clock: the embedded chain, whose blocks must be led too. */
export class ClockFollower {
  private queue: Promise<void> = Promise.resolve();
  private readonly listener: Listener;

  private constructor(private readonly options: ClockFollowerOptions) {
    this.listener = new Listener({
      url: options.url,
      channels: [CLOCK_CHANNEL],
      onNotification: () => this.follow(),
      // A move may have been missed while there was no connection.
      onConnected: () => this.follow(),
      onError: options.onError,
    });
  }

  /** Resolves when the present lead has been followed. */
  static async start(options: ClockFollowerOptions): Promise<ClockFollower> {
    const follower = new ClockFollower(options);
    await follower.listener.start();
    await follower.queue;
    return follower;
  }

  async stop(): Promise<void> {
    await this.listener.stop();
    await this.queue;
  }

  private follow(): void {
    this.queue = this.queue.then(() => this.followOnce()).catch(this.options.onError);
  }

  private async followOnce(): Promise<void> {
    const { url, onLead } = this.options;
    const lead = await withClient(url, (client) =>
      clockLead({
        query: async <T>(sql: string, params: readonly unknown[] = []) =>
          (await client.query(sql, [...params])).rows as T[],
      }),
    );
    await onLead(lead);
  }
}
