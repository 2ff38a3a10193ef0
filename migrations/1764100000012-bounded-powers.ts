import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Officers' powers that end: freezes with an end, pauses that are counted, proposals of keys with a number, and the
 * entries of lists that an act skipped.
 */
export class BoundedPowers1764100000012 implements MigrationInterface {
  name = 'BoundedPowers1764100000012';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE chain.account_version
        ADD COLUMN frozen_until app.unix_seconds NOT NULL DEFAULT 0,
        -- A single registrar froze it, and two have not decided about it since.
        ADD COLUMN frozen_by_one boolean NOT NULL DEFAULT false,
        DROP COLUMN frozen;
      ALTER TABLE chain.account_version
        ALTER COLUMN frozen_until DROP DEFAULT, ALTER COLUMN frozen_by_one DROP DEFAULT;

      -- Seconds of all pauses so far, the running one to its end.
      ALTER TABLE chain.series_version ADD COLUMN pause_used bigint NOT NULL DEFAULT 0 CHECK (pause_used >= 0);
      ALTER TABLE chain.series_version ALTER COLUMN pause_used DROP DEFAULT;

      -- The number of the newest proposal, the objections since the keys last changed, and whether three registrars
      -- decided the proposal after an objection.
      ALTER TABLE chain.key_replacement
        ADD COLUMN number bigint NOT NULL DEFAULT 1 CHECK (number > 0),
        ADD COLUMN objections integer NOT NULL DEFAULT 0 CHECK (objections >= 0),
        ADD COLUMN overruling boolean NOT NULL DEFAULT false;
      ALTER TABLE chain.key_replacement
        ALTER COLUMN number DROP DEFAULT, ALTER COLUMN objections DROP DEFAULT, ALTER COLUMN overruling DROP DEFAULT;

      -- Entries of an act's list that could not be done, by their place in the list from 0.
      CREATE TABLE chain.skipped_entry (
        act app.hash32 NOT NULL,
        place integer NOT NULL CHECK (place >= 0),
        subject app.address NOT NULL,
        -- Of the refusal table.
        code text NOT NULL,
        args jsonb NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (act, place)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
