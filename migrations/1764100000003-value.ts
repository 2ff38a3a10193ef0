import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Append-only rows, one per event. */
const ROWS = `
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

      -- One row for each series that gave to a payment, counted from 0 in the order in which the payer listed them; the
      -- first listed one always gives something, and its holding counts the nonce.
      CREATE TABLE chain.payment (
        id app.hash32 NOT NULL,
        series integer NOT NULL,
        part smallint NOT NULL CHECK (part BETWEEN 0 AND 7),
        payer app.address NOT NULL,
        merchant app.address NOT NULL CHECK (merchant <> payer),
        amount app.won NOT NULL CHECK (amount > 0),
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        -- The merchant's place and category at that moment: reports must not move when the shop does.
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        -- The payer had a daily cap in this series at that moment, so that it was counted.
        counts_daily boolean NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index),
        PRIMARY KEY (id, series)
      );
      CREATE UNIQUE INDEX payment_nonce ON chain.payment (series, payer, nonce) WHERE part = 0;
      CREATE INDEX payment_merchant ON chain.payment (merchant, block_number DESC, log_index DESC);
      CREATE INDEX payment_payer ON chain.payment (payer, block_number DESC, log_index DESC);

      -- Orders of all kinds that the contract refused; the newest row of an order counts.
      CREATE TABLE chain.order_refused (
        id app.hash32 NOT NULL,
        kind app.order_kind NOT NULL,
        code smallint NOT NULL, a numeric(78) NOT NULL, b numeric(78) NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (block_number, log_index)
      );
      CREATE INDEX order_refused_id ON chain.order_refused (id);
      -- Payments are most of all orders: what is asked of the others must not read theirs.
      CREATE INDEX order_refused_rare ON chain.order_refused (kind) WHERE kind <> 'payment';

      -- A payment taken back, wholly or in part: merchant and payer, place and category are the payment's.
      CREATE TABLE chain.void (
        id app.hash32 PRIMARY KEY,
        payment app.hash32 NOT NULL,
        series integer NOT NULL,
        payer app.address NOT NULL,
        merchant app.address NOT NULL,
        amount app.won NOT NULL CHECK (amount > 0),
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        -- On the Korean day of the payment: the daily allowance comes back.
        same_day boolean NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index)
      );
      CREATE INDEX void_payment ON chain.void (payment);
      CREATE INDEX void_merchant ON chain.void (merchant, block_number DESC, log_index DESC);
      CREATE INDEX void_payer ON chain.void (payer, block_number DESC, log_index DESC);

      CREATE TABLE chain.gift (
        id app.hash32 PRIMARY KEY,
        series integer NOT NULL,
        giver app.address NOT NULL,
        receiver app.address NOT NULL CHECK (receiver <> giver),
        amount app.won NOT NULL CHECK (amount > 0),
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        counts_daily boolean NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index)
      );
      CREATE INDEX gift_giver ON chain.gift (giver, block_number DESC, log_index DESC);
      CREATE INDEX gift_receiver ON chain.gift (receiver, block_number DESC, log_index DESC);

      -- hop0 .. hop2: of the amount, what had made so many hops before; at the recipient it has made one more.
      -- Place and category are the recipient's, at that moment.
      CREATE TABLE chain.circulation (
        id app.hash32 PRIMARY KEY,
        series integer NOT NULL,
        merchant app.address NOT NULL,
        recipient app.address NOT NULL CHECK (recipient <> merchant),
        amount app.won NOT NULL CHECK (amount > 0),
        hop0 app.won NOT NULL, hop1 app.won NOT NULL, hop2 app.won NOT NULL,
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index),
        CHECK (hop0 + hop1 + hop2 = amount)
      );
      CREATE INDEX circulation_merchant ON chain.circulation (merchant, block_number DESC, log_index DESC);
      CREATE INDEX circulation_recipient ON chain.circulation (recipient, block_number DESC, log_index DESC);

      -- By the merchant's own order, or by the authority's settlement run: then nonce is 0 and order_ref the run.
      CREATE TABLE chain.redemption (
        id app.hash32 PRIMARY KEY,
        series integer NOT NULL,
        merchant app.address NOT NULL,
        amount app.won NOT NULL CHECK (amount > 0),
        -- Of the amount, what had made so many hops from merchant to merchant.
        hop0 app.won NOT NULL, hop1 app.won NOT NULL, hop2 app.won NOT NULL, hop3 app.won NOT NULL,
        by_run boolean NOT NULL,
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index),
        CHECK (hop0 + hop1 + hop2 + hop3 = amount)
      );
      CREATE UNIQUE INDEX redemption_nonce ON chain.redemption (series, merchant, nonce) WHERE NOT by_run;
      CREATE INDEX redemption_merchant ON chain.redemption (merchant, block_number DESC, log_index DESC);
      CREATE INDEX redemption_run ON chain.redemption (order_ref) WHERE by_run;

      -- A redemption whose payout the bank refused; place and category are the redemption's.
      CREATE TABLE chain.redemption_return (
        id app.hash32 PRIMARY KEY,
        series integer NOT NULL,
        merchant app.address NOT NULL,
        amount app.won NOT NULL CHECK (amount > 0),
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index)
      );
      CREATE INDEX redemption_return_merchant ON chain.redemption_return (merchant);

      -- own: won owed to the resident; the rest of the amount goes back to the funders.
      CREATE TABLE chain.refund (
        id app.hash32 PRIMARY KEY,
        series integer NOT NULL,
        account app.address NOT NULL,
        amount app.won NOT NULL CHECK (amount > 0),
        own app.won NOT NULL CHECK (own <= amount),
        nonce bigint NOT NULL,
        order_ref app.hash32 NOT NULL,
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index)
      );
      CREATE INDEX refund_account ON chain.refund (account, block_number DESC, log_index DESC);

      CREATE TABLE chain.expired (
        series integer NOT NULL,
        account app.address NOT NULL,
        amount app.won NOT NULL CHECK (amount > 0),
        tx_hash app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (block_number, log_index)
      );
      CREATE INDEX expired_account ON chain.expired (account, series);

      -- Roots of receipts. A payment's or redemption's batch is the next one by position, and its leaves are all
      -- payments and redemptions since the one before.
      CREATE TABLE chain.receipt_batch (
        batch bigint PRIMARY KEY CHECK (batch > 0),
        root app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (block_number, log_index)
      );
`;

/** What the indexer keeps up to date in its transaction, and computes from the rows again for whatever a reorg touches. */
const STATE = `
      -- << takes its distance modulo 64.
      CREATE FUNCTION chain.shift_left(bits bigint, distance bigint) RETURNS bigint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE WHEN distance >= 64 THEN 0 ELSE bits << distance::integer END;

      -- window_bits: bit i set = nonce (top - i) was used; the signed image of 64 bits.
      CREATE TABLE chain.holding (
        series integer NOT NULL,
        account app.address NOT NULL,
        balance app.won NOT NULL,
        -- All that came in since the last refund, less what was given away or expired.
        received app.won NOT NULL,
        top bigint NOT NULL DEFAULT 0,
        window_bits bigint NOT NULL DEFAULT 0,
        day integer NOT NULL DEFAULT 0,
        spent_today app.won NOT NULL DEFAULT 0,
        -- Korean day (from 1970-01-01) on which vouchers last came in.
        received_day integer NOT NULL DEFAULT 0,
        PRIMARY KEY (account, series),
        CHECK (balance <= received)
      );
      -- balance: taken from residents. hop1 .. hop3: from other merchants, by how many hops it made.
      CREATE TABLE chain.merchant_balance (
        series integer NOT NULL,
        merchant app.address NOT NULL,
        balance app.won NOT NULL,
        hop1 app.won NOT NULL DEFAULT 0,
        hop2 app.won NOT NULL DEFAULT 0,
        hop3 app.won NOT NULL DEFAULT 0,
        top bigint NOT NULL DEFAULT 0,
        window_bits bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (merchant, series)
      );
      -- What a resident bought of an authority's sold series, and was given of those with a cap on gifts, in a Korean
      -- month (its first day). The year is the sum of its months.
      CREATE TABLE chain.purchase_month (
        authority app.region_code NOT NULL,
        account app.address NOT NULL,
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        bought app.won_sum NOT NULL DEFAULT 0,
        gifts app.won_sum NOT NULL DEFAULT 0,
        PRIMARY KEY (account, authority, month)
      );
      CREATE TABLE chain.series_total (
        series integer PRIMARY KEY REFERENCES chain.series (id),
        approved app.won NOT NULL DEFAULT 0,
        issued app.won NOT NULL DEFAULT 0,
        paid app.won_sum NOT NULL DEFAULT 0,
        voided app.won_sum NOT NULL DEFAULT 0,
        redeemed app.won_sum NOT NULL DEFAULT 0,
        returned app.won_sum NOT NULL DEFAULT 0,
        refunded app.won NOT NULL DEFAULT 0,
        expired app.won NOT NULL DEFAULT 0,
        -- The supply law: nothing leaves residents that was not issued, nothing is redeemed that merchants don't have.
        CHECK (issued <= approved AND voided <= paid AND returned <= redeemed
           AND redeemed - returned <= paid - voided
           AND paid - voided + refunded + expired <= issued)
      );
`;

/** The copy of the chain, second part: every movement of value, and who holds what. */
export class Value1764100000003 implements MigrationInterface {
  name = 'Value1764100000003';

  async up(q: QueryRunner): Promise<void> {
    await q.query(ROWS);
    await q.query(STATE);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
