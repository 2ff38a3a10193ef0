import { Injectable } from '@nestjs/common';
import type { Funder, Won } from '#domain';
import { Database, type Queryable, toHex } from '#persistence';
import { authorityCodes } from '#platform';
import { type Account, type EntryKind, kindsOf } from '../journal/chart.js';

/** Which books: of one authority, of one series, or of all. */
export interface BooksFilter {
  /** Region code of the issuing authority. */
  readonly authority?: string;
  readonly series?: number;
}

export type BalanceRow = { account: Account; funder: Funder; debit: Won; credit: Won };
export type SeriesTotalRow = { series: number; authority: string; debit: Won; credit: Won };

export interface EntryFilter extends BooksFilter {
  readonly account?: Account;
  /** Position of the last entry of the page before: block and log. */
  readonly after?: readonly [bigint, number];
  readonly limit: number;
}

export interface EntryRow {
  readonly block: bigint;
  readonly log: number;
  readonly kind: EntryKind;
  readonly series: number;
  /** ISO date in Korea. */
  readonly day: string;
  readonly amount: Won;
  /** Payment, void, redemption or refund; null for an issue and an expiry. */
  readonly subject: string | null;
  /** The resident, for an issue, a refund and an expiry. */
  readonly account: string | null;
  readonly postings: readonly EntryPosting[];
}

/** Positive is debit. */
export interface EntryPosting {
  readonly account: Account;
  readonly resident: Won;
  readonly state: Won;
  readonly province: Won;
  readonly city: Won;
}

const OF_FILTER = `($1::text[] IS NULL OR s.authority = ANY ((SELECT chain.authorities_meant($1))::text[]))
  AND ($2::bigint IS NULL OR s.id = $2)`;

const PAGE = `
  ($3::bigint IS NULL OR (e.block_number, e.log_index) < ($3, $4::integer))
  ORDER BY e.block_number DESC, e.log_index DESC LIMIT $5`;

/**
 * The newest entries of a filter; $1 authority, $2 series, ($3, $4) position, $5 how many. Where no payment is wanted,
 * each kind is read from the indexes without payments, by series if not all count: those between them may be millions.
 */
function entriesOf({ authority, series, account }: EntryFilter): string {
  const kinds = account && kindsOf(account);
  if (kinds === undefined || kinds.includes('payment'))
    return `SELECT e.* FROM books.entry e JOIN chain.series s ON s.id = e.series
             WHERE ${OF_FILTER} AND ${kinds ? `e.kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})` : 'true'}
               AND ${PAGE}`;
  const isWhole = authority === undefined && series === undefined;
  const ofKinds = kinds
    .map(
      (kind) => `(SELECT e.* FROM books.entry e
                   WHERE e.kind = '${kind}' AND ${isWhole ? 'true' : 'e.series = s.id'} AND ${PAGE})`,
    )
    .join(' UNION ALL ');
  if (isWhole)
    return `SELECT e.* FROM (${ofKinds}) e WHERE num_nonnulls($1::text[], $2::bigint) = 0 AND ${PAGE}`;
  return `SELECT e.* FROM chain.series s CROSS JOIN LATERAL (${ofKinds}) e WHERE ${OF_FILTER} AND ${PAGE}`;
}

@Injectable()
export class TrialBalanceRepository {
  constructor(private readonly db: Database) {}

  /** Runs `work` on one moment of the books. */
  atOneMoment<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.db.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      return work(tx);
    });
  }

  /** Sums by account and funder, in the order of the chart. */
  balances(tx: Queryable, { authority, series }: BooksFilter): Promise<BalanceRow[]> {
    return tx.query<BalanceRow>(
      `SELECT b.account, b.funder, sum(b.debit)::bigint AS debit, sum(b.credit)::bigint AS credit
         FROM books.balance b JOIN chain.series s ON s.id = b.series
        WHERE ${OF_FILTER} GROUP BY b.account, b.funder ORDER BY b.account, b.funder`,
      [authority === undefined ? null : authorityCodes(authority), series ?? null],
    );
  }

  /** Sums by series. */
  seriesTotals(tx: Queryable, { authority, series }: BooksFilter): Promise<SeriesTotalRow[]> {
    return tx.query<SeriesTotalRow>(
      `SELECT s.id AS series, s.authority, sum(b.debit)::bigint AS debit, sum(b.credit)::bigint AS credit
         FROM books.balance b JOIN chain.series s ON s.id = b.series
        WHERE ${OF_FILTER} GROUP BY s.id ORDER BY s.id`,
      [authority === undefined ? null : authorityCodes(authority), series ?? null],
    );
  }

  async indexedBlock(tx: Queryable): Promise<bigint | null> {
    const [row] = await tx.query<{ block_number: bigint }>('SELECT block_number FROM chain.cursor');
    return row?.block_number ?? null;
  }

  /** Entries with their postings, newest first; one more than `limit` shows that there are more. */
  async entries(filter: EntryFilter): Promise<EntryRow[]> {
    const { authority, series, after, limit } = filter;
    const rows = await this.db.query<RawEntry>(
      `SELECT e.block_number AS block, e.log_index AS log, e.kind, e.series, to_char(e.day, 'YYYY-MM-DD') AS day,
              e.amount, coalesce(p.id, v.id, r.id, t.id, f.id)::bytea AS subject,
              coalesce(i.account, f.account, o.account)::bytea AS account, x.postings
         FROM (${entriesOf(filter)}) e
         LEFT JOIN chain.payment p USING (block_number, log_index)
         LEFT JOIN chain.void v USING (block_number, log_index)
         LEFT JOIN chain.redemption r USING (block_number, log_index)
         LEFT JOIN chain.redemption_return t USING (block_number, log_index)
         LEFT JOIN chain.refund f USING (block_number, log_index)
         LEFT JOIN chain.issued i USING (block_number, log_index)
         LEFT JOIN chain.expired o USING (block_number, log_index)
         CROSS JOIN LATERAL (
           SELECT jsonb_agg(jsonb_build_array(l.account, l.resident::text, l.state::text, l.province::text,
                                              l.city::text) ORDER BY l.line) AS postings
             FROM books.posting l
            WHERE (l.block_number, l.log_index) = (e.block_number, e.log_index)) x
        ORDER BY e.block_number DESC, e.log_index DESC`,
      [
        authority === undefined ? null : authorityCodes(authority),
        series ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit,
      ],
    );
    return rows.map(readEntry);
  }
}

type RawEntry = {
  block: bigint;
  log: number;
  kind: EntryKind;
  series: number;
  day: string;
  amount: bigint;
  subject: Buffer | null;
  account: Buffer | null;
  postings: [Account, string, string, string, string][];
};

function readEntry(row: RawEntry): EntryRow {
  return {
    ...row,
    subject: row.subject && toHex(row.subject),
    account: row.account && toHex(row.account),
    postings: row.postings.map(([account, resident, state, province, city]) => ({
      account,
      resident: BigInt(resident),
      state: BigInt(state),
      province: BigInt(province),
      city: BigInt(city),
    })),
  };
}
