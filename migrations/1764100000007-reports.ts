import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The figures of reports, kept by the indexer in its transaction, so that no report reads all payments (ADR 16): sums
 * by day and month, with and without category, and which merchants took payments on a day, as bits.
 */
export class Reports1764100000007 implements MigrationInterface {
  name = 'Reports1764100000007';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- What reports read. region and category: the merchant's, in circulation the recipient's, for what is taken back
      -- those of what it takes back; '' and -1 where there is no merchant. Refusals name neither series nor merchant
      -- (a refused issue names the series): 0, '', -1 and the refusal's code, which is 0 for the other figures.
      -- day: Korean calendar.
      CREATE TYPE chain.daily_figure AS ENUM
        ('issued', 'paid', 'voided', 'given', 'circulated', 'redeemed', 'returned', 'refunded', 'expired',
         'issue_refused', 'payment_refused', 'void_refused', 'gift_refused', 'circulation_refused',
         'redemption_refused', 'refund_refused');
      CREATE TABLE chain.daily_total (
        day date NOT NULL,
        series integer NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        figure chain.daily_figure NOT NULL,
        code smallint NOT NULL DEFAULT 0 CHECK ((code <> 0) = (figure >= 'issue_refused')),
        count bigint NOT NULL CHECK (count >= 0),
        amount app.won_sum NOT NULL,
        PRIMARY KEY (day, series, region, category, figure, code)
      );
      CREATE INDEX daily_total_category ON chain.daily_total (category, day);
      -- chain.daily_total without refusals: by Korean month (its first day), and by day without category.
      CREATE TABLE chain.monthly_total (
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        series integer NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        figure chain.daily_figure NOT NULL CHECK (figure < 'issue_refused'),
        count bigint NOT NULL CHECK (count >= 0),
        amount app.won_sum NOT NULL,
        PRIMARY KEY (month, series, region, category, figure)
      );
      CREATE TABLE chain.daily_sum (
        day date NOT NULL,
        series integer NOT NULL,
        region app.region_code NOT NULL,
        figure chain.daily_figure NOT NULL CHECK (figure < 'issue_refused'),
        count bigint NOT NULL CHECK (count >= 0),
        amount app.won_sum NOT NULL,
        PRIMARY KEY (day, series, region, figure)
      );
      -- chain.monthly_total without category: one row instead of twenty-five.
      CREATE TABLE chain.monthly_sum (
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        series integer NOT NULL,
        region app.region_code NOT NULL,
        figure chain.daily_figure NOT NULL CHECK (figure < 'issue_refused'),
        count bigint NOT NULL CHECK (count >= 0),
        amount app.won_sum NOT NULL,
        PRIMARY KEY (month, series, region, figure)
      );

      -- A merchant at the place and with the category at which it first took a payment so; one that moves gets another
      -- number. In the order of the chain, without gaps.
      CREATE TABLE chain.merchant_place (
        no integer PRIMARY KEY CHECK (no >= 0),
        merchant app.address NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (merchant, region, category)
      );
      -- Bit i of a part: merchant place 4096 * part + i took a payment of the series on that Korean day.
      CREATE TABLE chain.merchant_day (
        day date NOT NULL,
        series integer NOT NULL,
        part integer NOT NULL CHECK (part >= 0),
        merchants bit(4096) NOT NULL,
        PRIMARY KEY (day, series, part)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
