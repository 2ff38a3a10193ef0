import { bytes, deleteAbove, type IndexedBatch, KOREAN_DAY, numbers, type Projector, words } from '#indexer';
import type { Queryable } from '#persistence';
import { orderColumns } from '../../projection/transfer-rows.js';

const TABLES = ['chain.void'];

/** What was taken back of payments. */
export const voidProjector: Projector = {
  name: 'voids',
  apply: insertVoids,
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

/** Place and category are those of the payment, so that what was paid less what was taken back adds up by place. */
async function insertVoids(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('Voided');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.void (id, payment, series, payer, merchant, amount, nonce, order_ref, region, category,
                             same_day, by_device, tx_hash, block_number, log_index)
     SELECT t.id, t.payment, t.series, t.payer, t.merchant, t.amount, t.nonce, t.order_ref, p.region, p.category,
            p.day = ${KOREAN_DAY}, t.by_device, t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::bytea[], $3::integer[], $4::bytea[], $5::bytea[], $6::boolean[], $7::bigint[],
                   $8::bigint[], $9::bytea[], $10::bytea[], $11::bigint[], $12::integer[])
         AS t (id, payment, series, payer, merchant, by_device, amount, nonce, order_ref, tx_hash, block_number, log_index)
       JOIN chain.block b ON b.number = t.block_number
       LEFT JOIN LATERAL (
         SELECT p.region, p.category, ${KOREAN_DAY} AS day
           FROM chain.payment p JOIN chain.block b ON b.number = p.block_number
          WHERE (p.id, p.series) = (t.payment, t.series)) p ON true`,
    [
      bytes(events.map((event) => event.voidId)),
      bytes(events.map((event) => event.payment)),
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => event.payer)),
      bytes(events.map((event) => event.merchant)),
      words(events.map((event) => String(event.byDevice))),
      ...orderColumns(events),
    ],
  );
}
