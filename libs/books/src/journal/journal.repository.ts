import { FUNDERS, type FundingSplit } from '#domain';
import type { Queryable } from '#persistence';
import { POSTING_RULES } from './chart.js';
import type { Entry, SeriesBooks } from './entries.js';

const RULES = POSTING_RULES.map((rule, line) => {
  const { kind, account, own, funders } = rule;
  return `('${kind}'::books.entry_kind, ${line}::smallint, '${account}'::books.account, ${own}, ${funders})`;
}).join(', ');

/** Debit and credit by funder of postings, told by a condition on `p`. */
const SUMS = `
  SELECT p.series, p.account, f.funder, sum(greatest(f.amount, 0))::bigint AS debit,
         sum(greatest(-f.amount, 0))::bigint AS credit
    FROM books.posting p
    CROSS JOIN LATERAL (VALUES ('resident'::books.funder, p.resident), ('state', p.state),
                               ('province', p.province), ('city', p.city)) AS f (funder, amount)
   WHERE f.amount <> 0`;

type BooksRow = { series: number; funding: number[]; issue: bigint; payment: bigint; redemption: bigint };

/** Funding and running totals of series, as they stand. */
export async function readSeriesBooks(
  tx: Queryable,
  series: ReadonlySet<number>,
): Promise<Map<number, SeriesBooks>> {
  const rows = await tx.query<BooksRow>(
    `SELECT s.id AS series, s.funding,
            coalesce(sum(b.credit) FILTER (WHERE b.account = 'vouchers_held'), 0)::bigint AS issue,
            coalesce(sum(b.debit) FILTER (WHERE b.account = 'vouchers_held'), 0)::bigint AS payment,
            coalesce(sum(b.debit) FILTER (WHERE b.account = 'vouchers_taken'), 0)::bigint AS redemption
       FROM chain.series s LEFT JOIN books.balance b ON b.series = s.id
      WHERE s.id = ANY ($1::integer[]) GROUP BY s.id`,
    [[...series]],
  );
  return new Map(
    rows.map(({ series: id, funding, issue, payment, redemption }) => [
      id,
      { split: splitOf(funding), totals: { issue, payment, redemption } },
    ]),
  );
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
     SELECT block_number, log_index, kind, series, date '1970-01-01' + ((time + 32400) / 86400)::integer, amount
       FROM unnest($1::bigint[], $2::integer[], $3::books.entry_kind[], $4::integer[], $5::bigint[], $6::bigint[])
         AS t (block_number, log_index, kind, series, time, amount)`,
    [...positions, list(entries.map((entry) => entry.timestamp)), list(entries.map((entry) => entry.amount))],
  );
  await tx.query(
    `INSERT INTO books.posting (block_number, log_index, line, series, account, resident, state, province, city)
     SELECT t.block_number, t.log_index, r.line, t.series, r.account, r.own * t.resident, r.funders * t.state,
            r.funders * t.province, r.funders * t.city
       FROM unnest($1::bigint[], $2::integer[], $3::books.entry_kind[], $4::integer[], $5::bigint[], $6::bigint[],
                   $7::bigint[], $8::bigint[])
         AS t (block_number, log_index, kind, series, resident, state, province, city)
       JOIN (VALUES ${RULES}) AS r (kind, line, account, own, funders) ON r.kind = t.kind
      WHERE r.own * t.resident <> 0 OR r.funders * t.state <> 0 OR r.funders * t.province <> 0
         OR r.funders * t.city <> 0`,
    [...positions, ...FUNDERS.map((funder) => list(entries.map((entry) => entry.parts[funder])))],
  );
  await addToBalances(tx, entries);
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
  await tx.query('DELETE FROM books.posting WHERE block_number > $1', [ancestor]);
  await tx.query('DELETE FROM books.entry WHERE block_number > $1', [ancestor]);
}

export async function unpostAll(tx: Queryable): Promise<void> {
  await tx.query('TRUNCATE books.posting, books.entry, books.balance');
}
