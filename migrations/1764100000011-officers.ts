import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How officers' powers end: approvals that were taken back, changes of officers and thresholds that wait, other officers
 * for an authority whose own are gone. Append-only like all of the schema chain.
 */
export class Officers1764100000011 implements MigrationInterface {
  name = 'Officers1764100000011';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE chain.approval_withdrawn (
        act app.hash32 NOT NULL,
        authority app.region_code NOT NULL,
        officer bigint NOT NULL CHECK (officer > 0),
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (act, authority, officer, block_number, log_index)
      );
      -- Proposed changes; the newest row of a change counts. Officers as [{"id": 1, "roles": 7, "keys": ["0x…"]}],
      -- thresholds as {"governors": 2, "registrars": 1, "bands": [{"upTo": "1000", "officers": 2}]}.
      CREATE TABLE chain.officer_change (
        authority app.region_code NOT NULL,
        change app.hash32 NOT NULL,
        officers jsonb,
        thresholds jsonb,
        ready_at app.unix_seconds NOT NULL,
        -- More governors approved it than needed: no one can stop it.
        firm boolean NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (authority, change, block_number, log_index),
        CHECK ((officers IS NULL) <> (thresholds IS NULL))
      );
      CREATE TYPE chain.officer_change_outcome AS ENUM ('stopped', 'finished', 'ended', 'reseated');
      -- What became of them. Without a change: of all that the authority had under way.
      CREATE TABLE chain.officer_change_end (
        authority app.region_code NOT NULL,
        change app.hash32,
        outcome chain.officer_change_outcome NOT NULL,
        -- The governor who stopped it.
        officer bigint,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (block_number, log_index),
        CHECK ((change IS NULL) = (outcome IN ('ended', 'reseated')) AND (officer IS NULL) = (outcome <> 'stopped'))
      );
      -- Officers that a founder proposes for an authority whose own are gone; the newest row counts.
      CREATE TABLE chain.reseat (
        authority app.region_code NOT NULL,
        founder app.region_code NOT NULL,
        officers jsonb NOT NULL,
        thresholds jsonb NOT NULL,
        ready_at app.unix_seconds NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (authority, block_number, log_index)
      );
      CREATE TABLE chain.reseat_end (
        authority app.region_code NOT NULL,
        -- They were seated; else the authority's governors rejected them.
        seated boolean NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (authority, block_number, log_index)
      );
      -- The officer's signature of a withdrawal of this approval; the chain records it as well.
      ALTER TABLE app.act_approval ADD COLUMN withdrawal bytea
        CONSTRAINT act_approval_withdrawal_check CHECK (octet_length(withdrawal) BETWEEN 65 AND 2048);`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
