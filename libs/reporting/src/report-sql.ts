import { koreanDate, koreanDateStart } from '#persistence';

/** Which series count: x.authority, x.series. $1 authorities, $2 series; null = all. */
export const ISSUER = `
  ($1::text[] IS NULL OR coalesce(x.authority, 'none') = ANY ((SELECT chain.authorities_meant($1))::text[])) AND ($2::bigint IS NULL OR x.series = $2)`;

/**
 * Which places count: x.region, x.category. $3 regions, $4 category id as text, $5 codes that it may not lie
 * in (provinces have two digits, cities four or five). Category -1 counts as none.
 */
export const PLACE = `
  ($3::text[] IS NULL OR coalesce(x.region, 'none') ^@ ANY ($3))
  AND ($4::text IS NULL OR coalesce(nullif(x.category, -1)::text, 'none') = $4)
  AND ($5::text[] IS NULL OR NOT (left(x.region, 2) = ANY ($5) OR left(x.region, 4) = ANY ($5)
                                  OR left(x.region, 5) = ANY ($5)))`;

/** The same of a category of sums t, in a form that an index answers. */
const CATEGORY_OF_SUM = `($4::text IS NULL OR t.category = coalesce(nullif($4, 'none')::smallint, -1))`;

/** Which rows x count. */
export const SCOPE = `${ISSUER} AND ${PLACE}`;

/** $6 first and $7 last Korean day of x.day, inclusive. */
export const DAYS = `($6::date IS NULL OR x.day >= $6) AND ($7::date IS NULL OR x.day <= $7)`;

/** First and last block of the Korean day `day`, from the index on time: times never go back from block to block. */
function edgeOfDay(day: string, edge: 'first' | 'last'): string {
  const start = koreanDateStart(edge === 'first' ? day : `${day} + 1`);
  return edge === 'first'
    ? `(SELECT number FROM chain.block WHERE timestamp >= ${start} ORDER BY timestamp, number LIMIT 1)`
    : `(SELECT number FROM chain.block WHERE timestamp < ${start} ORDER BY timestamp DESC, number DESC LIMIT 1)`;
}

/** The days $6 to $7 as blocks of x. */
export const BLOCKS = `
  ($6::date IS NULL OR x.block_number >= ${edgeOfDay('$6::date', 'first')})
  AND ($7::date IS NULL OR x.block_number <= ${edgeOfDay('$7::date', 'last')})`;

/** Rows behind the position (block $8, log $9) of a list, newest first. */
export const BEHIND = `($8::bigint IS NULL OR (x.block_number, x.log_index) < ($8, $9::int))`;

/**
 * Days with rows of a list, newest first from the position $8 on, as blocks: so many that $10 rows are in them. Rows
 * of a rare kind are found without reading those between them.
 *
 * @param figures counted figures by day
 */
export function daysWithRows(figures: string): string {
  return `
  SELECT ${edgeOfDay('d.day', 'first')} AS first, ${edgeOfDay('d.day', 'last')} AS last
    FROM (SELECT day, coalesce(sum(count) OVER (ORDER BY day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                   AS newer
            FROM (SELECT x.day, CASE WHEN x.day = c.day THEN 0 ELSE sum(x.count) END AS count
                    FROM (SELECT (SELECT ${koreanDate('timestamp')}
                                    FROM chain.block WHERE number = $8) AS day) c
                    CROSS JOIN (${figures}) x
                   WHERE ${SCOPE} AND ${DAYS} AND (c.day IS NULL OR x.day <= c.day)
                   GROUP BY x.day, c.day) counted) d
   WHERE d.newer < $10`;
}

/** Figures of events; the order of the report. */
export const FIGURES = [
  'issued',
  'paid',
  'voided',
  'given',
  'circulated',
  'redeemed',
  'returned',
  'refunded',
  'expired',
] as const;
export type FigureName = (typeof FIGURES)[number];

/** The merchant's place, or the issuing authority's where there is none, of sums t and their series s. */
const REGION_OF_SUM = `
  CASE WHEN t.figure IN ('issued', 'given', 'refunded', 'expired') THEN s.authority ELSE t.region END`;

/** What a report needs to know of its figures; the less, the fewer rows are read. */
export interface Detail {
  readonly byRegion: boolean;
  readonly byCategory: boolean;
}

/**
 * Figures of a period: whole months $6 to $7 (exclusive), and the days of the spans $8 to $9 (exclusive). Without
 * `byCategory` from sums that have none. Adds up before anything is joined or named. Rows that the scope leaves out may
 * be missing; not those of other places, unless `byRegion`.
 */
export function figuresOfPeriod({ byRegion, byCategory }: Detail): string {
  const keys = [
    'series',
    'figure',
    ...(byRegion ? ['region'] : []),
    ...(byCategory ? ['category'] : []),
  ].join(', ');
  const [months, days] = byCategory ? ['monthly_total', 'daily_total'] : ['monthly_sum', 'daily_sum'];
  // '' is the region of figures that count at their authority, which only SCOPE knows.
  const mayCount = `($2::bigint IS NULL OR t.series = $2)
    ${byRegion ? `AND ($3::text[] IS NULL OR t.region = '' OR t.region ^@ ANY ($3))` : ''}
    ${byCategory ? `AND ${CATEGORY_OF_SUM}` : ''}`;
  return `
  SELECT NULL::date AS day, t.series, s.authority, t.figure, t.count, t.amount,
         ${byCategory ? 't.category' : '-1'} AS category, ${byRegion ? REGION_OF_SUM : 's.authority'} AS region
    FROM (SELECT ${keys}, sum(count) AS count, sum(amount) AS amount
            FROM (SELECT ${keys}, count, amount FROM chain.${months} t
                   WHERE ($6::date IS NULL OR t.month >= $6) AND ($7::date IS NULL OR t.month < $7) AND ${mayCount}
                  UNION ALL
                  SELECT ${keys}, count, amount FROM chain.${days} t
                    JOIN unnest($8::date[], $9::date[]) AS span (first, next) ON t.day >= span.first AND t.day < span.next
                   WHERE ${byCategory ? 't.code = 0 AND' : ''} ${mayCount}) m
           GROUP BY ${keys}) t
    JOIN chain.series s ON s.id = t.series`;
}

/** Figures day by day of a table of sums. */
function figuresByDay(table: string, category: string): string {
  return `
  SELECT t.day, t.series, s.authority, t.figure, t.count, t.amount, ${category} AS category, ${REGION_OF_SUM} AS region
    FROM chain.${table} t JOIN chain.series s ON s.id = t.series`;
}

/** Figures day by day; of all categories together, unless one is asked for. */
export const BY_DAY = {
  ofAllCategories: figuresByDay('daily_sum', '0'),
  ofOneCategory: `${figuresByDay('daily_total', 't.category')} WHERE t.code = 0 AND ${CATEGORY_OF_SUM}`,
} as const;

/** Adds to (1) what is outstanding, or takes from it (-1). */
const SIGNS: readonly (readonly [FigureName, 1 | -1])[] = [
  ['issued', 1],
  ['returned', 1],
  ['redeemed', -1],
  ['refunded', -1],
  ['expired', -1],
];

/** Of figures x: what adds to and takes from what is outstanding, at the authority that issued it. */
export function outstandingOf(figures: string): string {
  const named = (signs: typeof SIGNS) => signs.map(([figure]) => `'${figure}'`).join(', ');
  return `
  SELECT x.day, x.series, x.authority, x.authority AS region, -1 AS category, x.count,
         CASE WHEN x.figure IN (${named(SIGNS.filter(([, sign]) => sign > 0))}) THEN x.amount ELSE -x.amount END AS amount
    FROM (${figures}) x WHERE x.figure IN (${named(SIGNS)})`;
}

/** Newest word on every merchant. */
const MERCHANTS = `
  SELECT DISTINCT ON (merchant) merchant, region, category, size, status FROM chain.merchant_version
   ORDER BY merchant, block_number DESC, log_index DESC`;

/** Merchants that may take payments now. They belong to no series; an authority's are those in its region. */
export const ACTIVE_MERCHANTS = `
  SELECT merchant, region, category, size FROM (${MERCHANTS}) newest WHERE status = 1`;

/**
 * Payments that were submitted here and refused, at acceptance or by the chain, and not final since. Series (the first
 * listed) and merchant as people named them, with the merchant's present place if it is asked for.
 */
export function refusedPayments({ placed }: { readonly placed: boolean }): string {
  return `
  SELECT r.id, r.series, s.authority, r.payer, r.merchant, r.amount, r.code, r.received_at,
         ${placed ? 'm.region, m.category' : 'NULL::text AS region, NULL::smallint AS category'}
    FROM app.refused_payment r
    LEFT JOIN chain.series s ON s.id = r.series
    ${placed ? `LEFT JOIN (${MERCHANTS}) m ON m.merchant = r.merchant` : ''}`;
}

/** $6 and $7 as Unix seconds of x.received_at, the end exclusive. */
export const RECEIVED = `
  ($6::bigint IS NULL OR x.received_at >= to_timestamp($6)) AND ($7::bigint IS NULL OR x.received_at < to_timestamp($7))`;

/** Which merchants took payments on a day: bits of chain.merchant_place (see there). */
export const MERCHANT_DAYS = `
  SELECT t.day, t.series, s.authority, t.part, t.merchants
    FROM chain.merchant_day t JOIN chain.series s ON s.id = t.series`;

/** Events of a table with authority; `place` where it has a merchant's place. */
function eventsOf(table: string, columns: { account?: string; merchant?: string; id?: string }): string {
  const { account = 'NULL::bytea', merchant, id = 'e.id' } = columns;
  const place = merchant === undefined ? 's.authority AS region, -1 AS category' : 'e.region, e.category';
  return `
  SELECT e.block_number, e.log_index, ${id} AS id, e.series, s.authority, ${account} AS payer,
         ${merchant ?? 'NULL::bytea'} AS merchant, ${place}, e.amount,
         ${table === 'issued' ? 'NULL::bytea' : 'e.tx_hash'} AS tx_hash
    FROM chain.${table} e JOIN chain.series s ON s.id = e.series`;
}

/** The rows behind each figure. */
export const EVENTS: { readonly [F in FigureName]: string } = {
  issued: eventsOf('issued', { account: 'e.account', id: 'NULL::bytea' }),
  paid: eventsOf('payment', { account: 'e.payer', merchant: 'e.merchant' }),
  voided: eventsOf('void', { account: 'e.payer', merchant: 'e.merchant' }),
  given: eventsOf('gift', { account: 'e.giver' }),
  circulated: eventsOf('circulation', { merchant: 'e.recipient' }),
  redeemed: eventsOf('redemption', { merchant: 'e.merchant' }),
  returned: eventsOf('redemption_return', { merchant: 'e.merchant' }),
  refunded: eventsOf('refund', { account: 'e.account' }),
  expired: eventsOf('expired', { account: 'e.account', id: 'NULL::bytea' }),
};

/** What adds to (+) and takes from (−) what is outstanding: together they are it. */
export const OUTSTANDING = SIGNS.map(
  ([figure, sign]) => `
  SELECT block_number, log_index, id, series, authority, payer, merchant, authority AS region, -1 AS category,
         ${sign} * amount AS amount, tx_hash FROM (${EVENTS[figure]}) AS ${figure}`,
).join(' UNION ALL ');
