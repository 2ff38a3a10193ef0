import { bytes, deleteAbove, type IndexedEvent, numbers, type Projector } from '#indexer';
import type { Queryable } from '#persistence';
import { orderColumns } from '../../projection/transfer-rows.js';

type Cancelled = IndexedEvent<'Cancelled' | 'MerchantCancelled'>;

/** Nonces of holdings that owners used up. */
export const cancellationProjector: Projector = {
  name: 'cancellations',
  apply: (tx, batch) => insert(tx, 'chain.cancellation', 'account', batch.of('Cancelled')),
  rollback: (tx, ancestor) => deleteAbove(tx, ['chain.cancellation'], ancestor),
  async truncate(tx) {
    await tx.query('TRUNCATE chain.cancellation');
  },
};

/** Nonces of merchant balances that owners used up. */
export const merchantCancellationProjector: Projector = {
  name: 'merchant cancellations',
  apply: (tx, batch) => insert(tx, 'chain.merchant_cancellation', 'merchant', batch.of('MerchantCancelled')),
  rollback: (tx, ancestor) => deleteAbove(tx, ['chain.merchant_cancellation'], ancestor),
  async truncate(tx) {
    await tx.query('TRUNCATE chain.merchant_cancellation');
  },
};

async function insert(
  tx: Queryable,
  table: string,
  who: string,
  events: readonly Cancelled[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO ${table} (id, series, ${who}, amount, nonce, order_ref, tx_hash, block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::integer[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bytea[],
                          $7::bytea[], $8::bigint[], $9::integer[])`,
    [
      bytes(events.map((event) => event.cancellation)),
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => (event.name === 'Cancelled' ? event.account : event.merchant))),
      ...orderColumns(events.map((event) => ({ ...event, amount: event.count }))),
    ],
  );
}
