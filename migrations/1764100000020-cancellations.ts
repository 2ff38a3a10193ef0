import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Owners cancel what they signed. */
export class Cancellations1764100000020 implements MigrationInterface {
  name = 'Cancellations1764100000020';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- Nonces that owners used up without moving value, of holdings and of merchant balances: amount is how many, those
      -- that end at nonce.
      CREATE TABLE chain.cancellation (
        id app.hash32 PRIMARY KEY,
        series integer NOT NULL,
        account app.address NOT NULL,
        amount bigint NOT NULL CHECK (amount > 0),
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index)
      );
      CREATE INDEX cancellation_account ON chain.cancellation (account, block_number DESC, log_index DESC);
      CREATE TABLE chain.merchant_cancellation (
        id app.hash32 PRIMARY KEY,
        series integer NOT NULL,
        merchant app.address NOT NULL,
        amount bigint NOT NULL CHECK (amount > 0),
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index)
      );
      CREATE INDEX merchant_cancellation_merchant
        ON chain.merchant_cancellation (merchant, block_number DESC, log_index DESC);
      ALTER TYPE chain.daily_figure ADD VALUE 'cancellation_refused';
      ALTER TYPE chain.daily_figure ADD VALUE 'merchant_cancellation_refused';
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
