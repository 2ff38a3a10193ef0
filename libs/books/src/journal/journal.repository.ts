import { FUNDERS, type Funder, type FundingSplit } from '#domain';
import { koreanDate, type Queryable } from '#persistence';
import type { Account, EntryKind } from './chart.js';
import type { Entry } from './entries.js';
import { SeriesBooks } from './series-books.js';

/** Debit and credit by funder of postings, chosen by a condition on `p`. */
const SUMS = `
  SELECT p.series, p.account, f.funder, sum(greatest(f.amount, 0))::bigint AS debit,
         sum(greatest(-f.amount, 0))::bigint AS credit
    FROM books.posting p
    CROSS JOIN LATERAL (VALUES ('resident'::books.funder, p.resident), ('state', p.state),
                               ('province', p.province), ('city', p.city)) AS f (funder, amount)
   WHERE f.amount <> 0`;

type BalanceRow = { series: number; account: Account; funder: Funder; balance: bigint };
type TotalRow = { series: number; kind: EntryKind; amount: bigint };

/** The books of series, as they stand. */
export async function readSeriesBooks(
  tx: Queryable,
  series: ReadonlySet<number>,
): Promise<Map<number, SeriesBooks>> {
  const ids = [[...series]];
  const funded = await tx.query<{ id: number; funding: number[] }>(
    'SELECT id, funding FROM chain.series WHERE id = ANY ($1::integer[])',
    ids,
  );
  const books = new Map(funded.map(({ id, funding }) => [id, new SeriesBooks(splitOf(funding))]));
  const balances = await tx.query<BalanceRow>(
    `SELECT series, account, funder, abs(credit - debit)::bigint AS balance FROM books.balance
      WHERE series = ANY ($1::integer[])`,
    ids,
  );
  for (const { series: id, account, funder, balance } of balances) {
    const known = books.get(id);
    known?.setBalance(account, { ...known.held(account), [funder]: balance });
  }
  const totals = await tx.query<TotalRow>(
    'SELECT series, kind, amount FROM books.kind_total WHERE series = ANY ($1::integer[])',
    ids,
  );
  for (const { series: id, kind, amount } of totals) books.get(id)?.addTotal(kind, amount);
  return books;
}

function splitOf([resident = 0, state = 0, province = 0, city = 0]: readonly number[]): FundingSplit {
  return { resident, state, province, city };
}

/** Digits alone, so that Postgres' own text of an array needs no escaping. */
const list = (values: readonly (number | bigint | string)[]): string => `{${values.join(',')}}`;

/** Adds entries with their postings, and the sums. */
export async function postEntries(tx: Queryable, entries: readonly Entry[]): Promise<void> {
  const positions = [
    list(entries.map((entry) => entry.blockNumber)),
    list(entries.map((entry) => entry.logIndex)),
    list(entries.map((entry) => entry.kind)),
    list(entries.map((entry) => entry.series)),
  ];
  await tx.query(
    `INSERT INTO books.entry (block_number, log_index, kind, series, day, amount)
     SELECT block_number, log_index, kind, series, ${koreanDate('time')}, amount
       FROM unnest($1::bigint[], $2::integer[], $3::books.entry_kind[], $4::integer[], $5::bigint[], $6::bigint[])
         AS t (block_number, log_index, kind, series, time, amount)`,
    [...positions, list(entries.map((entry) => entry.timestamp)), list(entries.map((entry) => entry.amount))],
  );
  await insertPostings(tx, entries);
  await addToBalances(tx, entries);
  await addToTotals(tx, entries);
}

async function insertPostings(tx: Queryable, entries: readonly Entry[]): Promise<void> {
  const rows = entries.flatMap(({ blockNumber, logIndex, series, postings }) =>
    postings.map((posting) => ({ blockNumber, logIndex, series, ...posting })),
  );
  await tx.query(
    `INSERT INTO books.posting (block_number, log_index, line, series, account, resident, state, province, city)
     SELECT * FROM unnest($1::bigint[], $2::integer[], $3::smallint[], $4::integer[], $5::books.account[],
                          $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])`,
    [
      list(rows.map((row) => row.blockNumber)),
      list(rows.map((row) => row.logIndex)),
      list(rows.map((row) => row.line)),
      list(rows.map((row) => row.series)),
      list(rows.map((row) => row.account)),
      ...FUNDERS.map((funder) => list(rows.map((row) => row.parts[funder]))),
    ],
  );
}

async function addToBalances(tx: Queryable, entries: readonly Entry[]): Promise<void> {
  const from = entries[0]?.blockNumber;
  const to = entries.at(-1)?.blockNumber;
  await tx.query(
    `INSERT INTO books.balance AS b (series, account, funder, debit, credit)
     SELECT m.series, m.account, m.funder, coalesce(o.debit, 0) + m.debit, coalesce(o.credit, 0) + m.credit
       FROM (${SUMS} AND p.block_number BETWEEN $1 AND $2 GROUP BY 1, 2, 3) m
       LEFT JOIN books.balance o USING (series, account, funder)
     ON CONFLICT (series, account, funder) DO UPDATE SET debit = excluded.debit, credit = excluded.credit`,
    [from, to],
  );
}

async function addToTotals(tx: Queryable, entries: readonly Entry[]): Promise<void> {
  await tx.query(
    `INSERT INTO books.kind_total AS t (series, kind, amount)
     SELECT series, kind, sum(amount)::bigint FROM books.entry WHERE block_number BETWEEN $1 AND $2 GROUP BY 1, 2
     ON CONFLICT (series, kind) DO UPDATE SET amount = t.amount + excluded.amount`,
    [entries[0]?.blockNumber, entries.at(-1)?.blockNumber],
  );
}

/** Takes back what was posted for blocks above `ancestor`. */
export async function unpost(tx: Queryable, ancestor: bigint): Promise<void> {
  await tx.query(
    `UPDATE books.balance b SET debit = b.debit - m.debit, credit = b.credit - m.credit
       FROM (${SUMS} AND p.block_number > $1 GROUP BY 1, 2, 3) m
      WHERE (b.series, b.account, b.funder) = (m.series, m.account, m.funder)`,
    [ancestor],
  );
  // A rebuild would not have these rows.
  await tx.query('DELETE FROM books.balance WHERE debit = 0 AND credit = 0');
  await takeBackTotals(tx, ancestor);
  await tx.query('DELETE FROM books.posting WHERE block_number > $1', [ancestor]);
  await tx.query('DELETE FROM books.entry WHERE block_number > $1', [ancestor]);
}

/** A total that comes to nothing goes first: no row says zero. */
async function takeBackTotals(tx: Queryable, ancestor: bigint): Promise<void> {
  const lost = `SELECT series, kind, sum(amount) AS amount FROM books.entry WHERE block_number > $1 GROUP BY 1, 2`;
  await tx.query(
    `DELETE FROM books.kind_total t USING (${lost}) m
      WHERE (t.series, t.kind) = (m.series, m.kind) AND t.amount = m.amount`,
    [ancestor],
  );
  await tx.query(
    `UPDATE books.kind_total t SET amount = t.amount - m.amount FROM (${lost}) m
      WHERE (t.series, t.kind) = (m.series, m.kind) AND t.amount > m.amount`,
    [ancestor],
  );
}

export async function unpostAll(tx: Queryable): Promise<void> {
  await tx.query('TRUNCATE books.posting, books.entry, books.balance, books.kind_total');
}
