import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was fixed when the contracts were made: what amounts count, and after which numbers series and issue orders begin.
 * A database has one deployment, so that every row of the schemas chain and books is of its contracts.
 */
export class Unit1764100000034 implements MigrationInterface {
  name = 'Unit1764100000034';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- Deployments of before counted won from 1.
      ALTER TABLE app.deployment
        ADD COLUMN unit_code text NOT NULL DEFAULT 'KRW' CHECK (unit_code ~ '^[A-Z]{3}$'),
        ADD COLUMN unit_digits smallint NOT NULL DEFAULT 0 CHECK (unit_digits BETWEEN 0 AND 6),
        ADD COLUMN unit_ko text NOT NULL DEFAULT '원' CHECK (octet_length(unit_ko) BETWEEN 1 AND 32),
        ADD COLUMN unit_en text NOT NULL DEFAULT 'won' CHECK (octet_length(unit_en) BETWEEN 1 AND 32),
        ADD COLUMN series_after bigint NOT NULL DEFAULT 0 CHECK (series_after BETWEEN 0 AND 4294967295),
        ADD COLUMN issue_orders_after bigint NOT NULL DEFAULT 0 CHECK (issue_orders_after >= 0);
      ALTER TABLE app.deployment
        ALTER COLUMN unit_code DROP DEFAULT, ALTER COLUMN unit_digits DROP DEFAULT,
        ALTER COLUMN unit_ko DROP DEFAULT, ALTER COLUMN unit_en DROP DEFAULT,
        ALTER COLUMN series_after DROP DEFAULT, ALTER COLUMN issue_orders_after DROP DEFAULT;
      CREATE UNIQUE INDEX deployment_only_one ON app.deployment ((true));
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
