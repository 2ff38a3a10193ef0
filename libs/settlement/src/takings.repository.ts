import { reservedBy } from '#payments';
import { type Queryable, toBytes } from '#persistence';

/** What a merchant has taken in one series, and its redemptions that are under way in any. */
export interface TakingRow extends Record<string, unknown> {
  readonly series: number;
  readonly balance: bigint;
  readonly earned: bigint;
  readonly top: bigint;
  readonly window_bits: bigint;
  readonly pending: Buffer;
}

/** By series, newest first; one snapshot. */
export async function loadTakings(db: Queryable, merchant: string): Promise<TakingRow[]> {
  return db.query<TakingRow>(
    `SELECT t.series, t.balance, t.earned, t.top, t.window_bits,
            ${reservedBy('redemption', 't.merchant')} AS pending
       FROM chain.taking t WHERE t.merchant = $1 ORDER BY t.series DESC`,
    [toBytes(merchant)],
  );
}

/** Whether the merchant was ever registered. */
export async function isMerchant(db: Queryable, merchant: string): Promise<boolean> {
  const rows = await db.query(`SELECT 1 FROM chain.merchant_version WHERE merchant = $1 LIMIT 1`, [
    toBytes(merchant),
  ]);
  return rows.length > 0;
}
