import { Injectable } from '@nestjs/common';
import {
  actRoleAndAmount,
  decodeAct,
  receiptOf,
  type ReceiptEntry,
  type ReturnedRedemption,
} from '#contracts';
import {
  dayBounds,
  isAccountTier,
  koreanDayIndex,
  type JsonObject,
  type Freezable,
  type FreezeState,
  type KnownAccount,
  type KnownMerchant,
  type Pauses,
  type Validity,
} from '#domain';
import { Database, type Queryable, toBytes, toHex } from '#persistence';

export interface SeriesOwner {
  readonly authority: string;
  /** Its validity and what officers decided about it; see refusalOfExtension. */
  readonly validity: Validity;
  /** Won that may be issued in all, that issue orders claim, and that are not redeemed, refunded or expired yet. */
  readonly budget: bigint;
  readonly approved: bigint;
  readonly outstanding: bigint;
  /** Its validity and pauses; see latestPause. */
  readonly pauses: Pauses;
}

export interface OrderOwner {
  readonly series: number;
  /** Authority that approved it. */
  readonly by: string;
  readonly closed: boolean;
  /** A key issues by it; else a list. */
  readonly isQuota: boolean;
  /** Authority of the series. */
  readonly owner: string;
}

/** An entry of an act's list that the contract skips, or skipped. */
export interface SkippedEntry {
  /** Place in the list, from 0. */
  readonly index: number;
  /** The merchant or account. */
  readonly subject: string;
  /** Of the refusal table. */
  readonly code: string;
  readonly args: JsonObject;
}

/** A settled redemption with what its authority needs to take it back. */
export interface Returnable extends ReturnedRedemption {
  readonly returned: boolean;
}

type LeafRow = {
  id: Buffer;
  subject: Buffer;
  other: Buffer | null;
  series: number;
  amount: bigint;
  timestamp: bigint;
};

/** An approval for issue: by whom, of how much, when it would be executed, and its act where there is one. */
export interface DaysApproval {
  readonly moment: number;
  readonly authority: string;
  readonly amount: bigint;
  readonly act?: string;
}

const ACCOUNT_ZERO = `0x${'00'.repeat(20)}`;

/** What acts are about, as the indexed chain has it. */
@Injectable()
export class ActSubjectsRepository {
  constructor(private readonly db: Database) {}

  /** Undefined when the chain knows no such series. */
  async series(id: number): Promise<SeriesOwner | undefined> {
    const [row] = await this.db.query<SeriesRow>(
      `SELECT s.authority, s.valid_from, s.valid_until AS original_until, v.valid_until, v.expiring, v.closed, v.paused_until, v.pause_used, v.budget, t.approved,
              (t.issued - t.redeemed + t.returned - t.refunded - t.expired)::bigint AS outstanding
         FROM chain.series s
         JOIN chain.series_total t ON t.series = s.id
         CROSS JOIN LATERAL (SELECT valid_until, expiring, closed, paused_until, pause_used, budget FROM chain.series_version
                              WHERE series = s.id ORDER BY block_number DESC, log_index DESC LIMIT 1) v
        WHERE s.id = $1::bigint`,
      [id],
    );
    return (
      row && {
        authority: row.authority,
        validity: {
          validUntil: Number(row.valid_until),
          originalUntil: Number(row.original_until),
          expiring: row.expiring,
          closed: row.closed,
        },
        budget: row.budget,
        approved: row.approved,
        outstanding: row.outstanding,
        pauses: {
          validFrom: Number(row.valid_from),
          validUntil: Number(row.valid_until),
          pausedUntil: Number(row.paused_until),
          pauseUsed: Number(row.pause_used),
        },
      }
    );
  }

  /** Undefined when the chain knows no such order. */
  async order(issueOrder: number): Promise<OrderOwner | undefined> {
    const [row] = await this.db.query<{ [K in keyof OrderOwner]: OrderOwner[K] }>(
      `SELECT o.series, o.approved_by AS by, o.quota_key IS NOT NULL AS "isQuota", s.authority AS owner,
              EXISTS (SELECT FROM chain.issue_order_closed c WHERE c.issue_order = o.id) AS closed
         FROM chain.issue_order o JOIN chain.series s ON s.id = o.series WHERE o.id = $1`,
      [issueOrder],
    );
    return row;
  }

  /**
   * Won that an authority approved for issue on the Korean day of `moment` (Unix seconds) besides an act; as the contract
   * counts, what was closed later counts on. Approvals that are on their way to the chain count as well. Of an act that was
   * executed: what was approved before it on its day.
   */
  async approvedBesides(
    { moment, authority, amount, act }: DaysApproval,
    db: Queryable = this.db,
  ): Promise<bigint> {
    const [own] =
      act === undefined
        ? []
        : await db.query<{ block: bigint; log: number; time: bigint }>(
            `SELECT x.block_number AS block, x.log_index AS log, b.timestamp AS time
               FROM chain.act_executed x JOIN chain.block b ON b.number = x.block_number WHERE x.act = $1`,
            [toBytes(act)],
          );
    const { from, until } = dayBounds(koreanDayIndex(own === undefined ? moment : Number(own.time)));
    const [row] = await db.query<{ sum: string }>(
      `SELECT coalesce(sum(o.total), 0)::text AS sum FROM chain.issue_order o
         JOIN chain.block b ON b.number = o.block_number
        WHERE o.approved_by = $1 AND b.timestamp >= $2 AND b.timestamp < $3
          AND ($4::bigint IS NULL OR (o.block_number, o.log_index) < ($4, $5::integer))`,
      [authority, from, until, own?.block ?? null, own?.log ?? null],
    );
    // An executed act has its own order among them.
    if (own !== undefined) return BigInt(row?.sum ?? '0') - amount;
    const waiting = await db.query<{ id: Buffer; call: Buffer }>(
      `SELECT a.id, a.call FROM app.act a
        WHERE a.authority = $1 AND a.state = 'executing' AND a.kind IN ('approve_issue', 'approve_quota')
          AND NOT EXISTS (SELECT FROM chain.act_executed x WHERE x.act = a.id)`,
      [authority],
    );
    const onTheWay = waiting
      .filter(({ id }) => toHex(id) !== act)
      .map(({ call }) => decodeAct(toHex(call), 'vouchers'))
      .reduce((sum, call) => sum + (call === null ? 0n : actRoleAndAmount(call.kind, call.args).amount), 0n);
    return BigInt(row?.sum ?? '0') + onTheWay;
  }

  /**
   * Won of a series' budget that its authority left to another one and that this one has not approved yet; as the
   * contract counts: an act sets it, approvals take from it, and those that are closed give back.
   */
  async delegatedLeft(series: number, delegate: string): Promise<bigint> {
    const [row] = await this.db.query<{ left: string }>(
      `SELECT (d.amount_left
               - coalesce((SELECT sum(o.total) FROM chain.issue_order o
                            WHERE o.series = d.series AND o.approved_by = d.delegate
                              AND (o.block_number, o.log_index) > (d.block_number, d.log_index)), 0)
               + coalesce((SELECT sum(c.unissued) FROM chain.issue_order_closed c
                             JOIN chain.issue_order o ON o.id = c.issue_order
                            WHERE o.series = d.series AND o.approved_by = d.delegate
                              AND (o.block_number, o.log_index) > (d.block_number, d.log_index)), 0))::text AS left
         FROM chain.budget_delegation d WHERE d.series = $1::bigint AND d.delegate = $2
        ORDER BY d.block_number DESC, d.log_index DESC LIMIT 1`,
      [series, delegate],
    );
    return row === undefined ? 0n : BigInt(row.left);
  }

  /** The merchants at these addresses as they are now; unknown ones are absent. */
  async merchants(addresses: readonly string[]): Promise<Map<string, KnownMerchant>> {
    const rows = await this.db.query<{ [K in keyof KnownMerchant]: KnownMerchant[K] } & { id: Buffer }>(
      `SELECT DISTINCT ON (merchant) merchant AS id, region, status, jsonb_array_length(formerly) AS "formerPlaces",
              authority, keyless
         FROM chain.merchant_version
        WHERE merchant = ANY($1::bytea[]) ORDER BY merchant, block_number DESC, log_index DESC`,
      [addresses.map(toBytes)],
    );
    return new Map(rows.map(({ id, ...merchant }) => [toHex(id), merchant]));
  }

  /** Residents and companies at these addresses as they are now; unknown ones, and merchants, are absent. */
  async accounts(addresses: readonly string[]): Promise<Map<string, KnownAccount>> {
    return knownAccounts(await this.accountRows(addresses));
  }

  /** All accounts on record at these addresses, of any role; unknown ones are absent. */
  async onRecord(addresses: readonly string[]): Promise<Map<string, Freezable>> {
    const merchants = await this.merchants(addresses);
    const rows = await this.accountRows(addresses);
    const frozen = new Map(
      rows.map(({ id, frozenUntil, frozenByOne }): [string, FreezeState] => [
        toHex(id),
        { frozenUntil: Number(frozenUntil), frozenByOne },
      ]),
    );
    const none: FreezeState = { frozenUntil: 0, frozenByOne: false };
    return new Map(
      [...merchants, ...knownAccounts(rows)].map(([id, one]) => [
        id,
        { ...one, ...(frozen.get(id) ?? none) },
      ]),
    );
  }

  /** The newest version of each; that of a merchant has no authority and says whether it is frozen. */
  private accountRows(addresses: readonly string[]): Promise<AccountRow[]> {
    return this.db.query<AccountRow>(
      `SELECT DISTINCT ON (account) account AS id, home, tier, frozen_until AS "frozenUntil",
              frozen_by_one AS "frozenByOne", company, authority, keyless FROM chain.account_version
        WHERE account = ANY($1::bytea[]) ORDER BY account, block_number DESC, log_index DESC`,
      [addresses.map(toBytes)],
    );
  }

  /** Won that merchants have not redeemed, by `merchant series`; those without a balance are absent. */
  async merchantBalances(merchants: readonly string[]): Promise<Map<string, bigint>> {
    const rows = await this.db.query<{ merchant: Buffer; series: number; balance: bigint }>(
      `SELECT merchant, series, balance + hop1 + hop2 + hop3 AS balance FROM chain.merchant_balance
        WHERE merchant = ANY($1::bytea[])`,
      [merchants.map(toBytes)],
    );
    return new Map(rows.map(({ merchant, series, balance }) => [`${toHex(merchant)} ${series}`, balance]));
  }

  /** Whether governors declared this reform of the codes. */
  async isDeclared(from: string, to: string): Promise<boolean> {
    const rows = await this.db.query('SELECT FROM chain.reform WHERE from_region = $1 AND to_region = $2', [
      from,
      to,
    ]);
    return rows.length > 0;
  }

  /** How often an owner objected to new keys of this account since its keys last changed. */
  async objections(account: string): Promise<number> {
    const [row] = await this.db.query<{ objections: number }>(
      `SELECT objections FROM chain.key_replacement WHERE account = $1
        ORDER BY block_number DESC, log_index DESC LIMIT 1`,
      [toBytes(account)],
    );
    return row?.objections ?? 0;
  }

  /** Entries of an executed act's list that the contract skipped, in their order. */
  async skipped(act: string): Promise<SkippedEntry[]> {
    const rows = await this.db.query<{ place: number; subject: Buffer; code: string; args: JsonObject }>(
      'SELECT place, subject, code, args FROM chain.skipped_entry WHERE act = $1 ORDER BY place',
      [toBytes(act)],
    );
    return rows.map(({ place, subject, code, args }) => ({
      index: place,
      subject: toHex(subject),
      code,
      args,
    }));
  }

  /** A settled redemption with its receipt; undefined when the chain has settled none with this id. */
  async returnable(redemption: string): Promise<Returnable | undefined> {
    const [batch] = await this.db.query<BatchRow>(BATCH_OF_REDEMPTION, [toBytes(redemption)]);
    if (batch === undefined) return undefined;
    const rows = await this.db.query<LeafRow>(LEAVES, [
      batch.fromBlock,
      batch.fromLog,
      batch.toBlock,
      batch.toLog,
    ]);
    const entries = rows.map(leafOf);
    const index = entries.findIndex(({ id }) => id === redemption);
    return {
      merchant: toHex(batch.merchant),
      series: batch.series,
      receipt: receiptOf(entries, index, batch.batch),
      returned: batch.returned,
    };
  }
}

type SeriesRow = {
  authority: string;
  valid_from: bigint;
  original_until: bigint;
  valid_until: bigint;
  expiring: boolean;
  closed: boolean;
  paused_until: bigint;
  pause_used: bigint;
  budget: bigint;
  approved: bigint;
  outstanding: bigint;
};

type AccountRow = {
  id: Buffer;
  home: string;
  tier: number;
  frozenUntil: bigint;
  frozenByOne: boolean;
  company: boolean;
  authority: string;
  keyless: boolean;
};

type BatchRow = {
  merchant: Buffer;
  series: number;
  returned: boolean;
  batch: bigint;
  fromBlock: bigint;
  fromLog: number;
  toBlock: bigint;
  toLog: number;
};

/** A redemption's batch is the next one by position; its leaves are what was settled since the one before. */
const BATCH_OF_REDEMPTION = `
  SELECT r.merchant, r.series, EXISTS (SELECT FROM chain.redemption_return x WHERE x.id = r.id) AS returned,
         b.batch, coalesce(a.block_number, 0) AS "fromBlock", coalesce(a.log_index, -1) AS "fromLog",
         b.block_number AS "toBlock", b.log_index AS "toLog"
    FROM chain.redemption r
    JOIN LATERAL (SELECT * FROM chain.receipt_batch n
                   WHERE (n.block_number, n.log_index) > (r.block_number, r.log_index)
                   ORDER BY n.block_number, n.log_index LIMIT 1) b ON true
    LEFT JOIN chain.receipt_batch a ON a.batch = b.batch - 1
   WHERE r.id = $1`;

const LEAVES = `
  SELECT l.id, l.subject, l.other, l.series, l.amount, b.timestamp
    FROM (SELECT id, payer AS subject, merchant AS other, series, amount, block_number, log_index FROM chain.payment
           WHERE (block_number, log_index) > ($1, $2) AND (block_number, log_index) < ($3, $4)
          UNION ALL
          SELECT id, merchant, NULL, series, amount, block_number, log_index FROM chain.redemption
           WHERE (block_number, log_index) > ($1, $2) AND (block_number, log_index) < ($3, $4)) l
    JOIN chain.block b ON b.number = l.block_number
   ORDER BY l.block_number, l.log_index`;

function knownAccounts(rows: readonly AccountRow[]): Map<string, KnownAccount> {
  return new Map(
    rows
      .filter(({ authority }) => authority !== '')
      .map(({ id, tier, ...row }) => [
        toHex(id),
        { ...row, tier: isAccountTier(tier) ? tier : 0, frozenUntil: Number(row.frozenUntil) },
      ]),
  );
}

function leafOf({ id, subject, other, series, amount, timestamp }: LeafRow): ReceiptEntry {
  return {
    id: toHex(id),
    subject: toHex(subject),
    other: other === null ? ACCOUNT_ZERO : toHex(other),
    series,
    amount,
    day: koreanDayIndex(Number(timestamp)),
  };
}
