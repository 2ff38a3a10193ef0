import { bytes, deleteAbove, type IndexedBatch, numbers, type Projector, words } from '#indexer';
import type { Queryable } from '#persistence';
import { countsDaily, orderColumns, placeAtThatMoment } from '../../projection/transfer-rows.js';

const TABLES = ['chain.payment'];

/** Settled payments, by what each series gave. */
export const paymentProjector: Projector = {
  name: 'payments',
  apply: insertPayments,
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

async function insertPayments(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('Paid');
  if (events.length === 0) return;
  // All parts of a payment come in one transaction, one after the other.
  const parts: number[] = [];
  events.forEach((event, index) => {
    const before = events[index - 1];
    parts.push(before?.payment === event.payment ? (parts.at(-1) ?? 0) + 1 : 0);
  });
  await tx.query(
    `INSERT INTO chain.payment (id, series, part, payer, merchant, amount, nonce, order_ref, region, category,
                                counts_daily, by_device, tx_hash, block_number, log_index)
     SELECT t.id, t.series, t.part, t.payer, t.merchant, t.amount, t.nonce, t.order_ref, place.region, place.category,
            ${countsDaily('t.payer')}, t.by_device, t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::integer[], $3::smallint[], $4::bytea[], $5::bytea[], $6::boolean[], $7::bigint[],
                   $8::bigint[], $9::bytea[], $10::bytea[], $11::bigint[], $12::integer[])
         AS t (id, series, part, payer, merchant, by_device, amount, nonce, order_ref, tx_hash, block_number, log_index)
       JOIN chain.series s ON s.id = t.series
       ${placeAtThatMoment('t.merchant')}`,
    [
      bytes(events.map((event) => event.payment)),
      numbers(events.map((event) => event.series)),
      numbers(parts),
      bytes(events.map((event) => event.payer)),
      bytes(events.map((event) => event.merchant)),
      words(events.map((event) => String(event.byDevice))),
      ...orderColumns(events),
    ],
  );
}
