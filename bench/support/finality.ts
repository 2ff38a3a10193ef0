import { Database, Listener } from '#persistence';

/** Where an indexer reports what it copied. */
export interface FinalTables {
  /** Its notifications contain the newest block. */
  readonly channel: string;
  readonly cursor: string;
  /** With id and block_number. */
  readonly payments: string;
}

export const PLATFORM_TABLES: FinalTables = {
  channel: 'jangteo_block',
  cursor: 'chain.cursor',
  payments: 'chain.payment',
};

/**
 * When payments became final: on the chain and in the tables. Woken by the indexer's notification, it reads the ids
 * of the new blocks in one statement, which costs little beside the path that is measured.
 */
export class FinalityWatch {
  /** Moment by payment id (hex without 0x), on the clock of performance.now(). */
  readonly finalAt = new Map<string, number>();
  private last = 0n;
  private reading: Promise<void> = Promise.resolve();
  private listener: Listener | undefined;

  private constructor(
    private readonly db: Database,
    private readonly where: FinalTables,
  ) {}

  static async start(databaseUrl: string, db: Database, where: FinalTables): Promise<FinalityWatch> {
    const watch = new FinalityWatch(db, where);
    const [row] = await db.query<{ block: bigint }>(`SELECT block_number AS block FROM ${where.cursor}`);
    watch.last = row?.block ?? 0n;
    watch.listener = new Listener({
      url: databaseUrl,
      channels: [where.channel],
      onNotification: (_channel, payload) => watch.see(BigInt(payload), performance.now()),
    });
    await watch.listener.start();
    return watch;
  }

  get count(): number {
    return this.finalAt.size;
  }

  async stop(): Promise<void> {
    await this.listener?.stop();
    await this.reading;
  }

  private see(block: bigint, at: number): void {
    this.reading = this.reading.then(() => this.read(block, at));
  }

  private async read(block: bigint, at: number): Promise<void> {
    if (block <= this.last) return;
    const rows = await this.db.query<{ ids: Buffer | null }>(
      `SELECT string_agg(id, ''::bytea) AS ids FROM ${this.where.payments} WHERE block_number > $1 AND block_number <= $2`,
      [this.last, block],
    );
    this.last = block;
    const ids = rows[0]?.ids?.toString('hex') ?? '';
    for (let start = 0; start < ids.length; start += 64) this.finalAt.set(ids.slice(start, start + 64), at);
  }
}
