import type { Queryable } from '#persistence';
import type { Projector } from '../indexer/batch.js';
import { KOREAN_DAY } from './running-state.sql.js';

/**
 * What the blocks $1 to $2 add to the figures. Refusals have no series, region or category in their event (and the
 * tables must follow from the chain alone): 0, '' and -1, told apart by the refusal's code.
 */
const MOVED = `
  SELECT date '1970-01-01' + ${KOREAN_DAY}::integer AS day, m.series, m.region, m.category, m.figure, m.code,
         sum(m.count)::bigint AS count, sum(m.amount)::bigint AS amount
    FROM (
      SELECT block_number, series, '' AS region, -1 AS category, 'issued'::chain.daily_figure AS figure, 0 AS code,
             count(*) AS count, sum(amount) AS amount
        FROM chain.issued WHERE block_number BETWEEN $1 AND $2 GROUP BY 1, 2
      UNION ALL
      SELECT block_number, series, region, category, 'paid', 0, count(*), sum(amount)
        FROM chain.payment WHERE block_number BETWEEN $1 AND $2 GROUP BY 1, 2, 3, 4
      UNION ALL
      SELECT block_number, series, region, category, 'redeemed', 0, count(*), sum(amount)
        FROM chain.redemption WHERE block_number BETWEEN $1 AND $2 GROUP BY 1, 2, 3, 4
      UNION ALL
      SELECT block_number, 0, '', -1, 'payment_refused', code, count(*), 0
        FROM chain.payment_refused WHERE block_number BETWEEN $1 AND $2 GROUP BY 1, 6
    ) m JOIN chain.block b ON b.number = m.block_number
   GROUP BY 1, 2, 3, 4, 5, 6`;

/** Figures by Korean day, series, region and category, for reports. */
export const dailyTotalProjector: Projector = {
  name: 'daily total',
  async apply(tx, batch) {
    if (!batch.has('Issued', 'Paid', 'Redeemed', 'PaymentRefused')) return;
    await tx.query(
      `INSERT INTO chain.daily_total AS t (day, series, region, category, figure, code, count, amount) ${MOVED}
       ON CONFLICT (day, series, region, category, figure, code)
       DO UPDATE SET count = t.count + excluded.count, amount = t.amount + excluded.amount`,
      [batch.from, batch.to],
    );
  },
  rollback: takeBack,
  async truncate(tx) {
    await tx.query('TRUNCATE chain.daily_total');
  },
};

async function takeBack(tx: Queryable, ancestor: bigint): Promise<void> {
  await tx.query(
    `UPDATE chain.daily_total t SET count = t.count - m.count, amount = t.amount - m.amount
       FROM (${MOVED}) m
      WHERE (t.day, t.series, t.region, t.category, t.figure, t.code)
          = (m.day, m.series, m.region, m.category, m.figure, m.code)`,
    [ancestor + 1n, 2n ** 62n],
  );
  // A rebuild would not have these rows.
  await tx.query('DELETE FROM chain.daily_total WHERE count = 0');
}
