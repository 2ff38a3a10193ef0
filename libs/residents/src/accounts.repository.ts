import { Injectable } from '@nestjs/common';
import { Database, toBytes, toHex } from '#persistence';

/** What an account holds of one series, with what is on its way to the chain. Amounts in won. */
export interface HoldingRow {
  readonly series: number;
  readonly balance: bigint;
  readonly received: bigint;
  readonly top: bigint;
  readonly day: number;
  readonly spentToday: bigint;
  readonly dailyCap: bigint;
  /** Payments accepted and not decided yet. */
  readonly reserved: bigint;
  /** Highest nonce among those; 0 = none. */
  readonly pendingTop: bigint;
}

export interface AccountRow {
  readonly home: string;
  readonly tier: number;
  readonly frozen: boolean;
}

export type HistoryKind = 'issued' | 'paid' | 'refused' | 'accepted';

export interface HistoryRow {
  readonly kind: HistoryKind;
  /** Milliseconds since 1970: block time of what is final, else when it was received. */
  readonly at: bigint;
  /** Tells rows of the same moment apart, so that a page can go on between them. */
  readonly key: string;
  readonly series: bigint;
  /** numeric as digits */
  readonly amount: string;
  readonly paymentId: string | null;
  readonly merchant: string | null;
  readonly code: number | null;
  readonly block: bigint | null;
}

type RawHistoryRow = Omit<HistoryRow, 'paymentId' | 'merchant'> & {
  paymentId: Buffer | null;
  merchant: Buffer | null;
};

/**
 * Everything that happened to an account. A payment appears once: final as paid; else refused (the newest refusal
 * of the chain, or the door's); else accepted. Every part is bounded by the account's own rows.
 */
const HISTORY = `
  SELECT 'issued' AS kind, b.timestamp * 1000 AS at, 'i' || lpad(i.block_number::text, 12, '0') || lpad(i.log_index::text, 8, '0') AS key,
         i.series::bigint AS series, i.amount::numeric AS amount, NULL::bytea AS "paymentId", NULL::bytea AS merchant,
         NULL::smallint AS code, i.block_number AS block
    FROM chain.issued i JOIN chain.block b ON b.number = i.block_number WHERE i.account = $1
  UNION ALL
  SELECT 'paid', b.timestamp * 1000, 'p' || lpad(p.block_number::text, 12, '0') || lpad(p.log_index::text, 8, '0'),
         p.series, p.amount, p.id, p.merchant, NULL, p.block_number
    FROM chain.payment p JOIN chain.block b ON b.number = p.block_number WHERE p.payer = $1
  UNION ALL
  SELECT CASE WHEN coalesce(r.code, a.refusal_code) IS NULL THEN 'accepted' ELSE 'refused' END,
         (extract(epoch FROM a.received_at) * 1000)::bigint, 'a' || encode(a.id, 'hex'),
         a.series, a.amount, a.id, a.merchant, coalesce(r.code, a.refusal_code), r.block_number
    FROM app.payment a
    LEFT JOIN LATERAL (SELECT code, block_number FROM chain.payment_refused WHERE id = a.id
                        ORDER BY block_number DESC, log_index DESC LIMIT 1) r ON true
   WHERE a.payer = $1 AND NOT EXISTS (SELECT FROM chain.payment f WHERE f.id = a.id)`;

@Injectable()
export class AccountsRepository {
  constructor(private readonly db: Database) {}

  holdings(account: string): Promise<HoldingRow[]> {
    return this.db.query<{ [K in keyof HoldingRow]: HoldingRow[K] }>(
      `SELECT h.series, h.balance, h.received, h.top, h.day, h.spent_today AS "spentToday", s.daily_cap AS "dailyCap",
              coalesce(w.reserved, 0)::bigint AS reserved, coalesce(w.top, 0) AS "pendingTop"
         FROM chain.holding h JOIN chain.series s ON s.id = h.series
         LEFT JOIN (SELECT p.series, sum(p.amount) AS reserved, max(p.nonce) AS top
                      FROM app.outbox o JOIN app.payment p ON p.id = o.id
                     WHERE o.holder = $1 AND o.kind = 'payment' AND o.decided_block IS NULL
                     GROUP BY p.series) w ON w.series = h.series
        WHERE h.account = $1 ORDER BY h.series DESC`,
      [toBytes(account)],
    );
  }

  /** What the chain knows of the person; undefined when nobody attested the account. */
  async find(account: string): Promise<AccountRow | undefined> {
    const [row] = await this.db.query<{ home: string; tier: number; frozen: boolean }>(
      `SELECT home, tier, frozen FROM chain.account_version WHERE account = $1
        ORDER BY block_number DESC, log_index DESC LIMIT 1`,
      [toBytes(account)],
    );
    return row;
  }

  /** Newest first, behind (`at`, `key`). */
  async history(
    account: string,
    after: readonly [at: string, key: string] | undefined,
    limit: number,
  ): Promise<HistoryRow[]> {
    const rows = await this.db.query<RawHistoryRow>(
      `SELECT * FROM (${HISTORY}) AS history
        WHERE $2::bigint IS NULL OR (at, key COLLATE "C") < ($2, $3::text)
        ORDER BY at DESC, key COLLATE "C" DESC LIMIT $4`,
      [toBytes(account), after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map((row) => ({
      ...row,
      paymentId: row.paymentId && toHex(row.paymentId),
      merchant: row.merchant && toHex(row.merchant),
    }));
  }
}
