import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The copy of the chain, first part: who takes part, and which series and issue orders there are. Append-only rows
 * keyed by (block_number, log_index), so that a reorg is undone by a DELETE and a rebuild gives the same bytes.
 */
export class Chain1764100000002 implements MigrationInterface {
  name = 'Chain1764100000002';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE chain.block (
        number bigint PRIMARY KEY CHECK (number >= 0),
        hash app.hash32 NOT NULL UNIQUE,
        parent_hash app.hash32 NOT NULL,
        timestamp app.unix_seconds NOT NULL
      );
      -- Days of reports and lists become ranges of block numbers.
      CREATE INDEX block_timestamp ON chain.block (timestamp);
      CREATE TABLE chain.cursor (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        block_number bigint NOT NULL,
        block_hash app.hash32 NOT NULL
      );

      CREATE TABLE chain.authority (
        region app.region_code PRIMARY KEY,
        founder app.region_code NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL
      );
      CREATE TABLE chain.officer_version (
        authority app.region_code NOT NULL,
        officer bigint NOT NULL CHECK (officer > 0),
        -- Ids of the keys, 1 to 4; none when the officer has left.
        keys bytea[] NOT NULL CHECK (cardinality(keys) <= 4),
        roles smallint NOT NULL CHECK (roles BETWEEN 0 AND 7),
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (authority, officer, block_number, log_index)
      );
      CREATE TABLE chain.threshold_version (
        authority app.region_code NOT NULL,
        governors smallint NOT NULL CHECK (governors >= 2),
        registrars smallint NOT NULL CHECK (registrars >= 1),
        bands jsonb NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (authority, block_number, log_index)
      );
      CREATE TABLE chain.act_executed (
        act app.hash32 PRIMARY KEY,
        authority app.region_code NOT NULL,
        target app.address NOT NULL,
        selector bytea NOT NULL CHECK (octet_length(selector) = 4),
        officers bigint[] NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL
      );

      CREATE TABLE chain.series (
        id integer PRIMARY KEY CHECK (id > 0),
        authority app.region_code NOT NULL,
        valid_from app.unix_seconds NOT NULL,
        valid_until app.unix_seconds NOT NULL CHECK (valid_until > valid_from),
        -- 1 gift, 2 sold to residents, 4 for company buyers.
        flags smallint NOT NULL CHECK (flags BETWEEN 0 AND 7),
        hops smallint NOT NULL CHECK (hops BETWEEN 0 AND 3),
        refund_percent smallint NOT NULL CHECK (refund_percent BETWEEN 0 AND 100),
        refund_days smallint NOT NULL CHECK (refund_days BETWEEN 0 AND 255),
        -- Caps: 0 = none. Daily ones by the holder's tier 0, 1, 2.
        payment_cap app.won NOT NULL,
        daily_caps bigint[] NOT NULL CHECK (cardinality(daily_caps) = 3),
        holding_cap app.won NOT NULL,
        month_cap app.won NOT NULL,
        year_cap app.won NOT NULL,
        gift_cap app.won NOT NULL,
        funding integer[] NOT NULL CHECK (cardinality(funding) = 4),
        document app.hash32 NOT NULL,
        rules numeric(78)[] NOT NULL CHECK (cardinality(rules) BETWEEN 1 AND 8),
        block_number bigint NOT NULL, log_index integer NOT NULL
      );
      -- What officers decide later: the newest row counts. The first one comes with the series.
      CREATE TABLE chain.series_version (
        series integer NOT NULL REFERENCES chain.series (id),
        budget app.won NOT NULL,
        paused_until app.unix_seconds NOT NULL,
        expiring boolean NOT NULL,
        closed boolean NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (series, block_number, log_index)
      );
      -- How much a delegate may still approve by itself, as said by the act that delegated: the newest row counts.
      -- numeric: the contract bounds it by the budget only when it is used.
      CREATE TABLE chain.budget_delegation (
        series integer NOT NULL REFERENCES chain.series (id),
        delegate app.region_code NOT NULL,
        amount_left numeric(20) NOT NULL CHECK (amount_left >= 0),
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (series, delegate, block_number, log_index)
      );
      CREATE TABLE chain.merchant_version (
        merchant app.address NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL CHECK (category BETWEEN 0 AND 127),
        size smallint NOT NULL,
        status smallint NOT NULL CHECK (status BETWEEN 1 AND 3),
        -- Payouts are kept back until then.
        held_until app.unix_seconds NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (merchant, block_number, log_index)
      );
      CREATE INDEX merchant_version_region ON chain.merchant_version (region);
      CREATE TABLE chain.account_version (
        account app.address NOT NULL,
        home app.region_code NOT NULL,
        tier smallint NOT NULL CHECK (tier BETWEEN 0 AND 2),
        frozen boolean NOT NULL,
        company boolean NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (account, block_number, log_index)
      );
      -- The whole key ring that an account got, by the number of the change; the largest counts. An account without
      -- a row has the keys that its address was made of.
      CREATE TABLE chain.account_keys (
        account app.address NOT NULL,
        change bigint NOT NULL CHECK (change > 0),
        ring bytea NOT NULL CHECK (octet_length(ring) BETWEEN 37 AND 268),
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (account, change)
      );
      -- New keys that officers propose for lost ones: the newest row counts. Without a ring nothing is proposed any
      -- more, because an owner objected, or because the keys were changed.
      CREATE TABLE chain.key_replacement (
        account app.address NOT NULL,
        authority app.region_code,
        ring bytea CHECK (octet_length(ring) BETWEEN 37 AND 268),
        ready_at app.unix_seconds,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (account, block_number, log_index),
        CHECK ((ring IS NULL) = (authority IS NULL) AND (ring IS NULL) = (ready_at IS NULL))
      );

      -- Approved for issue: a list by its root, or a quota by its key.
      CREATE TABLE chain.issue_order (
        id bigint PRIMARY KEY,
        series integer NOT NULL REFERENCES chain.series (id),
        -- The series' authority, or one that it delegated a part of the budget to.
        approved_by app.region_code NOT NULL,
        total app.won NOT NULL,
        root app.hash32,
        quota_key app.hash32,
        -- Most that the quota's key may issue in a Korean day.
        per_day numeric(20),
        block_number bigint NOT NULL, log_index integer NOT NULL,
        CHECK ((root IS NULL) <> (quota_key IS NULL) AND (quota_key IS NULL) = (per_day IS NULL))
      );
      CREATE TABLE chain.issue_order_closed (
        issue_order bigint PRIMARY KEY REFERENCES chain.issue_order (id),
        unissued app.won NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL
      );
      CREATE TABLE chain.issue_chunk (
        issue_order bigint NOT NULL REFERENCES chain.issue_order (id),
        -- The quota's key chooses it among 2^256.
        index numeric(78) NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (issue_order, index)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
