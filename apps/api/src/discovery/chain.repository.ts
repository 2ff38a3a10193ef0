import { Injectable } from '@nestjs/common';
import { Database, toHex } from '#persistence';

export interface IndexedBlockRow {
  readonly number: bigint;
  readonly hash: string;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

@Injectable()
export class ChainRepository {
  constructor(private readonly db: Database) {}

  /** The newest indexed block; undefined before the first. */
  async indexedBlock(): Promise<IndexedBlockRow | undefined> {
    const [row] = await this.db.query<{ number: bigint; hash: Buffer; timestamp: bigint }>(
      'SELECT b.number, b.hash, b.timestamp FROM chain.cursor c JOIN chain.block b ON b.number = c.block_number',
    );
    return row && { ...row, hash: toHex(row.hash) };
  }
}
