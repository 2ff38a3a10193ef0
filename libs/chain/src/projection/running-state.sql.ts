/** Korean day of a block's time, counted from 1970-01-01 as the contract does (UTC+9, no summer time). */
export const KOREAN_DAY = '((b.timestamp + 32400) / 86400)';

/**
 * Sets holdings from rows of issue and payment. With `merge` the rows are new and are added to what stands, without
 * it they are all there is. The replay window depends on the set of used nonces alone, so their order does not matter:
 * bit i says that nonce top - i was used (libs/domain/src/replay-window.ts). The contract counts spending of a day
 * only in series with a daily cap.
 */
export function setHoldings(which: { issued: string; payment: string; merge: boolean }): string {
  const standing = which.merge ? 'LEFT JOIN chain.holding h USING (account, series)' : NOTHING_STANDS;
  return `
    WITH received AS (
      SELECT r.series, r.account, sum(r.amount)::bigint AS amount
        FROM chain.issued r WHERE ${which.issued} GROUP BY 1, 2
    ), payment AS (
      SELECT p.series, p.payer AS account, p.amount, p.nonce, max(p.nonce) OVER of_holding AS top,
             d.day, max(d.day) OVER of_holding AS last_day
        FROM chain.payment p
        JOIN chain.block b ON b.number = p.block_number
        JOIN chain.series s ON s.id = p.series
        CROSS JOIN LATERAL (SELECT CASE WHEN s.daily_cap > 0 THEN ${KOREAN_DAY}::integer ELSE 0 END AS day) d
       WHERE ${which.payment}
      WINDOW of_holding AS (PARTITION BY p.series, p.payer)
    ), spent AS (
      SELECT series, account, sum(amount)::bigint AS amount, max(top) AS top, max(last_day) AS day,
             bit_or(chain.shift_left(1, top - nonce)) AS bits,
             coalesce(sum(amount) FILTER (WHERE day > 0 AND day = last_day), 0)::bigint AS today
        FROM payment GROUP BY 1, 2
    ), change AS (
      SELECT account, series, coalesce(r.amount, 0) AS received, coalesce(p.amount, 0) AS spent,
             coalesce(p.top, 0) AS top, coalesce(p.bits, 0) AS bits,
             coalesce(p.day, 0) AS day, coalesce(p.today, 0) AS today
        FROM received r FULL JOIN spent p USING (series, account)
    ), standing AS (
      SELECT c.*, coalesce(h.balance, 0) AS old_balance, coalesce(h.received, 0) AS old_received,
             coalesce(h.top, 0) AS old_top, coalesce(h.window_bits, 0) AS old_bits,
             coalesce(h.day, 0) AS old_day, coalesce(h.spent_today, 0) AS old_today,
             greatest(c.top, coalesce(h.top, 0)) AS new_top
        FROM change c ${standing}
    )
    INSERT INTO chain.holding (account, series, balance, received, top, window_bits, day, spent_today)
    SELECT account, series, old_balance + received - spent, old_received + received, new_top,
           chain.shift_left(old_bits, new_top - old_top) | chain.shift_left(bits, new_top - top),
           greatest(day, old_day),
           CASE WHEN day = 0 THEN old_today WHEN day = old_day THEN old_today + today ELSE today END
      FROM standing
    ON CONFLICT (account, series) DO UPDATE
       SET balance = excluded.balance, received = excluded.received, top = excluded.top,
           window_bits = excluded.window_bits, day = excluded.day, spent_today = excluded.spent_today`;
}

/** The same for takings: earned by payments, lowered by redemptions, which have a replay window of their own. */
export function setTakings(which: { payment: string; redemption: string; merge: boolean }): string {
  const standing = which.merge ? 'LEFT JOIN chain.taking h USING (merchant, series)' : NOTHING_STANDS;
  return `
    WITH earned AS (
      SELECT p.series, p.merchant, sum(p.amount)::bigint AS amount
        FROM chain.payment p WHERE ${which.payment} GROUP BY 1, 2
    ), redemption AS (
      SELECT r.series, r.merchant, r.amount, r.nonce,
             max(r.nonce) OVER (PARTITION BY r.series, r.merchant) AS top
        FROM chain.redemption r WHERE ${which.redemption}
    ), redeemed AS (
      SELECT series, merchant, sum(amount)::bigint AS amount, max(top) AS top,
             bit_or(chain.shift_left(1, top - nonce)) AS bits
        FROM redemption GROUP BY 1, 2
    ), change AS (
      SELECT merchant, series, coalesce(e.amount, 0) AS earned, coalesce(r.amount, 0) AS redeemed,
             coalesce(r.top, 0) AS top, coalesce(r.bits, 0) AS bits
        FROM earned e FULL JOIN redeemed r USING (series, merchant)
    ), standing AS (
      SELECT c.*, coalesce(h.balance, 0) AS old_balance, coalesce(h.earned, 0) AS old_earned,
             coalesce(h.top, 0) AS old_top, coalesce(h.window_bits, 0) AS old_bits,
             greatest(c.top, coalesce(h.top, 0)) AS new_top
        FROM change c ${standing}
    )
    INSERT INTO chain.taking (merchant, series, balance, earned, top, window_bits)
    SELECT merchant, series, old_balance + earned - redeemed, old_earned + earned, new_top,
           chain.shift_left(old_bits, new_top - old_top) | chain.shift_left(bits, new_top - top)
      FROM standing
    ON CONFLICT (merchant, series) DO UPDATE
       SET balance = excluded.balance, earned = excluded.earned, top = excluded.top,
           window_bits = excluded.window_bits`;
}

/** A join that gives NULLs, so that one statement serves both ways. */
const NOTHING_STANDS = `
  LEFT JOIN (SELECT NULL::bigint AS balance, NULL::bigint AS received, NULL::bigint AS earned, NULL::bigint AS top,
                    NULL::bigint AS window_bits, NULL::integer AS day, NULL::bigint AS spent_today) h ON false`;
