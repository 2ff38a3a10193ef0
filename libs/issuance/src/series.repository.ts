import { Injectable } from '@nestjs/common';
import { Database, toHex } from '#persistence';
import { refuseDivided } from '#access';
import { authorityCodes } from '#platform';

/** A series as the chain has it now, with its figures. Times in Unix seconds, amounts in won. */
export interface SeriesRow {
  readonly id: number;
  readonly authority: string;
  readonly validFrom: bigint;
  /** With its extensions. */
  readonly validUntil: bigint;
  /** As published. */
  readonly originalUntil: bigint;
  readonly hops: number;
  readonly refundPercent: number;
  readonly refundDays: number;
  readonly paymentCap: bigint;
  /** By tier 0, 1, 2. */
  readonly dailyCaps: readonly [bigint, bigint, bigint];
  readonly holdingCap: bigint;
  readonly monthCap: bigint;
  readonly yearCap: bigint;
  readonly giftCap: bigint;
  readonly budget: bigint;
  readonly pausedUntil: bigint;
  readonly expiring: boolean;
  readonly closed: boolean;
  /** basis points: resident, state, province, city */
  readonly funding: readonly [number, number, number, number];
  readonly flags: number;
  readonly document: string;
  readonly rules: readonly bigint[];
  readonly approved: bigint;
  readonly issued: bigint;
  readonly paid: bigint;
  readonly voided: bigint;
  /** With what was returned later. */
  readonly redeemed: bigint;
  readonly returned: bigint;
  readonly refunded: bigint;
  readonly expired: bigint;
  /** Canonical terms text; null when the series was published without this platform. */
  readonly canonical: string | null;
  readonly demo: boolean;
}

type Row = Omit<SeriesRow, 'document' | 'rules' | 'dailyCaps'> & {
  document: Buffer;
  rules: string[];
  dailyCaps: [string, string, string];
};

// rules and caps as text: the driver would read arrays of them as floating-point numbers or texts.
const SERIES = `
  SELECT s.id, s.authority, s.valid_from AS "validFrom", v.valid_until AS "validUntil",
         s.valid_until AS "originalUntil", s.hops, s.refund_percent AS "refundPercent", s.refund_days AS "refundDays",
         s.payment_cap AS "paymentCap", s.daily_caps::text[] AS "dailyCaps", s.holding_cap AS "holdingCap",
         s.month_cap AS "monthCap", s.year_cap AS "yearCap", s.gift_cap AS "giftCap",
         v.budget, v.paused_until AS "pausedUntil", v.expiring, v.closed, s.funding, s.flags, s.document, s.rules::text[] AS rules,
         coalesce(t.approved, 0) AS approved, coalesce(t.issued, 0) AS issued,
         coalesce(t.paid, 0) AS paid, coalesce(t.voided, 0) AS voided,
         coalesce(t.redeemed, 0) AS redeemed, coalesce(t.returned, 0) AS returned,
         coalesce(t.refunded, 0) AS refunded, coalesce(t.expired, 0) AS expired,
         d.canonical, coalesce(d.demo, false) AS demo
    FROM chain.series s
    JOIN LATERAL (SELECT budget, valid_until, paused_until, expiring, closed FROM chain.series_version
                   WHERE series = s.id ORDER BY block_number DESC, log_index DESC LIMIT 1) v ON true
    LEFT JOIN chain.series_total t ON t.series = s.id
    LEFT JOIN app.terms_document d ON d.hash = s.document`;

@Injectable()
export class SeriesRepository {
  constructor(private readonly db: Database) {}

  async find(id: number): Promise<SeriesRow | undefined> {
    const [row] = await this.db.query<Row>(`${SERIES} WHERE s.id = $1::bigint`, [id]);
    return row && seriesOf(row);
  }

  /** The series with these ids. */
  async findAll(ids: readonly number[]): Promise<SeriesRow[]> {
    const rows = await this.db.query<Row>(`${SERIES} WHERE s.id = ANY($1::bigint[]) ORDER BY s.id DESC`, [
      ids,
    ]);
    return rows.map(seriesOf);
  }

  /** Ids and scope rules of every series, newest first: a few hundred rows at most, one per issue of a programme. */
  async scopes(
    authority?: string,
  ): Promise<{ readonly id: number; readonly rules: readonly bigint[]; readonly validUntil: bigint }[]> {
    await refuseDivided(this.db, authority);
    const rows = await this.db.query<{ id: number; rules: string[]; validUntil: bigint }>(
      `SELECT id, rules::text[] AS rules,
              (SELECT valid_until FROM chain.series_version WHERE series = id
                ORDER BY block_number DESC, log_index DESC LIMIT 1) AS "validUntil"
         FROM chain.series
        WHERE $1::text[] IS NULL OR authority = ANY ((SELECT chain.authorities_meant($1))::text[]) ORDER BY id DESC`,
      [authority === undefined ? null : authorityCodes(authority)],
    );
    return rows.map(({ id, rules, validUntil }) => ({ id, rules: rules.map(BigInt), validUntil }));
  }
}

function seriesOf(row: Row): SeriesRow {
  const [none, phone, realName] = row.dailyCaps;
  return {
    ...row,
    document: toHex(row.document),
    rules: row.rules.map(BigInt),
    dailyCaps: [BigInt(none), BigInt(phone), BigInt(realName)],
  };
}
