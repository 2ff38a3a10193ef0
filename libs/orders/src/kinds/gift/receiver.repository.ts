import { koreanIsoDate, koreanMonthIndex } from '#domain';
import { type Queryable, toBytes } from '#persistence';
import type { Order } from '../../pipeline/order.js';

/** What the receiver of a gift has and gets. */
export interface ReceiverRow extends StoredRow {
  /** Korean month index of `gifts`. */
  readonly month: number;
}

interface StoredRow extends Record<string, unknown> {
  /** Unix seconds; 0 = not frozen */
  readonly frozen_until: bigint;
  /** a company, which has companies' vouchers alone */
  readonly company: boolean;
  /** one of the deployment's contracts that clients call; others with code are refused by the chain alone */
  readonly is_contract: boolean;
  /** won of the gift's series */
  readonly balance: bigint;
  /** won of accepted and undecided gifts: of this series, and of all of the authority's */
  readonly coming: bigint;
  readonly coming_of_authority: bigint;
  /** won given this month, of the authority's series that have a cap */
  readonly gifts: bigint;
}

/** One row per gift, in their order. */
export async function loadReceivers(
  tx: Queryable,
  orders: readonly Order[],
  now: number,
): Promise<ReceiverRow[]> {
  const month = koreanMonthIndex(now);
  const coming = (ofSeries: string) => `
    coalesce((SELECT sum(g.amount) FROM app.signed_order g JOIN app.outbox o ON o.id = g.id
               WHERE g.kind = 'gift' AND g.other = i.receiver AND o.decided_block IS NULL AND ${ofSeries}),
             0)::bigint`;
  const rows = await tx.query<StoredRow>(
    `SELECT coalesce(a.frozen_until, 0)::bigint AS frozen_until, coalesce(a.company, false) AS company,
            EXISTS (SELECT FROM app.deployment d WHERE i.receiver IN (d.authorities, d.vouchers)) AS is_contract,
            coalesce(h.balance, 0) AS balance,
            ${coming('g.series[1] = i.series')} AS coming,
            ${coming(`g.series[1] IN (SELECT t.id FROM chain.series t
                                    WHERE t.authority = s.authority AND t.gift_cap > 0)`)} AS coming_of_authority,
            coalesce(p.gifts, 0)::bigint AS gifts
       FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS i(receiver, series, place)
       LEFT JOIN chain.series s ON s.id = i.series
       LEFT JOIN LATERAL (SELECT frozen_until, company FROM chain.account_version WHERE account = i.receiver
                           ORDER BY block_number DESC, log_index DESC LIMIT 1) a ON true
       LEFT JOIN chain.holding h ON h.account = i.receiver AND h.series = i.series
       LEFT JOIN chain.purchase_month p
         ON p.account = i.receiver AND p.authority = s.authority AND p.month = $3::date
      ORDER BY i.place`,
    [
      orders.map(({ other }) => (other === null ? null : toBytes(other))),
      orders.map(({ series }) => series[0] ?? 0),
      `${koreanIsoDate(now).slice(0, 7)}-01`,
    ],
  );
  return rows.map((row) => ({ ...row, month }));
}
