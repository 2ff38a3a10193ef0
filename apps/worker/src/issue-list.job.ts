import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { IssueListEnqueuer } from '#issuance';
import { Listener } from '#persistence';
import { Log, messageOf, ServiceConfig } from '#platform';

/** A notification can be missed while the connection is down; the tables can't. */
const LOOK_EVERY_MS = 2_000;
/** An approved list waits this long at most for its block to be indexed and looked at. */
const SETTLE_MS = 100;

/** Puts the chunks of approved issue lists into the outbox once their approval is on chain. */
@Injectable()
export class IssueListJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly listener: Listener;
  private running: Promise<void> | undefined;
  private wake: () => void = () => undefined;

  constructor(
    @Inject(ServiceConfig) config: ServiceConfig,
    @Inject(Log) private readonly log: Log,
    private readonly enqueuer: IssueListEnqueuer,
  ) {
    this.listener = new Listener({
      url: config.databaseUrl,
      channels: ['jangteo_block'],
      onNotification: () => this.wake(),
      onError: (error) => log.warn('issue_lists.listen_failed', { message: error.message }),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listener.start();
    this.running = this.loop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.listener.stop();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      try {
        const added = await this.enqueuer.runOnce();
        if (added > 0) this.log.info('issue_lists.enqueued', { count: added });
      } catch (error) {
        this.log.warn('issue_lists.failed', { message: messageOf(error), error });
      }
      const rest = new AbortController();
      const timer = sleep(LOOK_EVERY_MS, undefined, { signal: rest.signal }).catch(() => undefined);
      await Promise.race([woken, timer]);
      rest.abort();
      await sleep(SETTLE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
