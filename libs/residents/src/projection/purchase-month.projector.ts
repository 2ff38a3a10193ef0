import { KOREAN_DAY, type Projector } from '#indexer';
import type { Queryable } from '#persistence';

const IN_RANGE = 'block_number BETWEEN $1 AND $2';
const BLOCK_MAX = 2n ** 62n;

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
