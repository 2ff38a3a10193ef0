/** A rule between tables: the statement returns the rows that break it, as key, expected, found. */
export interface TableCheck {
  readonly check: string;
  readonly sql: string;
}

/** `name` of each series: two figures that must be the same. */
function equalPerSeries(check: string, expected: string, found: string): TableCheck {
  return {
    check,
    sql: `SELECT 'series ' || s.id AS key, expected::text, found::text FROM chain.series s
           CROSS JOIN LATERAL (SELECT coalesce((${expected}), 0) AS expected, coalesce((${found}), 0) AS found) v
          WHERE expected <> found ORDER BY s.id`,
  };
}

const totalOf = (column: string): string => `SELECT ${column} FROM chain.series_total WHERE series = s.id`;
const rowsOf = (table: string): string => `SELECT sum(amount) FROM ${table} WHERE series = s.id`;
const balancesOf = (table: string): string => `SELECT sum(balance) FROM ${table} WHERE series = s.id`;
const creditOf = (account: string): string =>
  `SELECT sum(credit - debit) FROM books.balance WHERE series = s.id AND account = '${account}'`;

const VALUE_EVENTS = `
  SELECT block_number, log_index, 'issue'::books.entry_kind AS kind, series, amount FROM chain.issued
  UNION ALL SELECT block_number, log_index, 'payment', series, amount FROM chain.payment
  UNION ALL SELECT block_number, log_index, 'redemption', series, amount FROM chain.redemption`;

const POSTED = `
  SELECT p.series, p.account, f.funder, sum(greatest(f.amount, 0)) AS debit, sum(greatest(-f.amount, 0)) AS credit
    FROM books.posting p
    CROSS JOIN LATERAL (VALUES ('resident'::books.funder, p.resident), ('state', p.state),
                               ('province', p.province), ('city', p.city)) AS f (funder, amount)
   WHERE f.amount <> 0 GROUP BY 1, 2, 3`;

const DAY = `date '1970-01-01' + ((b.timestamp + 32400) / 86400)::integer`;
const COUNTED = `
  SELECT ${DAY} AS day, m.series, m.region, m.category, m.figure, m.code, count(*) AS count, sum(m.amount) AS amount
    FROM (SELECT block_number, series, '' AS region, -1 AS category, 'issued'::chain.daily_figure AS figure, 0 AS code,
                 amount FROM chain.issued
          UNION ALL SELECT block_number, series, region, category, 'paid', 0, amount FROM chain.payment
          UNION ALL SELECT block_number, series, region, category, 'redeemed', 0, amount FROM chain.redemption
          UNION ALL SELECT block_number, 0, '', -1, 'payment_refused', code, 0 FROM chain.payment_refused) m
    JOIN chain.block b ON b.number = m.block_number GROUP BY 1, 2, 3, 4, 5, 6`;

/** Submitted and not refused at the door: waiting in the outbox, or settled, or refused by the chain. */
function submittedAreDecided(what: 'payment' | 'redemption'): TableCheck {
  return {
    check: `every accepted ${what} waits or is decided`,
    sql: `SELECT '${what} 0x' || encode(a.id, 'hex') AS key, 'waiting, settled or refused' AS expected,
                 'lost' AS found
            FROM app.${what} a
           WHERE a.refusal_code IS NULL
             AND NOT EXISTS (SELECT FROM app.outbox o WHERE o.id = a.id
                              AND (o.decided_block IS NULL OR o.decided_block = -1))
             AND NOT EXISTS (SELECT FROM chain.${what} c WHERE c.id = a.id)
             AND NOT EXISTS (SELECT FROM chain.${what}_refused r WHERE r.id = a.id)
           ORDER BY a.id`,
  };
}

/** An outbox row says that it is decided exactly when the chain's copy knows the decision. */
function outboxAgrees(what: 'payment' | 'redemption'): TableCheck {
  const decided = `EXISTS (SELECT FROM chain.${what} c WHERE c.id = o.id)
                   OR EXISTS (SELECT FROM chain.${what}_refused r WHERE r.id = o.id)`;
  return {
    check: `the outbox knows which ${what}s are decided`,
    sql: `SELECT '${what} 0x' || encode(o.id, 'hex') AS key,
                 CASE WHEN ${decided} THEN 'decided' ELSE 'undecided' END AS expected,
                 coalesce('block ' || o.decided_block, 'undecided') AS found
            FROM app.outbox o
           WHERE o.kind = '${what}'
             AND (${decided}) <> (coalesce(o.decided_block, -1) >= 0) ORDER BY o.id`,
  };
}

/** The rules between the tables themselves. */
export const TABLE_CHECKS: readonly TableCheck[] = [
  equalPerSeries('issued = sum of issues', totalOf('issued'), rowsOf('chain.issued')),
  equalPerSeries('paid = sum of payments', totalOf('paid'), rowsOf('chain.payment')),
  equalPerSeries('redeemed = sum of redemptions', totalOf('redeemed'), rowsOf('chain.redemption')),
  equalPerSeries(
    'issued = holdings + takings + redeemed',
    totalOf('issued'),
    `SELECT coalesce((${balancesOf('chain.holding')}), 0) + coalesce((${balancesOf('chain.taking')}), 0)
            + (${totalOf('redeemed')})`,
  ),
  equalPerSeries('books: vouchers held = holdings', balancesOf('chain.holding'), creditOf('vouchers_held')),
  equalPerSeries('books: vouchers taken = takings', balancesOf('chain.taking'), creditOf('vouchers_taken')),
  equalPerSeries('books: merchants payable = redeemed', totalOf('redeemed'), creditOf('merchants_payable')),
  {
    check: 'books: one entry per value event',
    sql: `SELECT format('block %s, log %s', coalesce(v.block_number, e.block_number), coalesce(v.log_index, e.log_index))
                   AS key,
                 coalesce(format('%s of %s won in series %s', v.kind, v.amount, v.series), 'no entry') AS expected,
                 coalesce(format('%s of %s won in series %s', e.kind, e.amount, e.series), 'no entry') AS found
            FROM (${VALUE_EVENTS}) v FULL JOIN books.entry e USING (block_number, log_index)
           WHERE (v.kind, v.series, v.amount::bigint) IS DISTINCT FROM (e.kind, e.series, e.amount::bigint)
           ORDER BY 1`,
  },
  {
    check: 'books: every entry balances and moves its amount',
    sql: `SELECT format('block %s, log %s', e.block_number, e.log_index) AS key,
                 format('debit %s, credit %s', e.amount, e.amount) AS expected,
                 format('debit %s, credit %s', p.debit, p.credit) AS found
            FROM books.entry e
            LEFT JOIN (SELECT p.block_number, p.log_index, sum(greatest(v, 0)) AS debit, sum(greatest(-v, 0)) AS credit
                         FROM books.posting p
                         CROSS JOIN LATERAL unnest(ARRAY[p.resident, p.state, p.province, p.city]) AS v
                        GROUP BY 1, 2) p USING (block_number, log_index)
           WHERE (p.debit, p.credit) IS DISTINCT FROM (e.amount::numeric, e.amount::numeric) ORDER BY 1`,
  },
  {
    check: 'books: balances = sum of postings',
    sql: `SELECT format('series %s, %s, %s', coalesce(p.series, b.series), coalesce(p.account, b.account),
                        coalesce(p.funder, b.funder)) AS key,
                 coalesce(format('debit %s, credit %s', p.debit, p.credit), 'nothing') AS expected,
                 coalesce(format('debit %s, credit %s', b.debit, b.credit), 'nothing') AS found
            FROM (${POSTED}) p FULL JOIN books.balance b USING (series, account, funder)
           WHERE (p.debit, p.credit) IS DISTINCT FROM (b.debit::numeric, b.credit::numeric) ORDER BY 1`,
  },
  {
    check: 'daily figures = rows counted',
    sql: `SELECT format('%s, series %s, region %s, category %s, %s %s', coalesce(c.day, t.day),
                        coalesce(c.series, t.series), coalesce(c.region, t.region), coalesce(c.category, t.category),
                        coalesce(c.figure, t.figure), coalesce(c.code, t.code)) AS key,
                 coalesce(format('%s of %s won', c.count, c.amount), 'none') AS expected,
                 coalesce(format('%s of %s won', t.count, t.amount), 'none') AS found
            FROM (${COUNTED}) c FULL JOIN chain.daily_total t USING (day, series, region, category, figure, code)
           WHERE (c.count, c.amount) IS DISTINCT FROM (t.count, t.amount::numeric) ORDER BY 1`,
  },
  submittedAreDecided('payment'),
  submittedAreDecided('redemption'),
  outboxAgrees('payment'),
  outboxAgrees('redemption'),
];
