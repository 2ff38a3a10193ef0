import { type Order, reservedBy } from '#payments';
import { type Queryable, toBytes } from '#persistence';

/** What the chain's copy and the outbox know around one redemption; null where there is no such thing. */
export interface RedemptionRow extends Record<string, unknown> {
  readonly known: boolean;
  readonly series_exists: boolean;
  readonly balance: bigint | null;
  readonly top: bigint | null;
  readonly window_bits: bigint | null;
  readonly pending: Buffer;
}

/** One row per redemption, in their order, from one snapshot. */
export async function loadRedemptionRows(tx: Queryable, orders: readonly Order[]): Promise<RedemptionRow[]> {
  return tx.query<RedemptionRow>(
    `SELECT EXISTS (SELECT 1 FROM app.redemption r WHERE r.id = i.id) AS known,
            EXISTS (SELECT 1 FROM chain.series s WHERE s.id = i.series) AS series_exists,
            t.balance, t.top, t.window_bits,
            ${reservedBy('redemption', 'i.merchant')} AS pending
       FROM unnest($1::bytea[], $2::bytea[], $3::bigint[]) WITH ORDINALITY AS i(id, merchant, series, place)
       LEFT JOIN chain.taking t ON t.merchant = i.merchant AND t.series = i.series
      ORDER BY i.place`,
    [
      orders.map(({ id }) => toBytes(id)),
      orders.map(({ merchant }) => toBytes(merchant)),
      orders.map(({ series }) => series),
    ],
  );
}
