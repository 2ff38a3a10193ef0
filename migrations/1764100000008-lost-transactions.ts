import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the chain loses is brought back in the order in which it was there. */
export class LostTransactions1764100000008 implements MigrationInterface {
  name = 'LostTransactions1764100000008';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- The block that the transaction was in when the chain lost it last; NULL for one that was never lost.
      ALTER TABLE app.relay_transaction ADD COLUMN lost_block bigint CHECK (lost_block >= 0);
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
