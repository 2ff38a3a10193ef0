import { bytes, deleteAbove, type IndexedBatch, numbers, type Projector } from '#indexer';
import type { Queryable } from '#persistence';
import { orderColumns } from '../../projection/transfer-rows.js';

const TABLES = ['chain.refund'];

/** Settled refunds. */
export const refundProjector: Projector = {
  name: 'refunds',
  apply: insertRefunds,
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

async function insertRefunds(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('Refunded');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.refund (id, series, account, own, amount, nonce, order_ref, tx_hash, block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::integer[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[],
                          $7::bytea[], $8::bytea[], $9::bigint[], $10::integer[])`,
    [
      bytes(events.map((event) => event.refund)),
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => event.account)),
      numbers(events.map((event) => event.own)),
      ...orderColumns(events),
    ],
  );
}
