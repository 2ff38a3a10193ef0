import { Injectable } from '@nestjs/common';
import { type DecidedSince, PACKED_SERIES, reservedBy } from '#orders';
import { Database, toBytes, toHex } from '#persistence';
import { authorityCodes } from '#platform';

/** What an account holds of one series, with what is on its way to the chain. Amounts in won. */
export interface HoldingRow extends DecidedSince {
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
  /** Of the whole account, by what is accepted and not decided; see reservedBy. */
  readonly reserved: string | null;
}

export interface AccountRow {
  readonly home: string;
  readonly tier: number;
  /** Unix seconds; 0 = not frozen. */
  readonly frozenUntil: bigint;
  readonly company: boolean;
  readonly authority: string;
  /** It was opened without keys. */
  readonly keyless: boolean;
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
  /** Of the newest proposal; 0 = there never was one. */
  readonly number: bigint;
  /** Three registrars decided it after an objection. */
  readonly overruling: boolean;
}

/** A sold or giftable series of an authority with what counts toward its caps. */
export interface AllowanceRow {
  readonly series: number;
  readonly packed: string;
  readonly inMonth: bigint;
  readonly inYear: bigint;
  readonly gifts: bigint;
}

@Injectable()
export class AccountsRepository {
  constructor(private readonly db: Database) {}

  /** Newest series first; one snapshot. */
  holdings(account: string): Promise<HoldingRow[]> {
    return this.db.query<{ [K in keyof HoldingRow]: HoldingRow[K] }>(
      `SELECT h.series, h.balance, h.received, h.received_day AS "receivedDay", h.top, h.window_bits AS bits, h.day,
              h.spent_today AS "spentToday", ${PACKED_SERIES} AS packed, v.valid_until, v.paused_until,
              ${reservedBy('h.account')} AS reserved
         FROM chain.holding h JOIN chain.series s ON s.id = h.series
         LEFT JOIN LATERAL (SELECT valid_until, paused_until FROM chain.series_version
                             WHERE series = s.id ORDER BY block_number DESC, log_index DESC LIMIT 1) v ON true
        WHERE h.account = $1 ORDER BY h.series DESC`,
      [toBytes(account)],
    );
  }

  /** What the chain knows of an account; of a merchant who answers for it. Undefined when it is not on record. */
  async find(account: string): Promise<AccountRow | undefined> {
    const [row] = await this.db.query<{ [K in keyof AccountRow]: AccountRow[K] }>(
      `SELECT coalesce(a.home, '') AS home, coalesce(a.tier, 0)::smallint AS tier,
              coalesce(a."frozenUntil", 0)::bigint AS "frozenUntil", coalesce(a.company, false) AS company,
              coalesce(m.authority, a.authority) AS authority, coalesce(m.keyless, a.keyless) AS keyless
         FROM (SELECT 1) AS one
         LEFT JOIN LATERAL (SELECT home, tier, frozen_until AS "frozenUntil", company, authority, keyless
                              FROM chain.account_version WHERE account = $1
                             ORDER BY block_number DESC, log_index DESC LIMIT 1) a ON true
         LEFT JOIN LATERAL (SELECT authority, keyless FROM chain.merchant_version WHERE merchant = $1
                             ORDER BY block_number DESC, log_index DESC LIMIT 1) m ON true
        WHERE a.home IS NOT NULL OR m.authority IS NOT NULL`,
      [toBytes(account)],
    );
    return row;
  }

  async keys(account: string): Promise<KeysRow> {
    const [row] = await this.db.query<{ [K in keyof KeysRow]: KeysRow[K] }>(
      `SELECT coalesce(k.change, 0) AS changes, k.ring, r.authority AS "proposedBy", r.ring AS proposed,
              r.ready_at AS "readyAt", coalesce(r.number, 0)::bigint AS number,
              coalesce(r.overruling, false) AS overruling
         FROM (SELECT 1) AS one
         LEFT JOIN LATERAL (SELECT change, ring FROM chain.account_keys WHERE account = $1
                             ORDER BY change DESC LIMIT 1) k ON true
         LEFT JOIN LATERAL (SELECT authority, ring, ready_at, number, overruling FROM chain.key_replacement WHERE account = $1
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
                      WHERE account = $1 AND authority = ANY ((SELECT chain.authorities_meant($2))::text[])
                        AND date_trunc('year', month) = date_trunc('year', $3::date)) p
        WHERE s.authority = ANY ((SELECT chain.authorities_meant($2))::text[]) AND (
                SELECT valid_until FROM chain.series_version WHERE series = s.id
                 ORDER BY block_number DESC, log_index DESC LIMIT 1) > $4
        ORDER BY s.id DESC`,
      [toBytes(account), authorityCodes(authority), month, nowSeconds],
    );
  }

  /** Accounts whose new keys officers proposed, and no owner or officer stopped, until this moment. */
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
}
