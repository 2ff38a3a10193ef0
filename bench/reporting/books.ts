import type { Queryable } from '#persistence';

/** By which the funding of every series of the benchmark is divided; amounts are whole hundreds of won, so it fits. */
const SHARES = { resident: 90, state: 3, province: 2, city: 5 } as const;

/** Which rows make entries, and the posting rules of their kind: number of the rule, account, side, own part or rest. */
const KINDS = [
  [
    'issue',
    'issued',
    [
      [0, 'bank_reserve', 1, 'own'],
      [1, 'funder_receivable', 1, 'rest'],
      [2, 'vouchers_held', -1, 'all'],
    ],
  ],
  [
    'payment',
    'payment',
    [
      [3, 'vouchers_held', 1, 'all'],
      [4, 'vouchers_taken', -1, 'all'],
    ],
  ],
  [
    'void',
    'void',
    [
      [5, 'vouchers_taken', 1, 'all'],
      [6, 'vouchers_held', -1, 'all'],
    ],
  ],
  [
    'redemption',
    'redemption',
    [
      [7, 'vouchers_taken', 1, 'all'],
      [8, 'merchants_payable', -1, 'all'],
    ],
  ],
  [
    'return',
    'redemption_return',
    [
      [9, 'merchants_payable', 1, 'all'],
      [10, 'vouchers_taken', -1, 'all'],
    ],
  ],
  [
    'refund',
    'refund',
    [
      [11, 'vouchers_held', 1, 'all'],
      [12, 'refunds_payable', -1, 'own'],
      [13, 'funders_payable', -1, 'rest'],
    ],
  ],
  [
    'expiry',
    'expired',
    [
      [14, 'vouchers_held', 1, 'all'],
      [15, 'funders_payable', -1, 'all'],
    ],
  ],
] as const;

/** Entries and postings of a range of blocks, in the order of the chain. */
export async function postMonth(tx: Queryable, first: number, last: number): Promise<void> {
  const moved = KINDS.map(
    ([kind, table]) => `
      SELECT block_number, log_index, '${kind}'::books.entry_kind AS kind, series, amount FROM chain.${table}
       WHERE block_number BETWEEN ${first} AND ${last}`,
  ).join(' UNION ALL ');
  await tx.query(
    `INSERT INTO books.entry (block_number, log_index, kind, series, day, amount)
     SELECT m.block_number, m.log_index, m.kind, m.series, date '1970-01-01' + ((b.timestamp + 32400) / 86400)::integer,
            m.amount
       FROM (${moved}) m JOIN chain.block b ON b.number = m.block_number ORDER BY 1, 2`,
  );
  const rules = KINDS.flatMap(([kind, , postings]) =>
    postings.map(([line, account, side, portion]) => {
      const own = portion !== 'rest' ? side * SHARES.resident : 0;
      const share = (funder: 'state' | 'province' | 'city') =>
        portion !== 'own' ? side * SHARES[funder] : 0;
      return `('${kind}'::books.entry_kind, ${line}, '${account}'::books.account, ${own}, ${share('state')}, ${share('province')}, ${share('city')})`;
    }),
  );
  await tx.query(
    `INSERT INTO books.posting (block_number, log_index, line, series, account, resident, state, province, city)
     SELECT e.block_number, e.log_index, r.line, e.series, r.account, e.amount / 100 * r.resident,
            e.amount / 100 * r.state, e.amount / 100 * r.province, e.amount / 100 * r.city
       FROM books.entry e
       JOIN (VALUES ${rules.join(', ')}) AS r (kind, line, account, resident, state, province, city) USING (kind)
      WHERE e.block_number BETWEEN ${first} AND ${last} ORDER BY 1, 2, 3`,
  );
}

/** Balances and totals by kind of everything that was posted. */
export async function sumUpBooks(tx: Queryable): Promise<void> {
  await tx.query(
    `INSERT INTO books.balance (series, account, funder, debit, credit)
     SELECT p.series, p.account, f.funder, p.debit[f.n], p.credit[f.n]
       FROM (SELECT series, account,
                    ARRAY[${sums('')}] AS debit, ARRAY[${sums('-')}] AS credit
               FROM books.posting GROUP BY 1, 2) p
       CROSS JOIN (VALUES ('resident'::books.funder, 1), ('state', 2), ('province', 3), ('city', 4)) AS f (funder, n)
      WHERE p.debit[f.n] + p.credit[f.n] > 0`,
  );
  await tx.query(
    `INSERT INTO books.kind_total (series, kind, amount)
     SELECT series, kind, sum(amount)::bigint FROM books.entry GROUP BY 1, 2`,
  );
}

function sums(sign: '' | '-'): string {
  return ['resident', 'state', 'province', 'city']
    .map((funder) => `sum(greatest(${sign}${funder}, 0))::bigint`)
    .join(', ');
}
