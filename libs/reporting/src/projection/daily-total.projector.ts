import { KOREAN_DAY, type Projector } from '#indexer';

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

/**
 * What the blocks $1 to $2 add to the figures. Refusals have no series, region or category in their event (and the
 * tables must follow from the chain alone): 0, '' and -1, distinguished by the refusal's code. A refused issue names its
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
      `SELECT block_number, 0, '', -1, kind || '_refused', code, count(*), 0
         FROM chain.order_refused WHERE ${IN_RANGE} GROUP BY 1, 5, 6`,
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
  'CancellationRefused',
  'MerchantCancellationRefused',
] as const;

/** Each table with its key, and what of the figures it keeps: the finest has the refusals as well. */
const TABLES = {
  daily_total: { keys: 'day, series, region, category, figure, code', from: '*', where: 'true' },
  monthly_total: {
    keys: 'month, series, region, category, figure',
    from: `*, date_trunc('month', day)::date AS month`,
    where: 'code = 0',
  },
  daily_sum: { keys: 'day, series, region, figure', from: '*', where: 'code = 0' },
  monthly_sum: {
    keys: 'month, series, region, figure',
    from: `*, date_trunc('month', day)::date AS month`,
    where: 'code = 0',
  },
} as const;
type Table = keyof typeof TABLES;
const NAMES: readonly Table[] = ['daily_total', 'monthly_total', 'daily_sum', 'monthly_sum'];

/** What moved, summed up by the key of a table. */
function sumsOf(table: Table): string {
  const { keys, from, where } = TABLES[table];
  return `SELECT ${keys}, sum(count)::bigint AS count, sum(amount)::bigint AS amount
            FROM (SELECT ${from} FROM moved WHERE ${where}) m GROUP BY ${keys}`;
}

const ADD = `
  WITH moved AS MATERIALIZED (${MOVED}), ${NAMES.map(
    (table) => `${table} AS (
      INSERT INTO chain.${table} AS t (${TABLES[table].keys}, count, amount) ${sumsOf(table)}
      ON CONFLICT (${TABLES[table].keys})
      DO UPDATE SET count = t.count + excluded.count, amount = t.amount + excluded.amount)`,
  ).join(', ')}
  SELECT`;

const columnsOf = (keys: string, of: string): string => keys.replaceAll(/\w+/g, `${of}.$&`);

const TAKE_BACK = `
  WITH moved AS MATERIALIZED (${MOVED}), ${NAMES.map((table) => {
    const { keys } = TABLES[table];
    return `${table} AS (
      UPDATE chain.${table} t SET count = t.count - m.count, amount = t.amount - m.amount
        FROM (${sumsOf(table)}) m WHERE (${columnsOf(keys, 't')}) = (${columnsOf(keys, 'm')}))`;
  }).join(', ')}
  SELECT`;

/** Figures by Korean day, series, region and category, for reports; by month, without category, and both as well. */
export const dailyTotalProjector: Projector = {
  name: 'daily total',
  async apply(tx, batch) {
    if (batch.has(...COUNTED)) await tx.query(ADD, [batch.from, batch.to]);
  },
  async rollback(tx, ancestor) {
    await tx.query(TAKE_BACK, [ancestor + 1n, 2n ** 62n]);
    // A rebuild would not have these rows.
    for (const table of NAMES) await tx.query(`DELETE FROM chain.${table} WHERE count = 0`);
  },
  async truncate(tx) {
    await tx.query(`TRUNCATE ${NAMES.map((table) => `chain.${table}`).join(', ')}`);
  },
};
