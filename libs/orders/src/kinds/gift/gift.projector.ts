import { bytes, deleteAbove, type IndexedBatch, numbers, type Projector } from '#indexer';
import type { Queryable } from '#persistence';
import { countsDaily, orderColumns } from '../../projection/transfer-rows.js';

const TABLES = ['chain.gift'];

/** Settled gifts. */
export const giftProjector: Projector = {
  name: 'gifts',
  apply: insertGifts,
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

async function insertGifts(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('Given');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.gift (id, series, giver, receiver, amount, nonce, order_ref, counts_daily, tx_hash,
                             block_number, log_index)
     SELECT t.id, t.series, t.giver, t.receiver, t.amount, t.nonce, t.order_ref, ${countsDaily('t.giver')},
            t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::integer[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bytea[],
                   $8::bytea[], $9::bigint[], $10::integer[])
         AS t (id, series, giver, receiver, amount, nonce, order_ref, tx_hash, block_number, log_index)
       JOIN chain.series s ON s.id = t.series`,
    [
      bytes(events.map((event) => event.gift)),
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => event.giver)),
      bytes(events.map((event) => event.receiver)),
      ...orderColumns(events),
    ],
  );
}
