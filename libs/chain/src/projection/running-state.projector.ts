import type { Queryable } from '#persistence';
import type { Projector } from '../indexer/batch.js';
import { setHoldings, setTakings } from './running-state.sql.js';

const IN_RANGE = 'block_number BETWEEN $1 AND $2';

const ADD_TO_HOLDINGS = setHoldings({ issued: `r.${IN_RANGE}`, payment: `p.${IN_RANGE}`, merge: true });
const ADD_TO_TAKINGS = setTakings({ payment: `p.${IN_RANGE}`, redemption: `r.${IN_RANGE}`, merge: true });

const HOLDINGS_AGAIN = setHoldings({
  issued: 'r.block_number <= $1 AND (r.account, r.series) IN (TABLE lost_holding)',
  payment: 'p.block_number <= $1 AND (p.payer, p.series) IN (TABLE lost_holding)',
  merge: false,
});
const TAKINGS_AGAIN = setTakings({
  payment: 'p.block_number <= $1 AND (p.merchant, p.series) IN (TABLE lost_taking)',
  redemption: 'r.block_number <= $1 AND (r.merchant, r.series) IN (TABLE lost_taking)',
  merge: false,
});

/** Holdings, takings and totals of series: kept from the rows of the batch, recomputed from rows after a rollback. */
export const runningStateProjector: Projector = {
  name: 'running state',
  async apply(tx, batch) {
    const range = [batch.from, batch.to];
    if (batch.has('Issued', 'Paid')) await tx.query(ADD_TO_HOLDINGS, range);
    if (batch.has('Paid', 'Redeemed')) await tx.query(ADD_TO_TAKINGS, range);
    if (batch.has('SeriesPublished')) await startTotals(tx, range);
    if (batch.has('IssueApproved', 'IssueOrderClosed', 'Issued', 'Paid', 'Redeemed'))
      await addTotals(tx, range, 1);
  },
  async rollback(tx, ancestor) {
    await recomputeHoldings(tx, ancestor);
    await recomputeTakings(tx, ancestor);
    await addTotals(tx, [ancestor + 1n, BLOCK_MAX], -1);
    await tx.query(
      'DELETE FROM chain.series_total WHERE series IN (SELECT id FROM chain.series WHERE block_number > $1)',
      [ancestor],
    );
  },
  async truncate(tx) {
    await tx.query('TRUNCATE chain.holding, chain.taking, chain.series_total');
  },
};

const BLOCK_MAX = 2n ** 62n;

async function startTotals(tx: Queryable, range: readonly bigint[]): Promise<void> {
  await tx.query(
    `INSERT INTO chain.series_total (series) SELECT id FROM chain.series WHERE ${IN_RANGE}`,
    range,
  );
}

/** @param sign 1 adds what the blocks of the range moved, -1 takes it back */
async function addTotals(tx: Queryable, range: readonly bigint[], sign: 1 | -1): Promise<void> {
  await tx.query(
    `WITH moved AS (
       SELECT series, total AS approved, 0::bigint AS issued, 0::bigint AS paid, 0::bigint AS redeemed
         FROM chain.issue_order WHERE ${IN_RANGE}
       UNION ALL
       SELECT o.series, -c.unissued, 0, 0, 0
         FROM chain.issue_order_closed c JOIN chain.issue_order o ON o.id = c.issue_order WHERE c.${IN_RANGE}
       UNION ALL
       SELECT series, 0, sum(amount), 0, 0 FROM chain.issued WHERE ${IN_RANGE} GROUP BY 1
       UNION ALL
       SELECT series, 0, 0, sum(amount), 0 FROM chain.payment WHERE ${IN_RANGE} GROUP BY 1
       UNION ALL
       SELECT series, 0, 0, 0, sum(amount) FROM chain.redemption WHERE ${IN_RANGE} GROUP BY 1
     ), total AS (
       SELECT series, sum(approved)::bigint AS approved, sum(issued)::bigint AS issued, sum(paid)::bigint AS paid,
              sum(redeemed)::bigint AS redeemed
         FROM moved GROUP BY series
     )
     UPDATE chain.series_total t
        SET approved = t.approved + $3 * m.approved, issued = t.issued + $3 * m.issued,
            paid = t.paid + $3 * m.paid, redeemed = t.redeemed + $3 * m.redeemed
       FROM total m WHERE m.series = t.series`,
    [...range, sign],
  );
}

async function recomputeHoldings(tx: Queryable, ancestor: bigint): Promise<void> {
  // A statement that creates a table takes no parameters; the block number is a bigint of ours.
  await tx.query(
    `CREATE TEMP TABLE lost_holding ON COMMIT DROP AS
     SELECT account::bytea, series FROM chain.issued WHERE block_number > ${ancestor}
     UNION SELECT payer::bytea, series FROM chain.payment WHERE block_number > ${ancestor}`,
  );
  await tx.query('DELETE FROM chain.holding WHERE (account, series) IN (TABLE lost_holding)');
  await tx.query(HOLDINGS_AGAIN, [ancestor]);
}

async function recomputeTakings(tx: Queryable, ancestor: bigint): Promise<void> {
  await tx.query(
    `CREATE TEMP TABLE lost_taking ON COMMIT DROP AS
     SELECT merchant::bytea, series FROM chain.payment WHERE block_number > ${ancestor}
     UNION SELECT merchant::bytea, series FROM chain.redemption WHERE block_number > ${ancestor}`,
  );
  await tx.query('DELETE FROM chain.taking WHERE (merchant, series) IN (TABLE lost_taking)');
  await tx.query(TAKINGS_AGAIN, [ancestor]);
}
