import { koreanDayStart, type Queryable } from '#persistence';
import { deleteAbove, KOREAN_DAY, type Projector } from '#indexer';

/** Gives numbers to merchants that the blocks $1 to $2 show at a place for the first time. */
const NUMBER_PLACES = `
  INSERT INTO chain.merchant_place (no, merchant, region, category, block_number, log_index)
  SELECT coalesce((SELECT max(no) FROM chain.merchant_place), -1) + row_number() OVER (ORDER BY block_number, log_index),
         merchant, region, category, block_number, log_index
    FROM (SELECT DISTINCT ON (merchant, region, category) merchant, region, category, block_number, log_index
            FROM chain.payment WHERE block_number BETWEEN $1 AND $2
           ORDER BY merchant, region, category, block_number, log_index) p
   WHERE NOT EXISTS (SELECT FROM chain.merchant_place m
                      WHERE (m.merchant, m.region, m.category) = (p.merchant, p.region, p.category))`;

/** Sets the bits of the blocks $1 to $2. Rows that would not change stay as they are: soon that is most of a day's. */
const SET_BITS = `
  INSERT INTO chain.merchant_day AS t (day, series, part, merchants)
  SELECT day, series, no / 4096, bit_or(set_bit(B'0'::bit(4096), no % 4096, 1))
    FROM (SELECT DISTINCT date '1970-01-01' + ${KOREAN_DAY}::integer AS day, p.series, m.no
            FROM chain.payment p
            JOIN chain.block b ON b.number = p.block_number
            JOIN chain.merchant_place m USING (merchant, region, category)
           WHERE p.block_number BETWEEN $1 AND $2) taken
   GROUP BY 1, 2, 3
  ON CONFLICT (day, series, part) DO UPDATE SET merchants = t.merchants | excluded.merchants
   WHERE t.merchants | excluded.merchants <> t.merchants`;

/** Which merchants took payments, by Korean day and series. */
export const merchantDaysProjector: Projector = {
  name: 'merchant days',
  async apply(tx, batch) {
    if (!batch.has('Paid')) return;
    await tx.query(NUMBER_PLACES, [batch.from, batch.to]);
    await tx.query(SET_BITS, [batch.from, batch.to]);
  },
  async rollback(tx, ancestor) {
    await takeBitsBack(tx, ancestor);
    await deleteAbove(tx, ['chain.merchant_place'], ancestor);
  },
  async truncate(tx) {
    await tx.query('TRUNCATE chain.merchant_place, chain.merchant_day');
  },
};

/** A bit does not count the payments that set it: a reorg sets those of its days again, from the rows that stay. */
async function takeBitsBack(tx: Queryable, ancestor: bigint): Promise<void> {
  const [lost] = await tx.query<{ day: bigint; first: bigint }>(
    `SELECT l.day, (SELECT number FROM chain.block WHERE timestamp >= ${koreanDayStart('l.day')}
                     ORDER BY timestamp, number LIMIT 1) AS first
       FROM (SELECT ${KOREAN_DAY} AS day FROM chain.block b WHERE b.number = $1) l`,
    [ancestor + 1n],
  );
  if (lost === undefined) return;
  await tx.query(`DELETE FROM chain.merchant_day WHERE day >= date '1970-01-01' + $1::integer`, [lost.day]);
  if (lost.first <= ancestor) await tx.query(SET_BITS, [lost.first, ancestor]);
}
