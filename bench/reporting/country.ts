import type { Queryable } from '#persistence';

/** Shape of the invented country; every row follows from these numbers and its own number. */
export interface Shape {
  readonly payments: number;
  readonly residents: number;
  readonly merchants: number;
  /** Start and end of each Korean month in Unix seconds. */
  readonly months: readonly { readonly from: number; readonly until: number }[];
}

export const PROVINCES = ['47', '48'] as const;
/** Authorities of the cities that have a series of their own. */
export const CITIES_WITH_SERIES = 10;
/** The last of them ends after so many months; its residents pay with the province's from then on. */
export const ENDED_AFTER_MONTHS = 12;
export const ENDED_SERIES = PROVINCES.length + CITIES_WITH_SERIES;
/** A merchant's category is one of the first so many. */
const CATEGORIES = 40;
const FOUNDING_BLOCK = 1;

/** Cities, series, merchants and residents: tables of the benchmark's own, and what the chain would have emitted about them. */
export async function loadCountry(tx: Queryable, shape: Shape): Promise<void> {
  const start = shape.months[0]?.from ?? 0;
  await tx.query(`
    CREATE SCHEMA bench;
    CREATE FUNCTION bench.hash(name text) RETURNS bytea LANGUAGE sql IMMUTABLE RETURN sha256(name::bytea);
    CREATE TABLE bench.city AS
      SELECT (row_number() OVER (ORDER BY code) - 1)::integer AS no, code, parent AS province
        FROM app.region WHERE level IN ('city', 'county') AND parent IN ('${PROVINCES.join("', '")}');
    CREATE TABLE bench.series AS
      SELECT n::integer AS id, code AS authority, NULL::integer AS city
        FROM unnest(ARRAY['${PROVINCES.join("', '")}']) WITH ORDINALITY AS p (code, n)
      UNION ALL
      SELECT no + 1 + ${PROVINCES.length}, code, no FROM bench.city WHERE no < ${CITIES_WITH_SERIES}`);
  await tx.query(`
    CREATE TABLE bench.merchant AS
      SELECT j AS no, substr(bench.hash('merchant ' || j), 1, 20) AS address, c.no AS city, c.code AS region,
             ((j / cities.n) % ${CATEGORIES})::smallint AS category
        FROM (SELECT count(*)::integer AS n FROM bench.city) cities
        CROSS JOIN generate_series(0, ${shape.merchants - 1}) AS j
        JOIN bench.city c ON c.no = j % cities.n;
    CREATE TABLE bench.resident AS
      SELECT p AS no, substr(bench.hash('resident ' || p), 1, 20) AS address, c.no AS city, s.id AS city_series,
             w.id AS province_series
        FROM (SELECT count(*)::integer AS n FROM bench.city) cities
        CROSS JOIN generate_series(0, ${shape.residents - 1}) AS p
        JOIN bench.city c ON c.no = p % cities.n
        JOIN bench.series w ON w.authority = c.province
        LEFT JOIN bench.series s ON s.city = c.no;
    ALTER TABLE bench.merchant ADD PRIMARY KEY (no);
    ALTER TABLE bench.resident ADD PRIMARY KEY (no);
    ANALYZE bench.merchant, bench.resident, bench.city, bench.series`);
  await tx.query(`
    INSERT INTO chain.block VALUES
      (${FOUNDING_BLOCK}, bench.hash('block ${FOUNDING_BLOCK}'), bench.hash('genesis'), ${start - 1});
    INSERT INTO chain.authority SELECT code, '', ${FOUNDING_BLOCK}, n
      FROM (SELECT code, row_number() OVER (ORDER BY code) AS n FROM app.region
             WHERE code IN (SELECT authority FROM bench.series)) a;
    INSERT INTO chain.authority_area SELECT region, region, founder, block_number, log_index FROM chain.authority;
    INSERT INTO chain.series (id, authority, valid_from, valid_until, flags, hops, refund_percent, refund_days,
                              payment_cap, daily_caps, holding_cap, month_cap, year_cap, gift_cap, funding, document,
                              rules, block_number, log_index)
      SELECT id, authority, ${start}, ${start} + 86400 * 365 * CASE WHEN id = ${ENDED_SERIES} THEN 1 ELSE 5 END, 1, 1,
             60, 7, 0, '{0,0,0}', 0, 0, 0, 0, '{9000,300,200,500}', bench.hash('terms ' || id), '{1}',
             ${FOUNDING_BLOCK}, 100 + id FROM bench.series;
    INSERT INTO chain.series_version (series, budget, valid_until, paused_until, pause_used, expiring, closed,
                                      block_number, log_index)
      SELECT id, 100000000000000, valid_until, 0, 0, false, false, ${FOUNDING_BLOCK}, 200 + id FROM chain.series;
    INSERT INTO chain.merchant_version (merchant, region, category, size, status, held_until, formerly, authority, keyless,
                                        block_number, log_index)
      SELECT address, region, category, 0, 1, 0, '[]', left(region, 5), false, ${FOUNDING_BLOCK}, 1000 + no FROM bench.merchant`);
}
