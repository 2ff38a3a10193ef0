import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Double entry by funder. One entry per value event, keyed by the event. A posting is one account with the four
 * funders side by side, positive for debit and negative for credit: every entry balances for each funder, and a
 * payment needs two rows instead of eight. The database refuses any statement that leaves an entry unbalanced.
 */
export class Books1764100000004 implements MigrationInterface {
  name = 'Books1764100000004';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TYPE books.funder AS ENUM ('resident', 'state', 'province', 'city');
      CREATE TYPE books.account AS ENUM (
        'bank_reserve',          -- asset: the resident's own money, paid in
        'funder_receivable',     -- asset: what a funder owes for its share
        'vouchers_held',         -- liability: outstanding with residents
        'vouchers_taken',        -- liability: outstanding with merchants
        'merchants_payable',     -- liability: redeemed, to be paid out
        'refunds_payable',       -- liability: residents' own money, to be given back to them
        'funders_payable'        -- liability: what refunds and expiry left, to be given back to whoever funded it
      );
      CREATE TYPE books.entry_kind AS ENUM
        ('issue', 'payment', 'void', 'redemption', 'return', 'refund', 'expiry');
      CREATE TABLE books.entry (
        block_number bigint NOT NULL,
        log_index integer NOT NULL,
        kind books.entry_kind NOT NULL,
        series integer NOT NULL,
        day date NOT NULL,
        amount app.won NOT NULL CHECK (amount > 0),
        PRIMARY KEY (block_number, log_index)
      );
      CREATE TABLE books.posting (
        block_number bigint NOT NULL,
        log_index integer NOT NULL,
        line smallint NOT NULL CHECK (line >= 0),
        series integer NOT NULL,
        account books.account NOT NULL,
        resident bigint NOT NULL,
        state bigint NOT NULL,
        province bigint NOT NULL,
        city bigint NOT NULL,
        PRIMARY KEY (block_number, log_index, line),
        CHECK (resident <> 0 OR state <> 0 OR province <> 0 OR city <> 0)
      );
      CREATE INDEX entry_series ON books.entry (series, block_number, log_index);
      -- An account that no payment touches has one entry in twenty or fewer. Payments are most of all entries, and
      -- would make these indexes large and each payment slower.
      CREATE INDEX entry_rare ON books.entry (kind, block_number, log_index) WHERE kind <> 'payment';
      CREATE INDEX entry_rare_series ON books.entry (series, kind, block_number, log_index) WHERE kind <> 'payment';
      -- Sums of the postings, kept in the same transaction: no figure is computed from millions of rows.
      CREATE TABLE books.balance (
        series integer NOT NULL,
        account books.account NOT NULL,
        funder books.funder NOT NULL,
        debit app.won_sum NOT NULL,
        credit app.won_sum NOT NULL,
        PRIMARY KEY (series, account, funder),
        -- A liability is never paid out beyond what was owed, an asset never goes below nothing.
        CHECK (CASE WHEN account IN ('bank_reserve', 'funder_receivable') THEN debit >= credit
                    ELSE credit >= debit END)
      );
      -- The same of the entries: each kind's running total decides how its next entry is split among the funders.
      CREATE TABLE books.kind_total (
        series integer NOT NULL,
        kind books.entry_kind NOT NULL,
        amount app.won_sum NOT NULL CHECK (amount > 0),
        PRIMARY KEY (series, kind)
      );

      -- Per statement, not per row: one aggregate over the entries touched, however many postings came. It stands
      -- for the foreign key as well, which took more than half of the time of posting 4,000 payments.
      CREATE FUNCTION books.require_balance() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        bad record;
      BEGIN
        SELECT p.block_number, p.log_index INTO bad
          FROM (SELECT DISTINCT t.block_number, t.log_index FROM touched t) t
          JOIN books.posting p USING (block_number, log_index)
          LEFT JOIN books.entry e USING (block_number, log_index)
         GROUP BY p.block_number, p.log_index
        HAVING sum(p.resident) <> 0 OR sum(p.state) <> 0 OR sum(p.province) <> 0 OR sum(p.city) <> 0
            OR sum(greatest(p.resident, 0) + greatest(p.state, 0) + greatest(p.province, 0) + greatest(p.city, 0))
               IS DISTINCT FROM max(e.amount)
         LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'entry %/% is unbalanced or does not move its amount', bad.block_number, bad.log_index
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balanced';
        END IF;
        RETURN NULL;
      END $$;
      CREATE FUNCTION books.require_no_postings() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM touched JOIN books.posting USING (block_number, log_index)) THEN
          RAISE EXCEPTION 'an entry cannot go before its postings'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'posting_has_entry';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER no_postings_left AFTER DELETE ON books.entry
        REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION books.require_no_postings();
      CREATE TRIGGER balanced_insert AFTER INSERT ON books.posting
        REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION books.require_balance();
      CREATE TRIGGER balanced_delete AFTER DELETE ON books.posting
        REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION books.require_balance();

      CREATE FUNCTION books.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the books are never changed, only added to or undone with their block'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'books_append_only';
      END $$;
      CREATE TRIGGER posting_unchanged BEFORE UPDATE ON books.posting
        FOR EACH STATEMENT EXECUTE FUNCTION books.refuse_change();
      CREATE TRIGGER entry_unchanged BEFORE UPDATE ON books.entry
        FOR EACH STATEMENT EXECUTE FUNCTION books.refuse_change();
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
