import { Client } from 'pg';

export interface ListenerOptions {
  readonly url: string;
  readonly channels: readonly string[];
  readonly onNotification: (channel: string, payload: string) => void;
  /** Called after every (re)connection: whatever was missed in between must be read from the tables. */
  readonly onConnected?: () => void;
  readonly onError?: (error: Error) => void;
}

const RECONNECT_DELAY_MS = 500;

/** Postgres LISTEN on a connection of its own that comes back by itself. */
export class Listener {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: ListenerOptions) {}

  async start(): Promise<void> {
    const client = new Client({ connectionString: this.options.url, application_name: 'jangteo-listen' });
    this.client = client;
    client.on('error', (error) => this.options.onError?.(error));
    client.on('end', () => this.reconnectLater(client));
    client.on('notification', (message) =>
      this.options.onNotification(message.channel, message.payload ?? ''),
    );
    try {
      await client.connect();
      for (const channel of this.options.channels) {
        await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      }
      this.options.onConnected?.();
    } catch (error) {
      this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
      await client.end().catch(() => undefined);
      this.reconnectLater(client);
    }
  }

  async stop(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private reconnectLater(client: Client): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    this.timer = setTimeout(() => void this.start(), RECONNECT_DELAY_MS);
  }
}
