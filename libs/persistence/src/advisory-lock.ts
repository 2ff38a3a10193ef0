import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

export interface AdvisoryLockOptions {
  readonly url: string;
  /** Same in every process that competes for the lock; a signed 64-bit number. */
  readonly key: bigint;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Longest wait for the connection and for an answer; default 10 s. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** A server that has vanished never confirms the end of a connection. */
const CLOSE_MS_MAX = 2_000;
/** A peer that has been silent for so long is asked whether it is there. */
const KEEP_ALIVE_IDLE_S = 10;
/**
 * The lock belongs to the server's end of the connection. Without these the server of a machine that has vanished
 * keeps it for two hours, the default of TCP; with them for 10 + 3 × 5 s. No effect on a Unix socket, which knows.
 */
const ACQUIRE = `
  SELECT set_config('tcp_keepalives_idle', '${KEEP_ALIVE_IDLE_S}', false),
         set_config('tcp_keepalives_interval', '5', false),
         set_config('tcp_keepalives_count', '3', false),
         pg_try_advisory_lock($1) AS held`;

/**
 * A session-level advisory lock on a connection of its own: one process at a time holds it. When the process dies or
 * loses the database, the lock is gone and another one may take over, so its holder must not be the only protection
 * against a second one: for a moment there may be two.
 */
export class AdvisoryLock {
  private client: Client | undefined;
  private acquiring: Promise<boolean> | undefined;

  constructor(private readonly options: AdvisoryLockOptions) {}

  /** Whether this process holds the lock, as far as is known; a broken connection ends it. */
  get isHeld(): boolean {
    return this.client !== undefined;
  }

  /**
   * Tries once, without waiting for whoever holds the lock.
   *
   * @returns whether this process holds the lock now
   * @throws Error when the database cannot be reached or does not answer in time; the connection is closed then
   */
  async tryAcquire(): Promise<boolean> {
    if (this.client !== undefined) return true;
    this.acquiring ??= this.connect().finally(() => (this.acquiring = undefined));
    return this.acquiring;
  }

  /** Gives the lock up by closing its connection; does nothing when it is not held. */
  async release(): Promise<void> {
    await this.acquiring?.catch(() => undefined);
    const { client } = this;
    this.client = undefined;
    if (client !== undefined) await close(client);
  }

  private async connect(): Promise<boolean> {
    const { url, key, applicationName, timeoutMs = TIMEOUT_MS } = this.options;
    const client = new Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_IDLE_S * 1_000,
    });
    const lost = (): void => {
      if (this.client === client) this.client = undefined;
    };
    client.on('end', lost);
    client.on('error', () => {
      lost();
      void close(client);
    });
    try {
      await client.connect();
      const { rows } = await client.query<{ held: boolean }>(ACQUIRE, [key.toString()]);
      if (rows[0]?.held === true) {
        this.client = client;
        return true;
      }
    } catch (error) {
      await close(client);
      throw error;
    }
    await close(client);
    return false;
  }
}

async function close(client: Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), sleep(CLOSE_MS_MAX, undefined, { ref: false })]);
}
