import { IndexedBatch, type IndexedBlock } from '#indexer';
import { ledgerProjectors } from '#ledger';
import { monthBounds, koreanMonthIndex } from '#domain';
import type { Database, Queryable } from '#persistence';
import { loadCountry, type Shape } from './country.js';
import { blocksOf, loadMonth, type MonthBlocks } from './month.js';
import { postMonth, sumUpBooks } from './books.js';

const MONTHS = 24;
const MERCHANTS = 5_000;
const PAYMENTS_PER_RESIDENT = 200;
/** Residents come in so many cities, the same number in each. */
const RESIDENTS_STEP = 40;
const RESIDENTS_MIN = 1_000;

/** Rollups that the indexer keeps in its transaction; here they get a month at once. */
const ROLLUPS = [
  'balances',
  'series totals',
  'purchases',
  'daily total',
  'merchant days',
  'refused payments',
];
/** Their random keys would be the larger part of the time; made again when all rows are there. */
const WITHOUT_INDEXES = ['chain.payment'];
/** The indexer's statements read ranges of blocks. */
const NEEDED_MEANWHILE = 'payment_block_number_log_index_key';

/** The last 24 whole Korean months; residents and merchants in proportion. */
export function shapeOf(payments: number, now: number): Shape {
  const end = koreanMonthIndex(now);
  const residents =
    Math.ceil(Math.max(RESIDENTS_MIN, payments / PAYMENTS_PER_RESIDENT) / RESIDENTS_STEP) * RESIDENTS_STEP;
  const months = Array.from({ length: MONTHS }, (_unused, index) => monthBounds(end - MONTHS + index));
  return { payments, residents, merchants: MERCHANTS, months };
}

/** Fills a migrated database. Rows come by SQL, rollups from the indexer's own projectors. */
export async function load(db: Database, shape: Shape, onMonth: (index: number) => void): Promise<void> {
  const rollups = ledgerProjectors().filter(({ name }) => ROLLUPS.includes(name));
  if (rollups.length !== ROLLUPS.length)
    throw new Error('a rollup has another name than this benchmark thinks');
  const indexes = await db.transaction(async (tx) => {
    await loadCountry(tx, shape);
    await tx.query('INSERT INTO chain.series_total (series) SELECT id FROM chain.series');
    // Posted in balance; 24 statements of a million rows each would prove it again.
    await tx.query('ALTER TABLE books.posting DISABLE TRIGGER USER');
    return dropIndexes(tx);
  });
  for (let index = 0; index < shape.months.length; index++) {
    await db.transaction(async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      await tx.query(`SET LOCAL work_mem = '256MB'`);
      const month = blocksOf(shape, index);
      await loadMonth(tx, shape, month);
      if (index === 0) await tx.query('ANALYZE chain.payment, chain.block, chain.issued');
      await postMonth(tx, month.first, month.last);
      const range = new LoadedRange(edgesOf(month), []);
      for (const { apply } of rollups) await apply(tx, range);
    });
    onMonth(index);
  }
  await db.transaction(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query(`SET LOCAL maintenance_work_mem = '1GB'`);
    await sumUpBooks(tx);
    for (const sql of indexes) await tx.query(sql);
    await tx.query('ALTER TABLE books.posting ENABLE TRIGGER USER');
    await tx.query(
      'INSERT INTO chain.cursor (block_number, block_hash) SELECT number, hash FROM chain.block ORDER BY number DESC LIMIT 1',
    );
    await tx.query('DROP SCHEMA bench CASCADE');
  });
}

/** Stands for a range with every kind of event: the projectors read its rows, which are there. */
class LoadedRange extends IndexedBatch {
  override has(): boolean {
    return true;
  }
}

/** The first and the last block of a month are all that a projector asks of a range. */
function edgesOf({ first, last }: MonthBlocks): IndexedBlock[] {
  return [first, last].map((number) => ({
    number: BigInt(number),
    hash: '',
    parentHash: '',
    timestamp: 0,
    txHashes: [],
  }));
}

/** @returns the statements that make them again */
async function dropIndexes(tx: Queryable): Promise<string[]> {
  const rows = await tx.query<{ drop: string; make: string }>(
    `SELECT CASE WHEN c.conname IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
                 ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname) END AS drop,
            CASE WHEN c.conname IS NULL THEN pg_get_indexdef(i.indexrelid)
                 ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname,
                             pg_get_constraintdef(c.oid)) END AS make
       FROM pg_index i
       JOIN pg_class x ON x.oid = i.indexrelid
       LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')
      WHERE i.indrelid = ANY ($1::text[]::regclass[]) AND x.relname <> $2`,
    [WITHOUT_INDEXES, NEEDED_MEANWHILE],
  );
  for (const { drop } of rows) await tx.query(drop);
  return rows.map(({ make }) => make);
}
