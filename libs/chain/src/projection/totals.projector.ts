import type { Queryable } from '#persistence';
import type { Projector } from '../indexer/batch.js';
import { KOREAN_DAY } from './running-state.sql.js';

const IN_RANGE = 'block_number BETWEEN $1 AND $2';
const BLOCK_MAX = 2n ** 62n;

/** Which table adds to which total. */
const SUMS = {
  issued: 'issued',
  paid: 'payment',
  voided: 'void',
  redeemed: 'redemption',
  returned: 'redemption_return',
  refunded: 'refund',
  expired: 'expired',
} as const;
const COLUMNS = ['approved', ...Object.keys(SUMS)];

/** One row per series and source: its name and what it moved. */
const MOVED = [
  `SELECT series, 'approved' AS what, sum(total) AS amount FROM chain.issue_order WHERE ${IN_RANGE} GROUP BY 1`,
  `SELECT o.series, 'approved', -sum(c.unissued)
     FROM chain.issue_order_closed c JOIN chain.issue_order o ON o.id = c.issue_order WHERE c.${IN_RANGE} GROUP BY 1`,
  ...Object.entries(SUMS).map(
    ([what, table]) =>
      `SELECT series, '${what}', sum(amount) FROM chain.${table} WHERE ${IN_RANGE} GROUP BY 1`,
  ),
].join(' UNION ALL ');

const ADD = `
  UPDATE chain.series_total t
     SET ${COLUMNS.map((name) => `${name} = t.${name} + $3 * m.${name}`).join(', ')}
    FROM (SELECT series, ${COLUMNS.map(
      (name) => `coalesce(sum(amount) FILTER (WHERE what = '${name}'), 0)::bigint AS ${name}`,
    ).join(', ')}
            FROM (${MOVED}) moved GROUP BY series) m
   WHERE m.series = t.series`;

/** What each series has come to: the figures of the supply law. */
export const seriesTotalProjector: Projector = {
  name: 'series totals',
  async apply(tx, batch) {
    const range = [batch.from, batch.to];
    if (batch.has('SeriesPublished'))
      await tx.query(
        `INSERT INTO chain.series_total (series) SELECT id FROM chain.series WHERE ${IN_RANGE}`,
        range,
      );
    const moves = batch.has('IssueApproved', 'QuotaApproved', 'IssueOrderClosed', 'Issued', 'Paid', 'Voided');
    const ends = batch.has('Redeemed', 'RedemptionReturned', 'Refunded', 'Expired');
    if (moves || ends) await tx.query(ADD, [...range, 1]);
  },
  async rollback(tx, ancestor) {
    await tx.query(ADD, [ancestor + 1n, BLOCK_MAX, -1]);
    await tx.query(
      'DELETE FROM chain.series_total WHERE series IN (SELECT id FROM chain.series WHERE block_number > $1)',
      [ancestor],
    );
  },
  async truncate(tx) {
    await tx.query('TRUNCATE chain.series_total');
  },
};

/**
 * What the blocks $1 to $2 add to purchases and gifts of a month, as the contract counts them: what residents buy of
 * sold series (flag 2; flag 4 is for companies), and gifts of series with a cap on them.
 */
const BOUGHT = `
  SELECT s.authority, m.account, date_trunc('month', date '1970-01-01' + ${KOREAN_DAY}::integer)::date AS month,
         sum(m.bought)::bigint AS bought, sum(m.gifts)::bigint AS gifts
    FROM (SELECT series, account, amount AS bought, 0 AS gifts, block_number FROM chain.issued WHERE ${IN_RANGE}
          UNION ALL
          SELECT series, receiver, 0, amount, block_number FROM chain.gift WHERE ${IN_RANGE}) m
    JOIN chain.series s ON s.id = m.series
    JOIN chain.block b ON b.number = m.block_number
   WHERE CASE WHEN m.bought > 0 THEN s.flags & 6 = 2 ELSE s.gift_cap > 0 END
   GROUP BY 1, 2, 3`;

/** What residents bought and were given of an authority's series, by Korean month. */
export const purchaseMonthProjector: Projector = {
  name: 'purchases',
  async apply(tx, batch) {
    if (!batch.has('Issued', 'Given')) return;
    await tx.query(
      `INSERT INTO chain.purchase_month AS t (authority, account, month, bought, gifts) ${BOUGHT}
       ON CONFLICT (account, authority, month)
       DO UPDATE SET bought = t.bought + excluded.bought, gifts = t.gifts + excluded.gifts`,
      [batch.from, batch.to],
    );
  },
  rollback: takePurchasesBack,
  async truncate(tx) {
    await tx.query('TRUNCATE chain.purchase_month');
  },
};

async function takePurchasesBack(tx: Queryable, ancestor: bigint): Promise<void> {
  await tx.query(
    `UPDATE chain.purchase_month t SET bought = t.bought - m.bought, gifts = t.gifts - m.gifts
       FROM (${BOUGHT}) m WHERE (t.account, t.authority, t.month) = (m.account, m.authority, m.month)`,
    [ancestor + 1n, BLOCK_MAX],
  );
  // A rebuild would not have these rows.
  await tx.query('DELETE FROM chain.purchase_month WHERE bought = 0 AND gifts = 0');
}
