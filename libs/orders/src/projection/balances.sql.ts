import { KOREAN_DAY } from '#indexer';

/**
 * Which rows a statement reads: a condition on table `r`, whose column `who` is the account or merchant that it keeps
 * the state of.
 */
export type RowsWanted = (who: string) => string;

export interface Which {
  readonly rows: RowsWanted;
  /** The rows are new and are added to what stands; else they are all there is. */
  readonly merge: boolean;
}

/** More than anybody can have spent: taking it from what was spent leaves nothing. */
const ALL_SPENT = '1125899906842624::bigint';

/** The nonces n that a row of a cancellation used up, as far as a replay window knows them. */
const CANCELLED = `
  CROSS JOIN LATERAL generate_series(greatest(r.nonce - r.amount + 1, r.nonce - 63), r.nonce) AS n(nonce)`;

/**
 * What moved holdings, one row for each event: what it added to the balance and to what of it was spent (received less
 * balance), the nonce it used, whether vouchers came in, and what it added to the spending of a day (null: it isn't
 * counted). A void gives the day's allowance back also where nothing was counted: the contract stops at zero then.
 */
const movedHoldings = (rows: RowsWanted): string => `
  SELECT r.series, r.account AS who, r.amount AS balance, 0::bigint AS spent, NULL::bigint AS nonce,
         true AS came_in, NULL::bigint AS today, r.block_number, r.log_index
    FROM chain.issued r WHERE ${rows('account')}
  UNION ALL
  SELECT r.series, r.payer, -r.amount, r.amount, CASE WHEN r.part = 0 THEN r.nonce END, false,
         CASE WHEN r.counts_daily THEN r.amount END, r.block_number, r.log_index
    FROM chain.payment r WHERE ${rows('payer')}
  UNION ALL
  SELECT r.series, r.payer, r.amount, -r.amount, NULL, false, CASE WHEN r.same_day THEN -r.amount END,
         r.block_number, r.log_index
    FROM chain.void r WHERE ${rows('payer')}
  UNION ALL
  SELECT r.series, r.giver, -r.amount, 0, r.nonce, false, CASE WHEN r.counts_daily THEN r.amount END,
         r.block_number, r.log_index
    FROM chain.gift r WHERE ${rows('giver')}
  UNION ALL
  SELECT r.series, r.receiver, r.amount, 0, NULL, true, NULL, r.block_number, r.log_index
    FROM chain.gift r WHERE ${rows('receiver')}
  UNION ALL
  SELECT r.series, r.account, -r.amount, -${ALL_SPENT}, r.nonce, false, NULL, r.block_number, r.log_index
    FROM chain.refund r WHERE ${rows('account')}
  UNION ALL
  SELECT r.series, r.account, 0, 0, n.nonce, false, NULL, r.block_number, r.log_index
    FROM chain.cancellation r ${CANCELLED} WHERE ${rows('account')}
  UNION ALL
  SELECT r.series, r.account, -r.amount, 0, NULL, false, NULL, r.block_number, r.log_index
    FROM chain.expired r WHERE ${rows('account')}`;

/**
 * Sets holdings from the rows of what moved them. The replay window depends on the set of used nonces alone, so their
 * order does not matter: bit i says that nonce top - i was used (libs/domain/src/replay-window.ts). Order matters for
 * what was spent, in all and on the last day: a refund begins at zero again, and a void of a payment from before takes neither
 * below zero. Such a sum ends as far above zero as it is above its lowest point below zero.
 */
export function setHoldings({ rows, merge }: Which): string {
  const standing = merge
    ? 'LEFT JOIN chain.holding h ON (h.account, h.series) = (c.who, c.series)'
    : NOTHING_STANDS;
  return `
    WITH moved AS MATERIALIZED (
      SELECT m.*, ${KOREAN_DAY}::integer AS day, max(m.nonce) OVER (PARTITION BY m.series, m.who) AS top,
             sum(m.spent) OVER (PARTITION BY m.series, m.who ORDER BY m.block_number, m.log_index) AS reached
        FROM (${movedHoldings(rows)}) m JOIN chain.block b ON b.number = m.block_number
    ), running AS (
      SELECT series, who, day, max(day) OVER (PARTITION BY series, who) AS last_day, today,
             sum(today) OVER (PARTITION BY series, who, day ORDER BY block_number, log_index) AS reached
        FROM moved WHERE today IS NOT NULL
    ), allowance AS (
      SELECT series, who, last_day AS day, sum(today)::bigint AS spent, min(reached)::bigint AS lowest
        FROM running WHERE day = last_day GROUP BY 1, 2, 3
    ), change AS (
      SELECT series, who, sum(balance)::bigint AS balance, sum(spent) AS spent, min(reached) AS lowest,
             max(top) AS top, bit_or(chain.shift_left(1, top - nonce)) FILTER (WHERE nonce IS NOT NULL) AS bits,
             max(day) FILTER (WHERE came_in) AS received_day
        FROM moved GROUP BY 1, 2
    ), standing AS (
      SELECT c.series, c.who, coalesce(h.balance, 0) + c.balance AS balance,
             coalesce(h.received - h.balance, 0) AS old_spent, c.spent, c.lowest,
             coalesce(c.top, 0) AS top, coalesce(c.bits, 0) AS bits,
             coalesce(h.top, 0) AS old_top, coalesce(h.window_bits, 0) AS old_bits,
             greatest(c.top, h.top, 0) AS new_top,
             greatest(c.received_day, h.received_day, 0) AS received_day,
             coalesce(a.day, h.day, 0) AS day, coalesce(h.spent_today, 0) AS old_today, a.spent AS today,
             a.lowest AS lowest_today, CASE WHEN a.day = h.day THEN h.spent_today ELSE 0 END AS base
        FROM change c
        LEFT JOIN allowance a USING (series, who)
        ${standing}
    )
    INSERT INTO chain.holding (account, series, balance, received, top, window_bits, day, spent_today, received_day)
    SELECT who, series, balance, (balance + old_spent + spent - least(0, old_spent + lowest))::bigint, new_top,
           chain.shift_left(old_bits, new_top - old_top) | chain.shift_left(bits, new_top - top), day,
           CASE WHEN today IS NULL THEN old_today ELSE base + today - least(0, base + lowest_today) END, received_day
      FROM standing
    ON CONFLICT (account, series) DO UPDATE
       SET balance = excluded.balance, received = excluded.received, top = excluded.top,
           window_bits = excluded.window_bits, day = excluded.day, spent_today = excluded.spent_today,
           received_day = excluded.received_day`;
}

const movedMerchantBalances = (rows: RowsWanted): string => `
  SELECT r.series, r.merchant AS who, r.amount AS hop0, 0::bigint AS hop1, 0::bigint AS hop2, 0::bigint AS hop3,
         NULL::bigint AS nonce
    FROM chain.payment r WHERE ${rows('merchant')}
  UNION ALL
  SELECT r.series, r.merchant, -r.amount, 0, 0, 0, r.nonce FROM chain.void r WHERE ${rows('merchant')}
  UNION ALL
  SELECT r.series, r.merchant, -r.hop0, -r.hop1, -r.hop2, -r.hop3, CASE WHEN NOT r.by_run THEN r.nonce END
    FROM chain.redemption r WHERE ${rows('merchant')}
  UNION ALL
  SELECT r.series, r.merchant, r.amount, 0, 0, 0, NULL FROM chain.redemption_return r WHERE ${rows('merchant')}
  UNION ALL
  SELECT r.series, r.merchant, -r.hop0, -r.hop1, -r.hop2, 0, r.nonce
    FROM chain.circulation r WHERE ${rows('merchant')}
  UNION ALL
  SELECT r.series, r.merchant, 0, 0, 0, 0, n.nonce
    FROM chain.merchant_cancellation r ${CANCELLED} WHERE ${rows('merchant')}
  UNION ALL
  SELECT r.series, r.recipient, 0, r.hop0, r.hop1, r.hop2, NULL
    FROM chain.circulation r WHERE ${rows('recipient')}`;

const SUMS_BY_MERCHANT = `
  SELECT series, who, sum(hop0)::bigint AS hop0, sum(hop1)::bigint AS hop1, sum(hop2)::bigint AS hop2,
         sum(hop3)::bigint AS hop3, coalesce(max(top), 0) AS top,
         coalesce(bit_or(chain.shift_left(1, top - nonce)) FILTER (WHERE nonce IS NOT NULL), 0) AS bits
    FROM (SELECT m.*, max(m.nonce) OVER (PARTITION BY m.series, m.who) AS top FROM moved m) w
   GROUP BY 1, 2`;

/** The same for merchant balances, by how many hops they made; orders of merchants have a replay window of their own. */
export function addToMerchantBalances(rows: RowsWanted): string {
  return `
    WITH moved AS (${movedMerchantBalances(rows)}), change AS (${SUMS_BY_MERCHANT}), standing AS (
      SELECT c.series, c.who, coalesce(h.balance, 0) + c.hop0 AS hop0, coalesce(h.hop1, 0) + c.hop1 AS hop1,
             coalesce(h.hop2, 0) + c.hop2 AS hop2, coalesce(h.hop3, 0) + c.hop3 AS hop3, c.top, c.bits,
             coalesce(h.top, 0) AS old_top, coalesce(h.window_bits, 0) AS old_bits,
             greatest(c.top, h.top, 0) AS new_top
        FROM change c LEFT JOIN chain.merchant_balance h ON (h.merchant, h.series) = (c.who, c.series)
    )
    INSERT INTO chain.merchant_balance (merchant, series, balance, hop1, hop2, hop3, top, window_bits)
    SELECT who, series, hop0, hop1, hop2, hop3, new_top,
           chain.shift_left(old_bits, new_top - old_top) | chain.shift_left(bits, new_top - top)
      FROM standing
    ON CONFLICT (merchant, series) DO UPDATE
       SET balance = excluded.balance, hop1 = excluded.hop1, hop2 = excluded.hop2, hop3 = excluded.hop3,
           top = excluded.top, window_bits = excluded.window_bits`;
}

/** The nonces that merchants used up to block $1, of those who used one after it. */
const NONCES_LEFT = ['void', 'redemption', 'circulation', 'merchant_cancellation']
  .map(
    (table) => `
  SELECT r.series, r.merchant AS who, ${table === 'merchant_cancellation' ? 'n' : 'r'}.nonce
    FROM chain.${table} r ${table === 'merchant_cancellation' ? CANCELLED : ''}
    JOIN change c ON (c.who, c.series) = (r.merchant, r.series)
   WHERE c.top > 0 AND r.block_number <= $1 ${table === 'redemption' ? 'AND NOT r.by_run' : ''}`,
  )
  .join(' UNION ALL ');

/**
 * Subtracts what moved after block $1, while its rows still stand. Sums are exact that way without reading a merchant's
 * payments again. A replay window has forgotten what left it: that of a merchant who used a nonce there is made again
 * from voids, redemptions, circulations and cancellations, which are few.
 */
export const SUBTRACT_FROM_MERCHANT_BALANCES = `
  WITH moved AS (${movedMerchantBalances(() => 'r.block_number > $1')}), change AS (${SUMS_BY_MERCHANT}),
  nonces AS (
    SELECT n.*, max(n.nonce) OVER (PARTITION BY n.series, n.who) AS top FROM (${NONCES_LEFT}) n
  ), replay AS (
    SELECT series, who, max(top) AS top, bit_or(chain.shift_left(1, top - nonce)) AS bits FROM nonces GROUP BY 1, 2
  )
  UPDATE chain.merchant_balance t
     SET balance = t.balance - c.hop0, hop1 = t.hop1 - c.hop1, hop2 = t.hop2 - c.hop2, hop3 = t.hop3 - c.hop3,
         top = CASE WHEN c.top > 0 THEN coalesce(w.top, 0) ELSE t.top END,
         window_bits = CASE WHEN c.top > 0 THEN coalesce(w.bits, 0) ELSE t.window_bits END
    FROM change c LEFT JOIN replay w ON (w.who, w.series) = (c.who, c.series)
   WHERE (t.merchant, t.series) = (c.who, c.series)`;

/**
 * Rows of merchants who got nothing up to block $1: a rebuild would not have them. Whoever has something, or used a
 * nonce, got something before, so few rows need the look into the past.
 */
export const DELETE_UNUSED_MERCHANT_BALANCES = `
  DELETE FROM chain.merchant_balance t
   WHERE (t.balance, t.hop1, t.hop2, t.hop3, t.top) = (0, 0, 0, 0, 0)
     AND (t.merchant, t.series) IN (SELECT merchant, series FROM chain.payment WHERE block_number > $1
                                    UNION ALL
                                    SELECT recipient, series FROM chain.circulation WHERE block_number > $1
                                    UNION ALL
                                    SELECT merchant, series FROM chain.merchant_cancellation WHERE block_number > $1)
     AND NOT EXISTS (SELECT FROM chain.payment r
                      WHERE (r.merchant, r.series) = (t.merchant, t.series) AND r.block_number <= $1)
     AND NOT EXISTS (SELECT FROM chain.circulation r
                      WHERE (r.recipient, r.series) = (t.merchant, t.series) AND r.block_number <= $1)`;

/** A join that gives NULLs, so that one statement serves both ways. */
const NOTHING_STANDS = `
  LEFT JOIN (SELECT NULL::bigint AS balance, NULL::bigint AS received, NULL::bigint AS top, NULL::bigint AS window_bits,
                    NULL::integer AS day, NULL::bigint AS spent_today, NULL::integer AS received_day) h ON false`;
