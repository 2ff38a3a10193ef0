import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sums for reports that ask for no category, and indexes for entries that are few among the payments. */
export class NarrowReports1764100000007 implements MigrationInterface {
  name = 'NarrowReports1764100000007';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
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
      INSERT INTO chain.monthly_sum
      SELECT month, series, region, figure, sum(count)::bigint, sum(amount)::bigint
        FROM chain.monthly_total GROUP BY 1, 2, 3, 4;

      -- An account that no payment touches has one entry in twenty or fewer. Payments are most of all entries, and
      -- would make these indexes large and each payment slower.
      CREATE INDEX entry_rare ON books.entry (kind, block_number, log_index) WHERE kind <> 'payment';
      CREATE INDEX entry_rare_series ON books.entry (series, kind, block_number, log_index) WHERE kind <> 'payment';
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
