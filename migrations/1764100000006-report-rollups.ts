import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Coarser sums beside the daily ones, and the refused payments by themselves, so that no report reads all payments. */
export class ReportRollups1764100000006 implements MigrationInterface {
  name = 'ReportRollups1764100000006';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
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
      INSERT INTO chain.monthly_total
      SELECT date_trunc('month', day)::date, series, region, category, figure, sum(count)::bigint, sum(amount)::bigint
        FROM chain.daily_total WHERE code = 0 GROUP BY 1, 2, 3, 4, 5;
      INSERT INTO chain.daily_sum
      SELECT day, series, region, figure, sum(count)::bigint, sum(amount)::bigint
        FROM chain.daily_total WHERE code = 0 GROUP BY 1, 2, 3, 4;
      CREATE INDEX daily_total_category ON chain.daily_total (category, day);

      -- Payments that were submitted here and refused, at the door or by the chain (its newest word), and are not final:
      -- what reports count. Series is the first listed. The door's come with the row of app.payment, the chain's from
      -- the indexer, which also takes away what has become final.
      CREATE TABLE app.refused_payment (
        id app.hash32 PRIMARY KEY REFERENCES app.payment (id),
        code smallint NOT NULL,
        series bigint NOT NULL,
        payer app.address NOT NULL,
        merchant app.address NOT NULL,
        amount numeric(20) NOT NULL,
        received_at timestamptz NOT NULL
      );
      CREATE INDEX refused_payment_received ON app.refused_payment (received_at, id);
      INSERT INTO app.refused_payment (id, code, series, payer, merchant, amount, received_at)
      SELECT a.id, coalesce(a.refusal_code, c.code), a.series[1], a.payer, a.merchant, a.amount, a.received_at
        FROM app.payment a
        LEFT JOIN (SELECT DISTINCT ON (id) id, code FROM chain.payment_refused
                    ORDER BY id, block_number DESC, log_index DESC) c ON c.id = a.id
       WHERE coalesce(a.refusal_code, c.code) IS NOT NULL
         AND NOT EXISTS (SELECT FROM chain.payment p WHERE p.id = a.id);
      CREATE FUNCTION app.keep_refused() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO app.refused_payment (id, code, series, payer, merchant, amount, received_at)
        SELECT id, refusal_code, series[1], payer, merchant, amount, received_at
          FROM added a
         WHERE refusal_code IS NOT NULL AND NOT EXISTS (SELECT FROM chain.payment p WHERE p.id = a.id);
        RETURN NULL;
      END $$;
      CREATE TRIGGER refused_kept AFTER INSERT ON app.payment
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.keep_refused();
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
