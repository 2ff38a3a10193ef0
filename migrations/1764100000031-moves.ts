import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Another authority comes to answer for an account: hand-overs with their notice, objections, and moves. */
export class Moves1764100000031 implements MigrationInterface {
  name = 'Moves1764100000031';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TYPE chain.hand_over_event AS ENUM ('proposed', 'taken_back', 'stopped', 'taken');
      -- One row for each change, the newest says all: what is proposed, and how often who answers changed.
      CREATE TABLE chain.hand_over (
        account app.address NOT NULL,
        event chain.hand_over_event NOT NULL,
        -- Who answers for the account after this.
        authority app.region_code NOT NULL,
        -- Who answered before, and the place since, of one that was taken on.
        former_authority app.region_code,
        place app.region_code,
        -- Who shall answer, and when the notice is over; null: nothing is proposed.
        to_authority app.region_code,
        ready_at app.unix_seconds,
        -- Of the newest proposal; an objection names it.
        number bigint NOT NULL CHECK (number >= 0),
        -- A consent names it.
        moves bigint NOT NULL CHECK (moves >= 0),
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (account, block_number, log_index),
        CHECK ((to_authority IS NULL) = (event <> 'proposed') AND (ready_at IS NULL) = (event <> 'proposed')),
        CHECK ((former_authority IS NULL) = (event <> 'taken') AND (place IS NULL) = (event <> 'taken'))
      );
      -- What waits for an authority, in the order of accounts.
      CREATE INDEX hand_over_to_authority ON chain.hand_over (to_authority, account) WHERE to_authority IS NOT NULL;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
