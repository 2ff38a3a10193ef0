import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the chain loses is brought back in the order in which it was there. */
export class LostTransactions1764100000008 implements MigrationInterface {
  name = 'LostTransactions1764100000008';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- The block that the transaction was in when the chain lost it last; NULL for one that was never lost.
      ALTER TABLE app.relay_transaction ADD COLUMN lost_block bigint CHECK (lost_block >= 0);
      -- Its place in that block, or in mined_block.
      ALTER TABLE app.relay_transaction ADD COLUMN block_place integer CHECK (block_place >= 0);
      -- What it may use at most; of older rows what any may.
      ALTER TABLE app.relay_transaction ADD COLUMN gas bigint NOT NULL DEFAULT 16777216 CHECK (gas > 0);
      ALTER TABLE app.relay_transaction ALTER COLUMN gas DROP DEFAULT;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
