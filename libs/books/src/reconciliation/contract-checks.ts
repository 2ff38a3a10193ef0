import { packRegion } from '#domain';
import { type Queryable, toHex } from '#persistence';

/** One question to the contract, and the answer that the tables have. */
export interface Probe {
  readonly check: string;
  readonly key: string;
  readonly view: string;
  readonly args: readonly (string | number)[];
  /** By the contract's field names; `value` for views that return a single number. */
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

function contractCheck<T extends Row>({ check, sql, probe }: Question<T>): ContractCheck {
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
};
type TakingRow = {
  series: number;
  merchant: Buffer;
  balance: bigint;
  earned: bigint;
  top: bigint;
  window_bits: bigint;
};
type SeriesRow = {
  id: number;
  budget: bigint;
  paused_until: bigint;
  approved: bigint;
  issued: bigint;
  redeemed: bigint;
};
type MerchantRow = { merchant: Buffer; region: string; category: number; size: number; status: number };
type AccountRow = { account: Buffer; home: string; tier: number; frozen: boolean };

const NEWEST_SERIES = `
  SELECT s.id, v.budget, v.paused_until, t.approved, t.issued, t.redeemed
    FROM chain.series s JOIN chain.series_total t ON t.series = s.id
    CROSS JOIN LATERAL (SELECT budget, paused_until FROM chain.series_version v WHERE v.series = s.id
                         ORDER BY block_number DESC, log_index DESC LIMIT 1) v
   ORDER BY s.id`;

/** Every row of running state against the contract's own. */
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
    probe: ({ id, budget, approved, issued, redeemed }) => ({
      key: `series ${id}`,
      view: 'supply',
      args: [id],
      stored: texts({ budget, approved, issued, redeemed }),
    }),
  }),
  contractCheck<SeriesRow>({
    check: 'pause of a series',
    sql: NEWEST_SERIES,
    probe: (row) => ({
      key: `series ${row.id}`,
      view: 'pausedUntil',
      args: [row.id],
      stored: { value: String(row.paused_until) },
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
    }) => ({
      key: `series ${series}, account ${toHex(account)}`,
      view: 'holding',
      args: [series, toHex(account)],
      stored: texts({ balance, received, top, window: BigInt.asUintN(64, bits), day, spentToday }),
    }),
  }),
  contractCheck<TakingRow>({
    check: 'takings',
    sql: 'SELECT * FROM chain.taking ORDER BY merchant, series',
    probe: ({ series, merchant, balance, earned, top, window_bits: bits }) => ({
      key: `series ${series}, merchant ${toHex(merchant)}`,
      view: 'takings',
      args: [series, toHex(merchant)],
      stored: texts({ balance, earned, top, window: BigInt.asUintN(64, bits) }),
    }),
  }),
  contractCheck<MerchantRow>({
    check: 'merchant',
    sql: `SELECT DISTINCT ON (merchant) * FROM chain.merchant_version
           ORDER BY merchant, block_number DESC, log_index DESC`,
    probe: ({ merchant, region, category, size, status }) => ({
      key: `merchant ${toHex(merchant)}`,
      view: 'merchant',
      args: [toHex(merchant)],
      stored: texts({ region: packRegion(region), category, size, status }),
    }),
  }),
  contractCheck<AccountRow>({
    check: 'account',
    sql: `SELECT DISTINCT ON (account) * FROM chain.account_version
           ORDER BY account, block_number DESC, log_index DESC`,
    probe: ({ account, home, tier, frozen }) => ({
      key: `account ${toHex(account)}`,
      view: 'account',
      args: [toHex(account)],
      stored: texts({ home: packRegion(home), tier, frozen }),
    }),
  }),
];

function texts(values: Readonly<Record<string, bigint | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
