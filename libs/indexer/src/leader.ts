import { Client } from 'pg';

/** Same in every process: one indexer per database. */
const INDEXER_LOCK = 0x6a616e67; // "jang"

/**
 * Leadership by an advisory lock that belongs to a connection of its own: when the process dies or loses the
 * database, the lock is gone and another one takes over.
 */
export class LeaderLock {
  private client: Client | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly key: number = INDEXER_LOCK,
  ) {}

  /** Whether this process leads, as far as is known; a broken connection ends it. */
  get isHeld(): boolean {
    return this.client !== undefined;
  }

  /** Tries once. True when this process leads now. Throws when the database is away. */
  async tryAcquire(): Promise<boolean> {
    if (this.client) return true;
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'jangteo-indexer-leader',
      connectionTimeoutMillis: 10_000,
      // A vanished machine must not hold the lock until TCP gives up by itself.
      keepAlive: true,
    });
    const lost = (): void => {
      if (this.client === client) this.client = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    try {
      await client.connect();
      const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
        this.key,
      ]);
      if (rows[0]?.held === true) {
        this.client = client;
        return true;
      }
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    await client.end();
    return false;
  }

  async release(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
