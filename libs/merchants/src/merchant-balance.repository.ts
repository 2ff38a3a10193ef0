import { PACKED_SERIES, reservedBy } from '#orders';
import { type Queryable, toBytes } from '#persistence';

/** What a merchant has taken in one series, and what its accepted and undecided orders reserve in any. */
export interface MerchantBalanceRow extends Record<string, unknown> {
  readonly series: number;
  readonly balance: bigint;
  readonly hop1: bigint;
  readonly hop2: bigint;
  readonly hop3: bigint;
  readonly top: bigint;
  readonly window_bits: bigint;
  readonly packed: string;
  readonly reserved: string | null;
}

/** By series, newest first; one snapshot. */
export async function loadMerchantBalances(db: Queryable, merchant: string): Promise<MerchantBalanceRow[]> {
  return db.query<MerchantBalanceRow>(
    `SELECT t.series, t.balance, t.hop1, t.hop2, t.hop3, t.top, t.window_bits, ${PACKED_SERIES} AS packed,
            ${reservedBy('t.merchant')} AS reserved
       FROM chain.merchant_balance t JOIN chain.series s ON s.id = t.series
      WHERE t.merchant = $1 ORDER BY t.series DESC`,
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
