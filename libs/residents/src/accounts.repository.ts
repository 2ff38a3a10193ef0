import { Injectable } from '@nestjs/common';
import { leftCode, PACKED_SERIES, pendingOf } from '#payments';
import { Database, toBytes, toHex } from '#persistence';

/** What an account holds of one series, with what is on its way to the chain. Amounts in won. */
export interface HoldingRow {
  readonly series: number;
  readonly balance: bigint;
  readonly received: bigint;
  /** Korean day index. */
  readonly receivedDay: number;
  readonly top: bigint;
  readonly bits: bigint;
  readonly day: number;
  readonly spentToday: bigint;
  /** See seriesRulesOf. */
  readonly packed: string;
  /** Of the whole account: accepted and not decided; see readPending. */
  readonly pending: Buffer;
}

export interface AccountRow {
  readonly home: string;
  readonly tier: number;
  readonly frozen: boolean;
  readonly company: boolean;
}

/** What the chain knows of an account's keys. */
export interface KeysRow {
  /** Number of changes; 0 = the keys that its address was made of. */
  readonly changes: bigint;
  readonly ring: Buffer | null;
  /** Proposed by officers; null when nothing is. */
  readonly proposedBy: string | null;
  readonly proposed: Buffer | null;
  /** Unix seconds. */
  readonly readyAt: bigint | null;
}

/** A sold or giftable series of an authority with what counts toward its caps. */
export interface AllowanceRow {
  readonly series: number;
  readonly packed: string;
  readonly inMonth: bigint;
  readonly inYear: bigint;
  readonly gifts: bigint;
}

export const HISTORY_KINDS = [
  'issued',
  'paid',
  'voided',
  'given',
  'received',
  'refunded',
  'expired',
  'refused',
  'accepted',
] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

export interface HistoryRow {
  readonly kind: HistoryKind;
  /** Milliseconds since 1970: block time of what is final, else when it was received. */
  readonly at: bigint;
  /** Tells rows of the same moment apart, so that a page can go on between them. */
  readonly key: string;
  readonly series: bigint;
  /** numeric as digits */
  readonly amount: string;
  /** The payment's id, or that of the void, gift or refund; null for what nobody signed. */
  readonly order: string | null;
  readonly merchant: string | null;
  /** The other resident of a gift. */
  readonly other: string | null;
  readonly code: number | null;
  readonly block: bigint | null;
}

type RawHistoryRow = Omit<HistoryRow, 'order' | 'merchant' | 'other'> & {
  order: Buffer | null;
  merchant: Buffer | null;
  other: Buffer | null;
};

/** Columns of one final event; `letter` keeps kinds apart within a page's cursor. */
function finalEvents(
  kind: HistoryKind,
  letter: string,
  table: string,
  own: string,
  columns: { readonly order?: string; readonly merchant?: string; readonly other?: string },
): string {
  const { order = 'NULL::bytea', merchant = 'NULL::bytea', other = 'NULL::bytea' } = columns;
  return `
  SELECT '${kind}' AS kind, b.timestamp * 1000 AS at,
         '${letter}' || lpad(e.block_number::text, 12, '0') || lpad(e.log_index::text, 8, '0') AS key,
         e.series::bigint AS series, e.amount::numeric AS amount, ${order} AS "order", ${merchant} AS merchant,
         ${other} AS other, NULL::smallint AS code, e.block_number AS block
    FROM chain.${table} e JOIN chain.block b ON b.number = e.block_number WHERE e.${own} = $1`;
}

/** What the account signed and the chain has not settled: refused by its newest word, at the door, on the way, or accepted. */
function openOrders(
  letter: string,
  source: string,
  refusals: string,
  settled: string,
  columns: { readonly series: string; readonly merchant: string; readonly other: string },
): string {
  return `
  SELECT CASE WHEN coalesce(r.code, a.refusal_code, l.code) IS NULL THEN 'accepted' ELSE 'refused' END,
         (extract(epoch FROM a.received_at) * 1000)::bigint, '${letter}' || encode(a.id, 'hex'),
         ${columns.series}, a.amount, a.id, ${columns.merchant}, ${columns.other},
         coalesce(r.code, a.refusal_code, l.code), r.block_number
    FROM ${source}
    LEFT JOIN LATERAL (SELECT code, block_number FROM chain.${refusals} WHERE id = a.id
                        ORDER BY block_number DESC, log_index DESC LIMIT 1) r ON true
   CROSS JOIN LATERAL (SELECT ${leftCode('a.id')} AS code) l
   WHERE NOT EXISTS (SELECT FROM chain.${settled} f WHERE f.id = a.id)`;
}

const signedBy = (kind: string) =>
  `(SELECT * FROM app.signed_order WHERE holder = $1 AND kind = '${kind}') a`;

/**
 * Everything that happened to an account. An order appears once: final; else refused (the newest refusal of the chain,
 * or the door's, or because it was not carried); else accepted. A payment has a row for each series that gave to it; until it is final one, under the
 * first listed. Every part is bounded by the account's own rows.
 */
const HISTORY = [
  finalEvents('issued', 'i', 'issued', 'account', {}),
  finalEvents('paid', 'p', 'payment', 'payer', { order: 'e.id', merchant: 'e.merchant' }),
  finalEvents('voided', 'v', 'void', 'payer', { order: 'e.id', merchant: 'e.merchant' }),
  finalEvents('given', 'g', 'gift', 'giver', { order: 'e.id', other: 'e.receiver' }),
  finalEvents('received', 'r', 'gift', 'receiver', { order: 'e.id', other: 'e.giver' }),
  finalEvents('refunded', 'f', 'refund', 'account', { order: 'e.id' }),
  finalEvents('expired', 'e', 'expired', 'account', {}),
  openOrders('a', '(SELECT * FROM app.payment WHERE payer = $1) a', 'payment_refused', 'payment', {
    series: 'a.series[1]',
    merchant: 'a.merchant',
    other: 'NULL',
  }),
  openOrders('b', signedBy('gift'), 'gift_refused', 'gift', {
    series: 'a.series',
    merchant: 'NULL',
    other: 'a.other',
  }),
  openOrders('c', signedBy('refund'), 'refund_refused', 'refund', {
    series: 'a.series',
    merchant: 'NULL',
    other: 'NULL',
  }),
].join(' UNION ALL ');

@Injectable()
export class AccountsRepository {
  constructor(private readonly db: Database) {}

  /** Newest series first; one snapshot. */
  holdings(account: string): Promise<HoldingRow[]> {
    return this.db.query<{ [K in keyof HoldingRow]: HoldingRow[K] }>(
      `SELECT h.series, h.balance, h.received, h.received_day AS "receivedDay", h.top, h.window_bits AS bits, h.day,
              h.spent_today AS "spentToday", ${PACKED_SERIES} AS packed, ${pendingOf('h.account')} AS pending
         FROM chain.holding h JOIN chain.series s ON s.id = h.series
        WHERE h.account = $1 ORDER BY h.series DESC`,
      [toBytes(account)],
    );
  }

  /** What the chain knows of the person; undefined when nobody attested the account. */
  async find(account: string): Promise<AccountRow | undefined> {
    const [row] = await this.db.query<{ [K in keyof AccountRow]: AccountRow[K] }>(
      `SELECT home, tier, frozen, company FROM chain.account_version WHERE account = $1
        ORDER BY block_number DESC, log_index DESC LIMIT 1`,
      [toBytes(account)],
    );
    return row;
  }

  async keys(account: string): Promise<KeysRow> {
    const [row] = await this.db.query<{ [K in keyof KeysRow]: KeysRow[K] }>(
      `SELECT coalesce(k.change, 0) AS changes, k.ring, r.authority AS "proposedBy", r.ring AS proposed,
              r.ready_at AS "readyAt"
         FROM (SELECT 1) AS one
         LEFT JOIN LATERAL (SELECT change, ring FROM chain.account_keys WHERE account = $1
                             ORDER BY change DESC LIMIT 1) k ON true
         LEFT JOIN LATERAL (SELECT authority, ring, ready_at FROM chain.key_replacement WHERE account = $1
                             ORDER BY block_number DESC, log_index DESC LIMIT 1) r ON true`,
      [toBytes(account)],
    );
    if (row === undefined) throw new Error('no row');
    return row;
  }

  /** Series of an authority that are not over, with what the account bought and was given in the month and year. */
  allowances(account: string, authority: string, month: string, nowSeconds: number): Promise<AllowanceRow[]> {
    return this.db.query<{ [K in keyof AllowanceRow]: AllowanceRow[K] }>(
      `SELECT s.id AS series, ${PACKED_SERIES} AS packed, p."inMonth", p."inYear", p.gifts
         FROM chain.series s
         CROSS JOIN (SELECT coalesce(sum(bought) FILTER (WHERE month = $3::date), 0)::bigint AS "inMonth",
                            coalesce(sum(bought), 0)::bigint AS "inYear",
                            coalesce(sum(gifts) FILTER (WHERE month = $3::date), 0)::bigint AS gifts
                       FROM chain.purchase_month
                      WHERE account = $1 AND authority = $2
                        AND date_trunc('year', month) = date_trunc('year', $3::date)) p
        WHERE s.authority = $2 AND s.valid_until > $4 ORDER BY s.id DESC`,
      [toBytes(account), authority, month, nowSeconds],
    );
  }

  /** Accounts whose new keys officers proposed, and nobody stopped, until this moment. */
  async readyReplacements(nowSeconds: number, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ account: Buffer }>(
      `SELECT account FROM (
         SELECT DISTINCT ON (account) account, ready_at FROM chain.key_replacement
          ORDER BY account, block_number DESC, log_index DESC) newest
        WHERE ready_at <= $1 ORDER BY account LIMIT $2`,
      [nowSeconds, limit],
    );
    return rows.map(({ account }) => toHex(account));
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
      order: row.order && toHex(row.order),
      merchant: row.merchant && toHex(row.merchant),
      other: row.other && toHex(row.other),
    }));
  }
}
