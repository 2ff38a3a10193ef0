import type { Queryable } from '#persistence';
import { ENDED_AFTER_MONTHS, ENDED_SERIES, type Shape } from './country.js';

const PAYMENTS_PER_BLOCK = 10;
/** won that each resident gets of each series of theirs, every third month. */
const ISSUED_EACH = 1_000_000;
const ISSUE_EVERY_MONTHS = 3;
/** One of so many payments: is taken back, has a gift beside it, has one beside it that is refused. */
const ONE_OF = { void: 100, gift: 500, refusedByChain: 333, refusedByApi: 143 } as const;
/** One of so many merchants passes vouchers on, or gets a payout returned; one of so many residents is refunded. */
const ONE_OF_PEOPLE = { circulation: 50, returned: 400, refund: 1_000 } as const;
const REDEEMED_LOG = 1_000_000;
const RETURNED_LOG = 1_500_000;
const REFUND_LOG = 2_000_000;
const EXPIRED_LOG = 3_000_000;

/** Blocks of a month: one for issue and what the last month left, the payments', one for the settlement. */
export interface MonthBlocks {
  readonly index: number;
  readonly first: number;
  readonly last: number;
  /** Numbers of its payments, the end exclusive. */
  readonly payments: { readonly from: number; readonly until: number };
}

/** Months follow each other without gaps from block 2. */
export function blocksOf(shape: Shape, index: number): MonthBlocks {
  const bound = (month: number) => Math.floor((shape.payments * month) / shape.months.length);
  const blocks = (month: number) => Math.ceil((bound(month + 1) - bound(month)) / PAYMENTS_PER_BLOCK) + 2;
  let first = 2;
  for (let month = 0; month < index; month++) first += blocks(month);
  const payments = { from: bound(index), until: bound(index + 1) };
  return { index, first, last: first + blocks(index) - 1, payments };
}

/** All rows of a month that stand for events; the rollups are left to the projectors. */
export async function loadMonth(tx: Queryable, shape: Shape, month: MonthBlocks): Promise<void> {
  await tx.query(blocksSql(shape, month));
  if (month.index % ISSUE_EVERY_MONTHS === 0) await tx.query(issueSql(month));
  await tx.query(returnsSql(month));
  if (month.index === ENDED_AFTER_MONTHS) await tx.query(expirySql(month));
  await tx.query(paymentsSql(shape, month));
  await tx.query(besidesSql(shape, month));
  await tx.query(refusedSql());
  await tx.query(settlementSql(month));
  await tx.query('DROP TABLE bench.paid');
}

const ZERO_HASH = `decode(repeat('00', 32), 'hex')`;

function blocksSql(shape: Shape, { index, first, last }: MonthBlocks): string {
  const { from = 0, until = 0 } = shape.months[index] ?? {};
  return `
    INSERT INTO chain.block (number, hash, parent_hash, timestamp)
    SELECT b, bench.hash('block ' || b), bench.hash('block ' || b - 1),
           ${from} + ${until - from}::bigint * (b - ${first}) / ${last - first + 1}
      FROM generate_series(${first}::bigint, ${last}) AS b`;
}

function issueSql({ index, first }: MonthBlocks): string {
  const open = index >= ENDED_AFTER_MONTHS ? `AND s.id <> ${ENDED_SERIES}` : '';
  const holders = `bench.resident r JOIN bench.series s ON s.id IN (r.city_series, r.province_series) ${open}`;
  return `
    INSERT INTO chain.issue_order (id, series, approved_by, total, root, block_number, log_index)
    SELECT ${index} * 100 + s.id, s.id, s.authority, count(*) * ${ISSUED_EACH}, bench.hash('list ${index} ' || s.id),
           ${first}, s.id FROM ${holders} GROUP BY s.id, s.authority;
    INSERT INTO chain.issued (issue_order, series, account, amount, block_number, log_index)
    SELECT ${index} * 100 + s.id, s.id, r.address, ${ISSUED_EACH}, ${first}, 1000 + row_number() OVER () FROM ${holders}`;
}

/** Residents pay in turn, each with the city's and the province's series in turn, where they live or anywhere. */
function paymentsSql({ residents, merchants }: Shape, { index, first, payments }: MonthBlocks): string {
  const hasEnded = index >= ENDED_AFTER_MONTHS;
  return `
    CREATE UNLOGGED TABLE bench.paid AS
    WITH turn AS (
      SELECT i, i / ${residents} AS round, ((i % ${residents}) * 7919 + (i / ${residents}) * 131) % ${residents} AS payer,
             (i * 48271 + (i / 31) * 16807) % 2147483647 AS h
        FROM generate_series(${payments.from}::bigint, ${payments.until - 1}) AS i
    ), choice AS (
      SELECT t.*, r.address AS payer_address, r.city,
             CASE WHEN t.round % 2 = 0 AND r.city_series IS NOT NULL ${hasEnded ? `AND r.city_series <> ${ENDED_SERIES}` : ''}
                  THEN r.city_series ELSE r.province_series END AS series
        FROM turn t JOIN bench.resident r ON r.no = t.payer
    ), area AS (
      SELECT s.id, min(c.no) AS first, count(*) AS cities
        FROM bench.series s JOIN bench.city c ON c.no = s.city OR (s.city IS NULL AND c.province = s.authority)
       GROUP BY 1
    )
    SELECT c.i, c.round, c.payer, c.payer_address, c.series, m.address AS merchant, m.no AS shop, m.region, m.category,
           100 * (10 + c.h % 300) AS amount, ${first} + 1 + (c.i - ${payments.from}) / ${PAYMENTS_PER_BLOCK} AS block,
           ((c.i - ${payments.from}) % ${PAYMENTS_PER_BLOCK} * 10)::integer AS log
      FROM choice c JOIN area a ON a.id = c.series
      CROSS JOIN (SELECT count(*) AS n FROM bench.city) cities
      JOIN bench.merchant m
        ON m.no = a.first + (c.h / 1000) % a.cities + (c.h % (${merchants} / cities.n)) * cities.n;
    ANALYZE bench.paid;
    INSERT INTO chain.payment (id, series, part, payer, merchant, amount, nonce, order_ref, region, category,
                               counts_daily, tx_hash, block_number, log_index)
    SELECT bench.hash('payment ' || i), series, 0, payer_address, merchant, amount, round + 1, ${ZERO_HASH}, region,
           category, false, bench.hash('tx ' || block), block, log
      FROM bench.paid ORDER BY i`;
}

/** What people do beside paying: take it back, give, ask for a refund. */
function besidesSql({ residents }: Shape, { index, last }: MonthBlocks): string {
  const cities = 'CROSS JOIN (SELECT count(*) AS n FROM bench.city) cities';
  return `
    INSERT INTO chain.void (id, payment, series, payer, merchant, amount, nonce, order_ref, region, category, same_day,
                            tx_hash, block_number, log_index)
    SELECT bench.hash('void ' || i), bench.hash('payment ' || i), series, payer_address, merchant, amount, i + 1,
           ${ZERO_HASH}, region, category, true, bench.hash('tx ' || block), block, log + 5
      FROM bench.paid WHERE i % ${ONE_OF.void} = 7;
    INSERT INTO chain.gift (id, series, giver, receiver, amount, nonce, order_ref, counts_daily, tx_hash, block_number,
                            log_index)
    SELECT bench.hash('gift ' || i), p.series, p.payer_address, r.address, 1000, round + 1, ${ZERO_HASH}, false,
           bench.hash('tx ' || block), block, log + 6
      FROM bench.paid p ${cities} JOIN bench.resident r ON r.no = (p.payer + cities.n) % ${residents}
     WHERE i % ${ONE_OF.gift} = 3;
    INSERT INTO chain.refund (id, series, account, amount, own, nonce, order_ref, tx_hash, block_number, log_index)
    SELECT bench.hash('refund ${index} ' || no), province_series, address, 1000, 900, ${index} + 1, ${ZERO_HASH},
           bench.hash('tx ${last}'), ${last}, ${REFUND_LOG} + no
      FROM bench.resident WHERE no % ${ONE_OF_PEOPLE.refund} = ${index}`;
}

/** Refused by the API (not enough left), and accepted but refused by the chain. They move nothing. */
function refusedSql(): string {
  const submitted = (what: string, refusal: string): string => `
    INSERT INTO app.signed_order (id, kind, by_device, holder, other, series, amount, nonce, deadline, order_ref, proof,
                                  received_at, refusal_code, refusal_a, refusal_b)
    SELECT bench.hash('${what} ' || i), 'payment', false, payer_address, merchant, ARRAY[series], amount, round + 1, b.timestamp + 3600,
           ${ZERO_HASH}, decode(repeat('5a', 65), 'hex'), to_timestamp(b.timestamp), ${refusal}
      FROM bench.paid p JOIN chain.block b ON b.number = p.block`;
  return `
    ${submitted('early', '1 + i % 7, 0, 0')} WHERE i % ${ONE_OF.refusedByApi} = 5;
    ${submitted('late', 'NULL, NULL, NULL')} WHERE i % ${ONE_OF.refusedByChain} = 9;
    INSERT INTO chain.order_refused (id, kind, code, a, b, tx_hash, block_number, log_index)
    SELECT bench.hash('late ' || i), 'payment', 1 + i % 5, 0, 0, bench.hash('tx ' || block), block, log + 7
      FROM bench.paid WHERE i % ${ONE_OF.refusedByChain} = 9`;
}

/** At the end of a month some merchants pass a little on, and all of them redeem what the month left them. */
function settlementSql({ index, last }: MonthBlocks): string {
  const place = `bench.hash('tx ${last}'), ${last}`;
  return `
    CREATE UNLOGGED TABLE bench.taken AS
    SELECT p.shop, p.series, (sum(p.amount) - coalesce(sum(p.amount) FILTER (WHERE p.i % ${ONE_OF.void} = 7), 0))::bigint
             AS amount, row_number() OVER (ORDER BY p.shop, p.series) AS n
      FROM bench.paid p GROUP BY 1, 2;
    INSERT INTO chain.circulation (id, series, merchant, recipient, amount, hop0, hop1, hop2, nonce, order_ref, region,
                                   category, tx_hash, block_number, log_index)
    SELECT bench.hash('passed ${index} ' || t.n), t.series, m.address, o.address, 1000, 1000, 0, 0, ${index} + 1,
           ${ZERO_HASH}, o.region, o.category, ${place}, t.n
      FROM bench.taken t JOIN bench.merchant m ON m.no = t.shop
      JOIN LATERAL (SELECT * FROM bench.merchant n WHERE n.city = m.city AND n.no > m.no ORDER BY n.no LIMIT 1) o ON true
     WHERE t.shop % ${ONE_OF_PEOPLE.circulation} = ${index} AND t.amount > 1000;
    INSERT INTO chain.redemption (id, series, merchant, amount, hop0, hop1, hop2, hop3, by_run, nonce, order_ref, region,
                                  category, tx_hash, block_number, log_index)
    SELECT bench.hash('redeemed ${index} ' || t.n), t.series, m.address, t.amount, t.amount, 0, 0, 0, true, 0,
           bench.hash('run ${index}'), m.region, m.category, ${place}, ${REDEEMED_LOG} + t.n
      FROM (SELECT shop, series, n, amount - coalesce(c.passed, 0) AS amount
              FROM bench.taken t
              LEFT JOIN (SELECT m.no AS shop, c.series, c.amount AS passed
                           FROM chain.circulation c JOIN bench.merchant m ON m.address = c.merchant
                          WHERE c.block_number = ${last}) c USING (shop, series)) t
      JOIN bench.merchant m ON m.no = t.shop
     WHERE t.amount > 0;
    DROP TABLE bench.taken`;
}

/** Payouts of the last month that the bank refused. */
function returnsSql({ index, first }: MonthBlocks): string {
  return `
    INSERT INTO chain.redemption_return (id, series, merchant, amount, region, category, tx_hash, block_number, log_index)
    SELECT r.id, r.series, r.merchant, r.amount, r.region, r.category, bench.hash('tx ${first}'), ${first},
           ${RETURNED_LOG} + row_number() OVER (ORDER BY r.log_index)
      FROM chain.redemption r JOIN bench.merchant m ON m.address = r.merchant
     WHERE r.block_number = ${first - 1} AND m.no % ${ONE_OF_PEOPLE.returned} = ${index}`;
}

/** What the series that has ended left with residents. */
function expirySql({ first }: MonthBlocks): string {
  return `
    INSERT INTO chain.expired (series, account, amount, tx_hash, block_number, log_index)
    SELECT series, account, balance, bench.hash('tx ${first}'), ${first}, ${EXPIRED_LOG} + row_number() OVER (ORDER BY account)
      FROM chain.holding WHERE series = ${ENDED_SERIES} AND balance > 0`;
}
