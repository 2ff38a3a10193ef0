import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which orders a device key signed: what devices moved on a day follows from the chain's events. */
export class SignedByDevice1764100000021 implements MigrationInterface {
  name = 'SignedByDevice1764100000021';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE chain.payment ADD COLUMN by_device boolean NOT NULL DEFAULT false;
      ALTER TABLE chain.void ADD COLUMN by_device boolean NOT NULL DEFAULT false;
      ALTER TABLE chain.circulation ADD COLUMN by_device boolean NOT NULL DEFAULT false;
      CREATE INDEX payment_by_device ON chain.payment (payer, block_number) WHERE by_device;
      CREATE INDEX void_by_device ON chain.void (merchant, block_number) WHERE by_device;
      CREATE INDEX circulation_by_device ON chain.circulation (merchant, block_number) WHERE by_device;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
