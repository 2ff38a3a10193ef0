import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The copy of the chain. Append-only rows keyed by (block_number, log_index), so that a lost tail is undone by a
 * DELETE and a rebuild gives the same bytes; only holding, taking and series_total are kept as running state and
 * recomputed from the rows for whatever a rollback touches.
 */
export class Chain1764100000001 implements MigrationInterface {
  name = 'Chain1764100000001';

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
        signer app.address NOT NULL,
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
        payment_cap app.won NOT NULL,
        daily_cap app.won NOT NULL,
        holding_cap app.won NOT NULL,
        funding integer[] NOT NULL CHECK (cardinality(funding) = 4),
        flags smallint NOT NULL,
        document app.hash32 NOT NULL,
        rules numeric(78)[] NOT NULL CHECK (cardinality(rules) BETWEEN 1 AND 8),
        block_number bigint NOT NULL, log_index integer NOT NULL
      );
      -- Budget and pause: the newest row counts. The first one comes with the series.
      CREATE TABLE chain.series_version (
        series integer NOT NULL REFERENCES chain.series (id),
        budget app.won NOT NULL,
        paused_until app.unix_seconds NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (series, block_number, log_index)
      );
      CREATE TABLE chain.merchant_version (
        merchant app.address NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL CHECK (category BETWEEN 0 AND 127),
        size smallint NOT NULL,
        status smallint NOT NULL CHECK (status BETWEEN 1 AND 3),
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (merchant, block_number, log_index)
      );
      CREATE INDEX merchant_version_region ON chain.merchant_version (region);
      CREATE TABLE chain.account_version (
        account app.address NOT NULL,
        home app.region_code NOT NULL,
        tier smallint NOT NULL CHECK (tier BETWEEN 0 AND 2),
        frozen boolean NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (account, block_number, log_index)
      );

      CREATE TABLE chain.issue_order (
        id bigint PRIMARY KEY,
        series integer NOT NULL REFERENCES chain.series (id),
        total app.won NOT NULL,
        root app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL
      );
      CREATE TABLE chain.issue_order_closed (
        issue_order bigint PRIMARY KEY REFERENCES chain.issue_order (id),
        unissued app.won NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL
      );
      CREATE TABLE chain.issue_chunk (
        issue_order bigint NOT NULL REFERENCES chain.issue_order (id),
        index bigint NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (issue_order, index)
      );
      CREATE TABLE chain.issued (
        issue_order bigint NOT NULL,
        series integer NOT NULL,
        account app.address NOT NULL,
        amount app.won NOT NULL CHECK (amount > 0),
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (block_number, log_index)
      );
      CREATE INDEX issued_account ON chain.issued (account, series);
      CREATE TABLE chain.issue_refused (
        issue_order bigint NOT NULL,
        account app.address NOT NULL,
        amount numeric(20) NOT NULL,
        code smallint NOT NULL, a numeric(78) NOT NULL, b numeric(78) NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (block_number, log_index)
      );

      CREATE TABLE chain.payment (
        id app.hash32 PRIMARY KEY,
        series integer NOT NULL,
        payer app.address NOT NULL,
        merchant app.address NOT NULL CHECK (merchant <> payer),
        amount app.won NOT NULL CHECK (amount > 0),
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        -- The merchant's place and category at that moment: reports must not move when the shop does.
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index),
        UNIQUE (series, payer, nonce)
      );
      CREATE INDEX payment_merchant ON chain.payment (merchant, block_number DESC, log_index DESC);
      CREATE INDEX payment_payer ON chain.payment (payer, block_number DESC, log_index DESC);
      CREATE TABLE chain.payment_refused (
        id app.hash32 NOT NULL,
        code smallint NOT NULL, a numeric(78) NOT NULL, b numeric(78) NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (block_number, log_index)
      );
      CREATE INDEX payment_refused_id ON chain.payment_refused (id);

      CREATE TABLE chain.redemption (
        id app.hash32 PRIMARY KEY,
        series integer NOT NULL,
        merchant app.address NOT NULL,
        amount app.won NOT NULL CHECK (amount > 0),
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index),
        UNIQUE (series, merchant, nonce)
      );
      CREATE INDEX redemption_merchant ON chain.redemption (merchant, block_number DESC, log_index DESC);
      CREATE TABLE chain.redemption_refused (
        id app.hash32 NOT NULL,
        code smallint NOT NULL, a numeric(78) NOT NULL, b numeric(78) NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (block_number, log_index)
      );
      CREATE INDEX redemption_refused_id ON chain.redemption_refused (id);

      -- << takes its distance modulo 64.
      CREATE FUNCTION chain.shift_left(bits bigint, distance bigint) RETURNS bigint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE WHEN distance >= 64 THEN 0 ELSE bits << distance::integer END;

      -- Running state. window_bits: bit i set = nonce (top - i) was used; the signed image of 64 bits.
      CREATE TABLE chain.holding (
        series integer NOT NULL,
        account app.address NOT NULL,
        balance app.won NOT NULL,
        received app.won NOT NULL,
        top bigint NOT NULL DEFAULT 0,
        window_bits bigint NOT NULL DEFAULT 0,
        day integer NOT NULL DEFAULT 0,
        spent_today app.won NOT NULL DEFAULT 0,
        PRIMARY KEY (account, series),
        CHECK (balance <= received)
      );
      CREATE TABLE chain.taking (
        series integer NOT NULL,
        merchant app.address NOT NULL,
        balance app.won NOT NULL,
        earned app.won NOT NULL,
        top bigint NOT NULL DEFAULT 0,
        window_bits bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (merchant, series),
        CHECK (balance <= earned)
      );
      CREATE TABLE chain.series_total (
        series integer PRIMARY KEY REFERENCES chain.series (id),
        approved app.won NOT NULL DEFAULT 0,
        issued app.won NOT NULL DEFAULT 0,
        paid app.won NOT NULL DEFAULT 0,
        redeemed app.won NOT NULL DEFAULT 0,
        -- The supply law: nothing is paid that was not issued, nothing redeemed that was not paid.
        CHECK (issued <= approved AND paid <= issued AND redeemed <= paid)
      );
      -- What reports read: kept by the indexer in its transaction. region and category are the merchant's
      -- ('' and -1 for issue, which has no merchant). Refusals name neither series nor merchant: 0, '', -1 and the
      -- refusal's code, which is 0 for the other figures. day: Korean calendar.
      CREATE TYPE chain.daily_figure AS ENUM ('issued', 'paid', 'redeemed', 'payment_refused');
      CREATE TABLE chain.daily_total (
        day date NOT NULL,
        series integer NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        figure chain.daily_figure NOT NULL,
        code smallint NOT NULL DEFAULT 0 CHECK ((code <> 0) = (figure = 'payment_refused')),
        count bigint NOT NULL CHECK (count >= 0),
        amount app.won NOT NULL,
        PRIMARY KEY (day, series, region, category, figure, code)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
