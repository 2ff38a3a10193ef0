import { type Queryable, toBytes } from '#persistence';
import type { Order } from './orders/order.js';
import { reservedBy } from './orders/order.repository.js';

/** What the chain's copy and the outbox know around one payment; null where there is no such thing. */
export interface PaymentRow extends Record<string, unknown> {
  readonly known: boolean;
  readonly valid_from: bigint | null;
  readonly valid_until: bigint | null;
  readonly paused_until: bigint | null;
  readonly payment_cap: bigint | null;
  readonly daily_cap: bigint | null;
  /** Packed rules in decimal, joined by commas. */
  readonly rules: string | null;
  readonly region: string | null;
  readonly category: number | null;
  readonly size: number | null;
  readonly status: number | null;
  readonly frozen: boolean;
  readonly balance: bigint | null;
  readonly top: bigint | null;
  readonly window_bits: bigint | null;
  readonly day: number | null;
  readonly spent_today: bigint | null;
  readonly pending: Buffer;
}

/**
 * One row per payment, in their order. One statement and so one snapshot: the indexer takes a payment out of the
 * outbox and out of the balance in the same transaction, and we see both or neither.
 */
export async function loadPaymentRows(tx: Queryable, orders: readonly Order[]): Promise<PaymentRow[]> {
  return tx.query<PaymentRow>(
    `SELECT EXISTS (SELECT 1 FROM app.payment p WHERE p.id = i.id) AS known,
            s.valid_from, s.valid_until, v.paused_until, s.payment_cap, s.daily_cap,
            array_to_string(s.rules, ',') AS rules,
            m.region, m.category, m.size, m.status,
            coalesce(a.frozen, false) AS frozen,
            h.balance, h.top, h.window_bits, h.day, h.spent_today,
            ${reservedBy('payment', 'i.payer')} AS pending
       FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[])
            WITH ORDINALITY AS i(id, payer, merchant, series, place)
       LEFT JOIN chain.series s ON s.id = i.series
       LEFT JOIN LATERAL (SELECT paused_until FROM chain.series_version WHERE series = s.id
                           ORDER BY block_number DESC, log_index DESC LIMIT 1) v ON true
       LEFT JOIN LATERAL (SELECT region, category, size, status FROM chain.merchant_version
                           WHERE merchant = i.merchant
                           ORDER BY block_number DESC, log_index DESC LIMIT 1) m ON true
       LEFT JOIN LATERAL (SELECT frozen FROM chain.account_version WHERE account = i.payer
                           ORDER BY block_number DESC, log_index DESC LIMIT 1) a ON true
       LEFT JOIN chain.holding h ON h.account = i.payer AND h.series = i.series
      ORDER BY i.place`,
    [
      orders.map(({ id }) => toBytes(id)),
      orders.map(({ holder }) => toBytes(holder)),
      orders.map(({ merchant }) => toBytes(merchant)),
      orders.map(({ series }) => series),
    ],
  );
}
