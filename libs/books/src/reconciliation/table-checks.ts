import { koreanDate } from '#persistence';

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
const MERCHANT_BALANCE =
  'SELECT sum(balance + hop1 + hop2 + hop3) FROM chain.merchant_balance WHERE series = s.id';
const creditOf = (account: string): string =>
  `SELECT sum(credit - debit) FROM books.balance WHERE series = s.id AND account = '${account}'`;

const VALUE_EVENTS = `
  SELECT block_number, log_index, 'issue'::books.entry_kind AS kind, series, amount FROM chain.issued
  UNION ALL SELECT block_number, log_index, 'payment', series, amount FROM chain.payment
  UNION ALL SELECT block_number, log_index, 'void', series, amount FROM chain.void
  UNION ALL SELECT block_number, log_index, 'redemption', series, amount FROM chain.redemption
  UNION ALL SELECT block_number, log_index, 'return', series, amount FROM chain.redemption_return
  UNION ALL SELECT block_number, log_index, 'refund', series, amount FROM chain.refund
  UNION ALL SELECT block_number, log_index, 'expiry', series, amount FROM chain.expired`;

const POSTED = `
  SELECT p.series, p.account, f.funder, sum(greatest(f.amount, 0)) AS debit, sum(greatest(-f.amount, 0)) AS credit
    FROM books.posting p
    CROSS JOIN LATERAL (VALUES ('resident'::books.funder, p.resident), ('state', p.state),
                               ('province', p.province), ('city', p.city)) AS f (funder, amount)
   WHERE f.amount <> 0 GROUP BY 1, 2, 3`;

const DAY = koreanDate('b.timestamp');
const PLACED = [
  ['paid', 'payment'],
  ['voided', 'void'],
  ['circulated', 'circulation'],
  ['redeemed', 'redemption'],
  ['returned', 'redemption_return'],
].map(
  ([figure, table]) =>
    `UNION ALL SELECT block_number, series, region, category, '${figure}', 0, amount FROM chain.${table}`,
);
const PLACELESS = [
  ['given', 'gift'],
  ['refunded', 'refund'],
  ['expired', 'expired'],
].map(
  ([figure, table]) =>
    `UNION ALL SELECT block_number, series, '', -1, '${figure}', 0, amount FROM chain.${table}`,
);
const REFUSED = `UNION ALL SELECT block_number, 0, '', -1, (kind || '_refused')::chain.daily_figure, code, 0
                   FROM chain.order_refused`;
const COUNTED = `
  SELECT ${DAY} AS day, m.series, m.region, m.category, m.figure, m.code, count(*) AS count, sum(m.amount) AS amount
    FROM (SELECT block_number, series, '' AS region, -1 AS category, 'issued'::chain.daily_figure AS figure, 0 AS code,
                 amount FROM chain.issued
          ${[...PLACED, ...PLACELESS, REFUSED].join(' ')}
          UNION ALL SELECT r.block_number, o.series, '', -1, 'issue_refused', r.code, 0
                      FROM chain.issue_refused r JOIN chain.issue_order o ON o.id = r.issue_order) m
    JOIN chain.block b ON b.number = m.block_number GROUP BY 1, 2, 3, 4, 5, 6`;

/** What the contract counts of each resident's purchases and gifts, from the rows. */
const BOUGHT = `
  SELECT s.authority, m.account, date_trunc('month', ${DAY})::date AS month, sum(m.bought) AS bought,
         sum(m.gifts) AS gifts
    FROM (SELECT i.series, i.account, i.amount AS bought, 0 AS gifts, i.block_number
            FROM chain.issued i JOIN chain.series s ON s.id = i.series
           WHERE s.flags & 6 = 2
          UNION ALL
          SELECT g.series, g.receiver, 0, g.amount, g.block_number
            FROM chain.gift g JOIN chain.series s ON s.id = g.series WHERE s.gift_cap > 0) m
    JOIN chain.series s ON s.id = m.series JOIN chain.block b ON b.number = m.block_number
   GROUP BY 1, 2, 3`;

/** A coarser table of figures is the sum of the daily one. */
function coarserAgrees(table: string, keys: string, key: string): TableCheck {
  return {
    check: `${table} = sum of daily figures`,
    sql: `SELECT concat_ws(', ', ${keys}) AS key, coalesce(format('%s of %s won', c.count, c.amount), 'none') AS expected,
                 coalesce(format('%s of %s won', t.count, t.amount), 'none') AS found
            FROM (SELECT ${key}, sum(count) AS count, sum(amount) AS amount FROM chain.daily_total
                   WHERE code = 0 GROUP BY ${keys}) c
            FULL JOIN chain.${table} t USING (${keys})
           WHERE (c.count, c.amount) IS DISTINCT FROM (t.count::numeric, t.amount::numeric) ORDER BY 1`,
  };
}

/** The first payment of each merchant at a place with a category, numbered in the order of the chain. */
const PLACES = `
  SELECT row_number() OVER (ORDER BY block_number, log_index) - 1 AS no, merchant, region, category
    FROM (SELECT DISTINCT ON (merchant, region, category) merchant, region, category, block_number, log_index
            FROM chain.payment ORDER BY merchant, region, category, block_number, log_index) p`;

/** Who took payments, by day and series, as bits. */
const TOOK_PAYMENTS = `
  SELECT day, series, no / 4096 AS part, bit_or(set_bit(B'0'::bit(4096), (no % 4096)::integer, 1)) AS merchants
    FROM (SELECT DISTINCT ${DAY} AS day, p.series, m.no
            FROM chain.payment p JOIN chain.block b ON b.number = p.block_number
            JOIN (${PLACES}) m USING (merchant, region, category)) t
   GROUP BY 1, 2, 3`;

/** Submitted and not refused at acceptance: waiting in the outbox, or settled, or refused by the chain. */
function submittedAreDecided(what: 'payment' | 'redemption'): TableCheck {
  return {
    check: `every accepted ${what} waits or is decided`,
    sql: `SELECT '${what} 0x' || encode(a.id, 'hex') AS key, 'waiting, settled or refused' AS expected,
                 'lost' AS found
            FROM app.signed_order a
           WHERE a.kind = '${what}' AND a.refusal_code IS NULL
             AND NOT EXISTS (SELECT FROM app.outbox o WHERE o.id = a.id
                              AND (o.decided_block IS NULL OR o.decided_block = -1))
             AND NOT EXISTS (SELECT FROM chain.${what} c WHERE c.id = a.id)
             AND NOT EXISTS (SELECT FROM chain.order_refused r WHERE r.id = a.id)
           ORDER BY a.id`,
  };
}

/** An outbox row says that it is decided exactly when the chain's copy knows the decision. */
function outboxAgrees(what: 'payment' | 'redemption'): TableCheck {
  const decided = `EXISTS (SELECT FROM chain.${what} c WHERE c.id = o.id)
                   OR EXISTS (SELECT FROM chain.order_refused r WHERE r.id = o.id)`;
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
  equalPerSeries('voided = sum of voids', totalOf('voided'), rowsOf('chain.void')),
  equalPerSeries('redeemed = sum of redemptions', totalOf('redeemed'), rowsOf('chain.redemption')),
  equalPerSeries('returned = sum of returns', totalOf('returned'), rowsOf('chain.redemption_return')),
  equalPerSeries('refunded = sum of refunds', totalOf('refunded'), rowsOf('chain.refund')),
  equalPerSeries('expired = sum of expired holdings', totalOf('expired'), rowsOf('chain.expired')),
  equalPerSeries(
    'issued = holdings + merchant balances + redeemed + refunded + expired',
    totalOf('issued'),
    `SELECT coalesce((${balancesOf('chain.holding')}), 0) + coalesce((${MERCHANT_BALANCE}), 0)
            + (${totalOf('redeemed - returned + refunded + expired')})`,
  ),
  equalPerSeries('books: vouchers held = holdings', balancesOf('chain.holding'), creditOf('vouchers_held')),
  equalPerSeries('books: vouchers taken = merchant balances', MERCHANT_BALANCE, creditOf('vouchers_taken')),
  equalPerSeries(
    'books: merchants payable = redeemed',
    totalOf('redeemed - returned'),
    creditOf('merchants_payable'),
  ),
  equalPerSeries(
    'books: refunds payable = own part of refunds',
    'SELECT sum(own) FROM chain.refund WHERE series = s.id',
    creditOf('refunds_payable'),
  ),
  equalPerSeries(
    'books: funders payable = their part of refunds + expired',
    `SELECT (${totalOf('refunded + expired')})
            - coalesce((SELECT sum(own) FROM chain.refund WHERE series = s.id), 0)`,
    creditOf('funders_payable'),
  ),
  {
    check: 'voids of a payment stay within it',
    sql: `SELECT format('payment 0x%s, series %s', encode(v.payment, 'hex'), v.series) AS key,
                 format('at most %s', coalesce(p.amount, 0)) AS expected, v.amount::text AS found
            FROM (SELECT payment, series, sum(amount) AS amount FROM chain.void GROUP BY 1, 2) v
            LEFT JOIN chain.payment p ON (p.id, p.series) = (v.payment, v.series)
           WHERE v.amount > coalesce(p.amount, 0) ORDER BY 1`,
  },
  {
    check: 'purchases by month = sum of issues and gifts',
    sql: `SELECT format('authority %s, account 0x%s, %s', coalesce(c.authority, t.authority),
                        encode(coalesce(c.account, t.account), 'hex'), coalesce(c.month, t.month)) AS key,
                 coalesce(format('bought %s, gifts %s', c.bought, c.gifts), 'none') AS expected,
                 coalesce(format('bought %s, gifts %s', t.bought, t.gifts), 'none') AS found
            FROM (${BOUGHT}) c FULL JOIN chain.purchase_month t USING (account, authority, month)
           WHERE (c.bought, c.gifts) IS DISTINCT FROM (t.bought::numeric, t.gifts::numeric) ORDER BY 1`,
  },
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
    check: 'books: totals by kind = sum of entries',
    sql: `SELECT format('series %s, %s', coalesce(e.series, t.series), coalesce(e.kind, t.kind)) AS key,
                 coalesce(e.amount, 0)::text AS expected, coalesce(t.amount, 0)::text AS found
            FROM (SELECT series, kind, sum(amount) AS amount FROM books.entry GROUP BY 1, 2) e
            FULL JOIN books.kind_total t USING (series, kind)
           WHERE e.amount IS DISTINCT FROM t.amount::numeric ORDER BY 1`,
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
  coarserAgrees(
    'monthly_total',
    'month, series, region, category, figure',
    `date_trunc('month', day)::date AS month, series, region, category, figure`,
  ),
  coarserAgrees(
    'monthly_sum',
    'month, series, region, figure',
    `date_trunc('month', day)::date AS month, series, region, figure`,
  ),
  coarserAgrees('daily_sum', 'day, series, region, figure', 'day, series, region, figure'),
  {
    check: 'refused payments = refusals without a payment',
    sql: `SELECT 'payment 0x' || encode(coalesce(c.id, t.id), 'hex') AS key, coalesce(c.code::text, 'none') AS expected,
                 coalesce(t.code::text, 'none') AS found
            FROM (SELECT a.id, coalesce(r.code, f.code) AS code
                    FROM app.signed_order a
                    LEFT JOIN LATERAL (
                      -- Accepted when it came again: its outbox row says so.
                      SELECT coalesce((SELECT l.code FROM app.later_refusal l WHERE l.id = a.id
                                        ORDER BY l.seq DESC LIMIT 1), a.refusal_code) AS code
                       WHERE NOT EXISTS (SELECT FROM app.outbox o WHERE o.id = a.id)) f ON true
                    LEFT JOIN (SELECT DISTINCT ON (id) id, code FROM chain.order_refused
                                ORDER BY id, block_number DESC, log_index DESC) r ON r.id = a.id
                   WHERE a.kind = 'payment' AND coalesce(r.code, f.code) IS NOT NULL
                     AND NOT EXISTS (SELECT FROM chain.payment p WHERE p.id = a.id)) c
            FULL JOIN app.refused_payment t USING (id)
           WHERE c.code IS DISTINCT FROM t.code ORDER BY 1`,
  },
  {
    check: 'merchants of a day = merchants of its payments',
    sql: `SELECT format('%s, series %s, part %s', coalesce(c.day, t.day), coalesce(c.series, t.series),
                        coalesce(c.part, t.part)) AS key,
                 coalesce(format('%s merchants', bit_count(c.merchants)), 'none') AS expected,
                 coalesce(format('%s merchants (%s of them others)', bit_count(t.merchants),
                                 bit_count(t.merchants & ~c.merchants)), 'none') AS found
            FROM (${TOOK_PAYMENTS}) c FULL JOIN chain.merchant_day t USING (day, series, part)
           WHERE c.merchants IS DISTINCT FROM t.merchants ORDER BY 1`,
  },
  submittedAreDecided('payment'),
  submittedAreDecided('redemption'),
  outboxAgrees('payment'),
  outboxAgrees('redemption'),
];
