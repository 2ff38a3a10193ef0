import { IndexedBatch } from '#indexer';
import { ledgerProjectors } from '#ledger';
import { ReportDatabase } from '#persistence';
import { createMigratedDatabase, type MigratedDatabase } from '../../../test/support/database.js';
import type { ReportFilter } from './report-filter.js';
import { ReportRowsRepository } from './report-rows.repository.js';
import { ReportsRepository } from './reports.repository.js';

/** 2026-01-01 00:00 in Korea. */
const START = 1_767_193_200;
const DAY_SECONDS = 86_400;
const GYEONGJU = '47130';
const POHANG = '4711';
/** More merchants than fit into one part of the bits. */
const MANY = 5_000;
const PROJECTORS = ['payments', 'refused payments', 'daily total', 'merchant days'];

/** As if a range had every kind of event: the rows are there already. */
class Range extends IndexedBatch {
  override has(): boolean {
    return true;
  }
}

describe('the rollups of reports', () => {
  const projectors = ledgerProjectors().filter(({ name }) => PROJECTORS.includes(name));
  const rows = new ReportRowsRepository();
  let database: MigratedDatabase;
  let reports: ReportsRepository;

  beforeAll(async () => {
    database = await createMigratedDatabase();
    reports = new ReportsRepository(new ReportDatabase(database.db));
    await database.db.query(
      `INSERT INTO chain.series SELECT s, '47', 0, 9999999999, 0, 0, 60, 7, 0, '{0,0,0}', 0, 0, 0, 0, '{9000,300,200,500}',
              sha256('terms'), '{1}', 1, s FROM generate_series(1, 2) AS s`,
    );
    // Blocks 1 to 4 are days 1 to 4 of January, block 5 is in February.
    await database.db.query(
      `INSERT INTO chain.block SELECT b, sha256(int8send(b)), sha256(int8send(b - 1)),
              ${START} + ${DAY_SECONDS} * (CASE b WHEN 5 THEN 40 ELSE b - 1 END) FROM generate_series(1::bigint, 5) AS b`,
    );
    await paid(1, 1, `generate_series(1, ${MANY})`, GYEONGJU);
    await paid(2, 1, '(VALUES (1), (2)) v', GYEONGJU);
    // Merchant 1 has moved.
    await paid(3, 1, '(VALUES (1), (3)) v', POHANG);
    await paid(3, 2, '(VALUES (1)) v', POHANG);
    await paid(5, 2, '(VALUES (4)) v', GYEONGJU);
    await apply(1n, 4n);
    await apply(5n, 5n);
  });
  afterAll(() => database.drop());

  /** One payment to each of the merchants (numbers) in a block. */
  async function paid(block: number, series: number, merchants: string, region: string): Promise<void> {
    await database.db.query(
      `INSERT INTO chain.payment
       SELECT sha256(convert_to($1::text || ' ' || $2::text || ' ' || m.no, 'UTF8')), $2::integer, 0,
              decode(repeat('ff', 20), 'hex'), substr(sha256(int4send(m.no)), 1, 20), 100, $1::bigint * 10000 + m.no,
              sha256('order'), $3, 1, false, sha256('tx'), $1::bigint, $2::integer * 10000 + m.no
         FROM ${merchants.startsWith('gen') ? `${merchants} AS m (no)` : `(SELECT * FROM ${merchants}) AS m (no)`}`,
      [block, series, region],
    );
  }

  async function apply(from: bigint, to: bigint): Promise<void> {
    const edge = (number: bigint) => ({ number, hash: '', parentHash: '', timestamp: 0, txHashes: [] });
    await database.db.transaction(async (tx) => {
      for (const { apply: add } of projectors) await add(tx, new Range([edge(from), edge(to)], []));
    });
  }

  async function rollback(ancestor: bigint): Promise<void> {
    await database.db.transaction(async (tx) => {
      for (const projector of projectors.toReversed()) await projector.rollback(tx, ancestor);
      await tx.query('DELETE FROM chain.block WHERE number > $1', [ancestor]);
    });
  }

  const merchants = (group: 'series' | 'day', filter: ReportFilter) =>
    reports.read(async (tx) => Object.fromEntries(await reports.paidMerchants(tx, group, filter)));
  const listed = (filter: ReportFilter) =>
    reports.read(async (tx) => (await rows.paidMerchants(tx, filter, undefined, MANY + 1)).length);

  it('count a merchant once, however many places and days it was at', async () => {
    expect(await merchants('series', {})).toEqual({ 1: BigInt(MANY), 2: 2n });
    expect(await listed({ series: 1 })).toBe(MANY);
    expect(await merchants('day', { to: '2026-01-31' })).toEqual({
      '2026-01-01': BigInt(MANY),
      '2026-01-02': 2n,
      '2026-01-03': 2n,
    });
  });

  it('count it at the place where it took the payment', async () => {
    expect(await merchants('series', { region: POHANG })).toEqual({ 1: 2n, 2: 1n });
    expect(await merchants('series', { region: GYEONGJU, from: '2026-01-03' })).toEqual({ 1: 0n, 2: 1n });
    expect(await listed({ region: POHANG })).toBe(2);
    expect(await listed({ region: '47', rest: true })).toBe(0);
  });

  it('give the same sums by months and by days', async () => {
    const sums = (filter: ReportFilter) =>
      reports.read(async (tx) => {
        const amount = (list: readonly { amount: bigint }[]) =>
          list.reduce((sum, row) => sum + row.amount, 0n);
        return [
          amount(await reports.figures(tx, 'series', filter)),
          amount(await reports.figures(tx, 'region', filter)),
          amount(await reports.figures(tx, 'category', filter)),
          amount(await reports.figures(tx, 'authority', { ...filter, category: 'cafe' })),
          amount(await reports.figures(tx, 'day', filter)),
          amount(await reports.figures(tx, 'day', { ...filter, category: 'cafe' })),
        ];
      });
    expect(await sums({})).toEqual(Array(6).fill(BigInt(MANY + 6) * 100n));
    expect(await sums({ from: '2026-01-02' })).toEqual(Array(6).fill(600n));
    expect(await sums({ from: '2026-01-02', to: '2026-01-31', region: POHANG })).toEqual(Array(6).fill(300n));
  });

  it('are read without any right to write, and for a limited time', async () => {
    const write = reports.read((tx) => tx.query('DELETE FROM chain.daily_total'));
    await expect(write).rejects.toThrow();
    expect(await database.db.query('SELECT FROM chain.daily_total')).not.toEqual([]);
    const slow = reports.read(async (tx) => {
      const [row] = await tx.query<{ longest: string }>(
        `SELECT current_setting('statement_timeout') AS longest`,
      );
      expect(row?.longest).toBe('10s');
      await tx.query('SET LOCAL statement_timeout = 50');
      await tx.query('SELECT pg_sleep(5)');
    });
    await expect(slow).rejects.toThrow('unavailable');
  });

  it('forget the rows of a reorg, also of a day that stays in part', async () => {
    await database.db.query(
      `INSERT INTO chain.block VALUES (6, sha256('6'), sha256('5'), ${START + 40 * DAY_SECONDS + 60})`,
    );
    await paid(6, 2, '(VALUES (5), (7)) v', POHANG);
    await apply(6n, 6n);
    expect(await merchants('day', { from: '2026-02-01' })).toEqual({ '2026-02-10': 3n });
    await rollback(5n);
    expect(await merchants('day', { from: '2026-02-01' })).toEqual({ '2026-02-10': 1n });
    await rollback(4n);
    expect(await merchants('day', { from: '2026-02-01' })).toEqual({});
    expect(await listed({})).toBe(MANY);
  });
});
