import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, Listener } from '#persistence';
import { ClientLimits, type ClientUse, Log, ServiceConfig } from '#platform';

const CHANNEL = 'jangteo_clients';
const EVERY_MS = 1_000;
/** PostgreSQL takes less than 8,000 bytes in one notification. */
const PAYLOAD_MAX = 7_500;

interface Shared {
  readonly from: string;
  /** Requests by client. */
  readonly used: readonly (readonly [client: string, requests: number])[];
}

/**
 * Adds up over all APIs what each client sends: once a second every process reports to the others who used a
 * considerable part of the limit, with one NOTIFY, and without one when no client did. No request waits for it (ADR 28).
 */
@Injectable()
export class SharedLimits implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly me = randomUUID();
  private readonly listener: Listener;
  private timer: NodeJS.Timeout | undefined;
  private reporting: Promise<void> = Promise.resolve();

  constructor(
    private readonly limits: ClientLimits,
    private readonly db: Database,
    private readonly log: Log,
    private readonly config: ServiceConfig,
  ) {
    this.listener = new Listener({
      url: config.databaseUrl,
      channels: [CHANNEL],
      onNotification: (_channel, payload) => this.hear(payload),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.requestsPerSecond === 0) return;
    await this.listener.start();
    this.timer = setInterval(() => (this.reporting = this.report()), EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.listener.stop();
    await this.reporting;
  }

  private async report(): Promise<void> {
    const payload = this.payloadOf(this.limits.takeUse(EVERY_MS / 1_000));
    if (payload === undefined) return;
    try {
      await this.db.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]);
    } catch (error) {
      // Each process still limits what it gets itself.
      this.log.warn('limits.not_shared', { error });
    }
  }

  /** As many clients as one notification takes, most requests first. */
  private payloadOf(use: readonly ClientUse[]): string | undefined {
    if (use.length === 0) return undefined;
    const used: [string, number][] = [];
    let bytes = 0;
    for (const { client, requests } of use) {
      bytes += client.length + 16;
      if (bytes > PAYLOAD_MAX) break;
      used.push([client, requests]);
    }
    return JSON.stringify({ from: this.me, used } satisfies Shared);
  }

  private hear(payload: string): void {
    // Every process of this database that may notify is the platform's own.
    const { from, used } = JSON.parse(payload) as Shared;
    if (from === this.me) return;
    const now = performance.now();
    for (const [client, requests] of used) this.limits.add({ client, requests }, now);
  }
}
