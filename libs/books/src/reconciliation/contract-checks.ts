import { packRegion } from '#domain';
import { koreanDate, type Queryable, toHex } from '#persistence';

/** One question to the contract, and the answer that the tables have. */
export interface Probe {
  readonly check: string;
  /** Which contract is asked; default Vouchers. */
  readonly target?: 'authorities';
  readonly key: string;
  readonly view: string;
  readonly args: readonly (string | number | bigint)[];
  /** By the contract's field names; `value` for views that return a single value. */
  readonly stored: Readonly<Record<string, string>>;
}

type Row = Record<string, unknown>;

interface Question<T extends Row> {
  readonly check: string;
  /** In key order, so that a report is stable. */
  readonly sql: string;
  readonly probe: (row: T) => Omit<Probe, 'check'>;
}

/** Reads the probes of one table piece by piece. */
export interface ContractCheck {
  readonly check: string;
  /** @param sampleRows so many rows by chance; without it all of them in key order */
  probes(tx: Queryable, sampleRows?: number): AsyncGenerator<Probe[]>;
}

const ROWS_AT_ONCE = 2_000;

/** A check that asks the contract about each row of a statement. */
export function contractCheck<T extends Row>({ check, sql, probe }: Question<T>): ContractCheck {
  return {
    check,
    async *probes(tx, sampleRows) {
      const rowsToProbe =
        sampleRows === undefined ? sql : `SELECT * FROM (${sql}) every ORDER BY random() LIMIT ${sampleRows}`;
      await tx.query(`DECLARE rows_to_probe NO SCROLL CURSOR FOR ${rowsToProbe}`);
      for (;;) {
        const rows = await tx.query<T>(`FETCH FORWARD ${ROWS_AT_ONCE} FROM rows_to_probe`);
        if (rows.length > 0) yield rows.map((row) => ({ check, ...probe(row) }));
        if (rows.length < ROWS_AT_ONCE) break;
      }
      await tx.query('CLOSE rows_to_probe');
    },
  };
}

type HoldingRow = {
  series: number;
  account: Buffer;
  balance: bigint;
  received: bigint;
  top: bigint;
  window_bits: bigint;
  day: number;
  spent_today: bigint;
  received_day: number;
};
type MerchantBalanceRow = {
  series: number;
  merchant: Buffer;
  balance: bigint;
  hop1: bigint;
  hop2: bigint;
  hop3: bigint;
  top: bigint;
  window_bits: bigint;
};
type SeriesRow = {
  id: number;
  budget: bigint;
  valid_until: bigint;
  paused_until: bigint;
  pause_used: bigint;
  expiring: boolean;
  closed: boolean;
  approved: bigint;
  issued: bigint;
  redeemed: bigint;
  refunded: bigint;
  expired: bigint;
};
type PurchaseRow = { authority: string; account: Buffer; in_month: string; in_year: string; gifts: string };
type OrderRow = {
  id: bigint;
  series: number;
  approved_by: string;
  remaining: bigint;
  closed: boolean;
  root: Buffer | null;
  quota_key: Buffer | null;
  per_day: string | null;
};

const NEWEST_SERIES = `
  SELECT s.id, v.budget, v.valid_until, v.paused_until, v.pause_used, v.expiring, v.closed, t.approved, t.issued,
         (t.redeemed - t.returned)::bigint AS redeemed, t.refunded, t.expired
    FROM chain.series s JOIN chain.series_total t ON t.series = s.id
    CROSS JOIN LATERAL (SELECT budget, valid_until, paused_until, pause_used, expiring, closed FROM chain.series_version v
                         WHERE v.series = s.id ORDER BY block_number DESC, log_index DESC LIMIT 1) v
   ORDER BY s.id`;

/** What is left of each delegation: as said last, less what its authority approved since, plus what of that was closed. */
const DELEGATIONS = `
  SELECT d.series, d.delegate,
         d.amount_left - coalesce((
           SELECT sum(o.total) FROM chain.issue_order o
            WHERE (o.series, o.approved_by) = (d.series, d.delegate)
              AND (o.block_number, o.log_index) > (d.block_number, d.log_index)), 0)
         + coalesce((
           SELECT sum(c.unissued) FROM chain.issue_order_closed c JOIN chain.issue_order o ON o.id = c.issue_order
            WHERE (o.series, o.approved_by) = (d.series, d.delegate)
              AND (o.block_number, o.log_index) > (d.block_number, d.log_index)), 0) AS amount_left
    FROM (SELECT DISTINCT ON (series, delegate) * FROM chain.budget_delegation
           ORDER BY series, delegate, block_number DESC, log_index DESC) d
   ORDER BY d.series, d.delegate`;

const ORDERS = `
  SELECT o.id, o.series, o.approved_by, o.root, o.quota_key, o.per_day, c.issue_order IS NOT NULL AS closed,
         CASE WHEN c.issue_order IS NOT NULL THEN 0
              ELSE o.total - coalesce((SELECT sum(i.amount) FROM chain.issued i WHERE i.issue_order = o.id), 0)
         END::bigint AS remaining
    FROM chain.issue_order o LEFT JOIN chain.issue_order_closed c ON c.issue_order = o.id ORDER BY o.id`;

/** Of the Korean month and year in which the newest block is. The contract's counters stop at 48 bits. */
const PURCHASES = `
  SELECT p.authority, p.account, least(sum(p.bought), 281474976710655) AS in_year,
         least(coalesce(sum(p.bought) FILTER (WHERE p.month = now.month), 0), 281474976710655) AS in_month,
         coalesce(sum(p.gifts) FILTER (WHERE p.month = now.month), 0) AS gifts
    FROM chain.purchase_month p
    CROSS JOIN (SELECT date_trunc('month', ${koreanDate('b.timestamp')})::date AS month
                  FROM chain.cursor c JOIN chain.block b ON b.number = c.block_number) now
   WHERE date_trunc('year', p.month) = date_trunc('year', now.month)
   GROUP BY 1, 2 ORDER BY p.account, p.authority`;

export const NOTHING = `0x${'00'.repeat(32)}`;
const hashOf = (bytes: Buffer | null): string => (bytes === null ? NOTHING : toHex(bytes));

/** Every row of running state but that of accounts against the contract's own. */
export const CONTRACT_CHECKS: readonly ContractCheck[] = [
  contractCheck<{ series: bigint; orders: bigint }>({
    check: 'number of series',
    sql: 'SELECT count(*) AS series FROM chain.series',
    probe: (row) => ({ key: 'all', view: 'seriesCount', args: [], stored: { value: String(row.series) } }),
  }),
  contractCheck<{ orders: bigint }>({
    check: 'number of issue orders',
    sql: 'SELECT count(*) AS orders FROM chain.issue_order',
    probe: (row) => ({
      key: 'all',
      view: 'issueOrderCount',
      args: [],
      stored: { value: String(row.orders) },
    }),
  }),
  contractCheck<SeriesRow>({
    check: 'supply of a series',
    sql: NEWEST_SERIES,
    probe: ({ id, budget, approved, issued, redeemed, refunded, expired }) => ({
      key: `series ${id}`,
      view: 'supply',
      args: [id],
      stored: texts({ budget, approved, issued, redeemed, refunded, expired }),
    }),
  }),
  contractCheck<SeriesRow>({
    check: 'state of a series',
    sql: NEWEST_SERIES,
    probe: ({ id, expiring, closed, ...row }) => ({
      key: `series ${id}`,
      view: 'seriesState',
      args: [id],
      stored: texts({
        validUntil: row.valid_until,
        pausedUntil: row.paused_until,
        pauseUsed: row.pause_used,
        expiring,
        closed,
      }),
    }),
  }),
  contractCheck<{ series: number; delegate: string; amount_left: string }>({
    check: 'delegated budget',
    sql: DELEGATIONS,
    probe: ({ series, delegate, amount_left: left }) => ({
      key: `series ${series}, authority ${delegate}`,
      view: 'delegatedBudget',
      args: [series, packRegion(delegate)],
      stored: { value: left },
    }),
  }),
  contractCheck<OrderRow>({
    check: 'issue order',
    sql: ORDERS,
    probe: ({ id, series, approved_by: by, remaining, closed, root, quota_key: key, per_day: perDay }) => ({
      key: `issue order ${id}`,
      view: 'issueOrder',
      args: [id],
      stored: {
        ...texts({ series, by: packRegion(by), remaining, closed }),
        root: hashOf(root),
        key: hashOf(key),
        perDay: perDay ?? '0',
      },
    }),
  }),
  contractCheck<HoldingRow>({
    check: 'holding',
    sql: 'SELECT * FROM chain.holding ORDER BY account, series',
    probe: ({
      series,
      account,
      balance,
      received,
      top,
      window_bits: bits,
      day,
      spent_today: spentToday,
      received_day: receivedDay,
    }) => ({
      key: `series ${series}, account ${toHex(account)}`,
      view: 'holding',
      args: [series, toHex(account)],
      stored: texts({
        balance,
        received,
        top,
        window: BigInt.asUintN(64, bits),
        day,
        spentToday,
        receivedDay,
      }),
    }),
  }),
  contractCheck<MerchantBalanceRow>({
    check: 'merchant balances',
    sql: 'SELECT * FROM chain.merchant_balance ORDER BY merchant, series',
    probe: ({ series, merchant, balance, hop1, hop2, hop3, top, window_bits: bits }) => ({
      key: `series ${series}, merchant ${toHex(merchant)}`,
      view: 'merchantBalance',
      args: [series, toHex(merchant)],
      stored: {
        ...texts({ balance, top, window: BigInt.asUintN(64, bits) }),
        byHop: [hop1, hop2, hop3].join(),
      },
    }),
  }),
  contractCheck<PurchaseRow>({
    check: 'purchases',
    sql: PURCHASES,
    probe: ({ authority, account, in_month: inMonth, in_year: inYear, gifts: giftsInMonth }) => ({
      key: `authority ${authority}, account ${toHex(account)}`,
      view: 'purchases',
      args: [packRegion(authority), toHex(account)],
      stored: { inMonth, inYear, giftsInMonth },
    }),
  }),
  contractCheck<{ batches: bigint }>({
    check: 'number of receipt batches',
    sql: 'SELECT count(*) AS batches FROM chain.receipt_batch',
    probe: (row) => ({
      key: 'all',
      view: 'receiptCount',
      args: [],
      stored: { value: String(row.batches) },
    }),
  }),
];

/** Values as the contract's answers are compared. */
export function texts(values: Readonly<Record<string, bigint | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
