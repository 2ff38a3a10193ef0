import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who answers for an account is part of its record, and whether it was opened without keys. */
export class WhoAnswers1764100000030 implements MigrationInterface {
  name = 'WhoAnswers1764100000030';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- No contract of before named who answers for an account: such rows belong to another deployment.
      ALTER TABLE chain.merchant_version
        ADD COLUMN authority app.region_code NOT NULL DEFAULT '',
        ADD COLUMN keyless boolean NOT NULL DEFAULT false;
      ALTER TABLE chain.merchant_version ALTER COLUMN authority DROP DEFAULT, ALTER COLUMN keyless DROP DEFAULT;

      -- Home and authority are empty for a merchant, which has a row here once it was frozen.
      ALTER TABLE chain.account_version
        ADD COLUMN authority app.region_code NOT NULL DEFAULT '',
        ADD COLUMN keyless boolean NOT NULL DEFAULT false;
      ALTER TABLE chain.account_version ALTER COLUMN authority DROP DEFAULT, ALTER COLUMN keyless DROP DEFAULT;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
