import { bytes, type EventPosition, type IndexedEvent, numbers, positions } from '#indexer';

/** What the events of settled orders share. */
export type Settled = EventPosition & Pick<IndexedEvent<'Paid' | 'Redeemed'>, 'amount' | 'nonce' | 'order'>;

/** amount, nonce, order, transaction, block and log: the last six columns of what people order. */
export function orderColumns(events: readonly Settled[]): string[] {
  return [
    numbers(events.map((event) => event.amount)),
    numbers(events.map((event) => event.nonce)),
    bytes(events.map((event) => event.order)),
    ...placeColumns(events),
  ];
}

/** transaction, block and log. */
export function placeColumns(events: readonly EventPosition[]): string[] {
  return [bytes(events.map((event) => event.txHash)), ...positions(events)];
}

/**
 * A merchant's place and category as they were just before the event, also when they changed earlier in the same
 * block; registry rows of this batch are written already. One index look-up per row (merchant, block, log). A merchant
 * that is not in the register leaves NULL, which the table refuses.
 */
export const placeAtThatMoment = (merchant: string): string => `
  LEFT JOIN LATERAL (
    SELECT v.region, v.category FROM chain.merchant_version v
     WHERE v.merchant = ${merchant} AND (v.block_number, v.log_index) < (t.block_number, t.log_index)
     ORDER BY v.block_number DESC, v.log_index DESC LIMIT 1) AS place ON true`;

/**
 * Whether the contract counts what an account spends in series `s` for its day: its tier had a daily cap there just
 * before the event (companies have tier 2's). The register is looked at only for series that have daily caps at all.
 */
export const countsDaily = (account: string): string => `
  CASE WHEN s.daily_caps = '{0,0,0}' THEN false
       ELSE s.daily_caps[1 + coalesce((
              SELECT CASE WHEN v.company THEN 2 ELSE v.tier END FROM chain.account_version v
               WHERE v.account = ${account} AND (v.block_number, v.log_index) < (t.block_number, t.log_index)
               ORDER BY v.block_number DESC, v.log_index DESC LIMIT 1), 0)] > 0 END`;
