import type { Projector } from '#indexer';

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
