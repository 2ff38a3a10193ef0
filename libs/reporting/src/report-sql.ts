/** Which series count: x.authority, x.series. $1 authority, $2 series; null = all. */
export const ISSUER = `
  ($1::text IS NULL OR coalesce(x.authority, 'none') = $1) AND ($2::bigint IS NULL OR x.series = $2)`;

/** Which places count: x.region, x.category. $3 region, $4 category id as text, $5 rest. Category -1 counts as none. */
export const PLACE = `
  ($3::text IS NULL OR starts_with(coalesce(x.region, 'none'), $3))
  AND ($4::text IS NULL OR coalesce(nullif(x.category, -1)::text, 'none') = $4)
  AND (NOT $5::boolean OR NOT EXISTS (SELECT FROM app.region c WHERE c.parent = $3 AND starts_with(x.region, c.code)))`;

/** Which rows x count. */
export const SCOPE = `${ISSUER} AND ${PLACE}`;

/** $6 first and $7 last Korean day of x.day, inclusive. */
export const DAYS = `($6::date IS NULL OR x.day >= $6) AND ($7::date IS NULL OR x.day <= $7)`;

/** $6 and $7 as Unix seconds of x.timestamp, the end exclusive. */
export const MOMENTS = `($6::bigint IS NULL OR x.timestamp >= $6) AND ($7::bigint IS NULL OR x.timestamp < $7)`;

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

/** Daily figures with their place: the merchant's, or the issuing authority's for what has no merchant. */
export const DAILY = `
  SELECT t.day, t.series, s.authority, t.figure, t.count, t.amount, t.category,
         CASE WHEN t.figure IN ('issued', 'given', 'refunded', 'expired') THEN s.authority ELSE t.region END AS region
    FROM chain.daily_total t JOIN chain.series s ON s.id = t.series
   WHERE t.code = 0`;

/** What adds to and takes from what is outstanding, at the authority that issued it. */
export const OUTSTANDING_DAILY = `
  SELECT t.day, t.series, s.authority, s.authority AS region, -1 AS category, 1 AS count,
         CASE WHEN t.figure IN ('issued', 'returned') THEN t.amount ELSE -t.amount END AS amount
    FROM chain.daily_total t JOIN chain.series s ON s.id = t.series
   WHERE t.figure IN ('issued', 'returned', 'redeemed', 'refunded', 'expired')`;

/**
 * Payments that were submitted here and refused, at the door or by the chain (its newest word), and not final
 * since. Series (the first listed) and merchant as people named them, with the merchant's present place.
 */
export const REFUSED = `
  SELECT r.id, r.series, s.authority, r.payer, r.merchant, m.region, m.category, r.amount, r.code,
         (extract(epoch FROM r.received_at) * 1000000)::bigint AS micros,
         floor(extract(epoch FROM r.received_at))::bigint AS timestamp,
         (r.received_at AT TIME ZONE 'Asia/Seoul')::date AS day
    FROM (SELECT id, series[1] AS series, payer, merchant, amount, received_at, refusal_code AS code
            FROM app.payment WHERE refusal_code IS NOT NULL
          UNION ALL
          SELECT a.id, a.series[1], a.payer, a.merchant, a.amount, a.received_at, c.code
            FROM (SELECT DISTINCT ON (id) id, code FROM chain.payment_refused
                   ORDER BY id, block_number DESC, log_index DESC) c
            JOIN app.payment a ON a.id = c.id WHERE a.refusal_code IS NULL) r
    LEFT JOIN chain.series s ON s.id = r.series
    LEFT JOIN LATERAL (SELECT region, category FROM chain.merchant_version v WHERE v.merchant = r.merchant
                        ORDER BY block_number DESC, log_index DESC LIMIT 1) m ON true
   WHERE NOT EXISTS (SELECT FROM chain.payment f WHERE f.id = r.id)`;

/** Merchants that may take payments now. They belong to no series; an authority's are those in its region. */
export const ACTIVE_MERCHANTS = `
  SELECT merchant, region, category, size FROM (
    SELECT DISTINCT ON (merchant) merchant, region, category, size, status FROM chain.merchant_version
     ORDER BY merchant, block_number DESC, log_index DESC) newest
   WHERE status = 1`;

/** Which merchants took payments on a day: bits of chain.merchant_place (see there). */
export const MERCHANT_DAYS = `
  SELECT t.day, t.series, s.authority, t.part, t.merchants
    FROM chain.merchant_day t JOIN chain.series s ON s.id = t.series`;

/** Final payments with their authority and time. */
export const PAID = `
  SELECT p.block_number, p.log_index, p.id, p.series, s.authority, p.payer, p.merchant, p.region, p.category,
         p.amount, p.tx_hash, b.timestamp
    FROM chain.payment p JOIN chain.series s ON s.id = p.series JOIN chain.block b ON b.number = p.block_number`;

/** Events of a table with authority and time; `place` where it has a merchant's place. */
function eventsOf(table: string, columns: { account?: string; merchant?: string; id?: string }): string {
  const { account = 'NULL::bytea', merchant, id = 'e.id' } = columns;
  const place = merchant === undefined ? 's.authority AS region, -1 AS category' : 'e.region, e.category';
  return `
  SELECT e.block_number, e.log_index, ${id} AS id, e.series, s.authority, ${account} AS payer,
         ${merchant ?? 'NULL::bytea'} AS merchant, ${place}, e.amount,
         ${table === 'issued' ? 'NULL::bytea' : 'e.tx_hash'} AS tx_hash, b.timestamp
    FROM chain.${table} e JOIN chain.series s ON s.id = e.series JOIN chain.block b ON b.number = e.block_number`;
}

/** The rows behind each figure. */
export const EVENTS: { readonly [F in FigureName]: string } = {
  issued: eventsOf('issued', { account: 'e.account', id: 'NULL::bytea' }),
  paid: PAID,
  voided: eventsOf('void', { account: 'e.payer', merchant: 'e.merchant' }),
  given: eventsOf('gift', { account: 'e.giver' }),
  circulated: eventsOf('circulation', { merchant: 'e.recipient' }),
  redeemed: eventsOf('redemption', { merchant: 'e.merchant' }),
  returned: eventsOf('redemption_return', { merchant: 'e.merchant' }),
  refunded: eventsOf('refund', { account: 'e.account' }),
  expired: eventsOf('expired', { account: 'e.account', id: 'NULL::bytea' }),
};

const SIGNED: readonly (readonly [FigureName, '' | '-'])[] = [
  ['issued', ''],
  ['returned', ''],
  ['redeemed', '-'],
  ['refunded', '-'],
  ['expired', '-'],
];

/** What adds to (+) and takes from (−) what is outstanding: together they are it. */
export const OUTSTANDING = SIGNED.map(
  ([figure, sign]) => `
  SELECT block_number, log_index, id, series, authority, payer, merchant, authority AS region, -1 AS category,
         ${sign}amount AS amount, tx_hash, timestamp FROM (${EVENTS[figure]}) AS ${figure}`,
).join(' UNION ALL ');
