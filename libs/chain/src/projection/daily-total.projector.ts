import type { Queryable } from '#persistence';
import type { Projector } from '../indexer/batch.js';
import { KOREAN_DAY } from './running-state.sql.js';

const IN_RANGE = 'block_number BETWEEN $1 AND $2';

/** What has a merchant's place and category in its row. */
const PLACED = {
  paid: 'payment',
  voided: 'void',
  circulated: 'circulation',
  redeemed: 'redemption',
  returned: 'redemption_return',
} as const;
const PLACELESS = { issued: 'issued', given: 'gift', refunded: 'refund', expired: 'expired' } as const;
const REFUSED = ['payment', 'void', 'gift', 'circulation', 'redemption', 'refund'] as const;

/**
 * What the blocks $1 to $2 add to the figures. Refusals have no series, region or category in their event (and the
 * tables must follow from the chain alone): 0, '' and -1, told apart by the refusal's code. A refused issue names its
 * order, and with it the series.
 */
const MOVED = `
  SELECT date '1970-01-01' + ${KOREAN_DAY}::integer AS day, m.series, m.region, m.category,
         m.figure::chain.daily_figure AS figure, m.code, sum(m.count)::bigint AS count, sum(m.amount)::bigint AS amount
    FROM (${[
      ...Object.entries(PLACED).map(
        ([figure, table]) =>
          `SELECT block_number, series, region::text, category, '${figure}' AS figure, 0 AS code, count(*) AS count,
                  sum(amount) AS amount
             FROM chain.${table} WHERE ${IN_RANGE} GROUP BY 1, 2, 3, 4`,
      ),
      ...Object.entries(PLACELESS).map(
        ([figure, table]) =>
          `SELECT block_number, series, '', -1, '${figure}', 0, count(*), sum(amount)
             FROM chain.${table} WHERE ${IN_RANGE} GROUP BY 1, 2`,
      ),
      ...REFUSED.map(
        (kind) =>
          `SELECT block_number, 0, '', -1, '${kind}_refused', code, count(*), 0
             FROM chain.${kind}_refused WHERE ${IN_RANGE} GROUP BY 1, 6`,
      ),
      `SELECT r.block_number, o.series, '', -1, 'issue_refused', r.code, count(*), 0
         FROM chain.issue_refused r JOIN chain.issue_order o ON o.id = r.issue_order
        WHERE r.${IN_RANGE} GROUP BY 1, 2, 6`,
    ].join(' UNION ALL ')}) m JOIN chain.block b ON b.number = m.block_number
   GROUP BY 1, 2, 3, 4, 5, 6`;

const COUNTED = [
  'Issued',
  'Paid',
  'Voided',
  'Given',
  'Circulated',
  'Redeemed',
  'RedemptionReturned',
  'Refunded',
  'Expired',
  'IssueRefused',
  'PaymentRefused',
  'VoidRefused',
  'GiftRefused',
  'CirculationRefused',
  'RedemptionRefused',
  'RefundRefused',
] as const;

/** Figures by Korean day, series, region and category, for reports. */
export const dailyTotalProjector: Projector = {
  name: 'daily total',
  async apply(tx, batch) {
    if (!batch.has(...COUNTED)) return;
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
