import type { Queryable } from '#persistence';
import { bytes, deleteAbove, type IndexedBatch, KOREAN_DAY, numbers, type Projector } from '#indexer';
import { countsDaily, insertRefused, orderColumns, placeAtThatMoment } from './transfer-rows.js';

const TABLES = ['chain.void_refused', 'chain.void', 'chain.payment_refused', 'chain.payment'];

/** Settled and refused payments, and what was taken back of them. */
export const paymentsProjector: Projector = {
  name: 'payments',
  async apply(tx, batch) {
    await insertPayments(tx, batch);
    await insertRefused(tx, 'chain.payment_refused', batch.of('PaymentRefused'), ({ payment }) => payment);
    await insertVoids(tx, batch);
    await insertRefused(tx, 'chain.void_refused', batch.of('VoidRefused'), ({ voidId }) => voidId);
  },
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
                                counts_daily, tx_hash, block_number, log_index)
     SELECT t.id, t.series, t.part, t.payer, t.merchant, t.amount, t.nonce, t.order_ref, place.region, place.category,
            ${countsDaily('t.payer')}, t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::integer[], $3::smallint[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[],
                   $8::bytea[], $9::bytea[], $10::bigint[], $11::integer[])
         AS t (id, series, part, payer, merchant, amount, nonce, order_ref, tx_hash, block_number, log_index)
       JOIN chain.series s ON s.id = t.series
       ${placeAtThatMoment('t.merchant')}`,
    [
      bytes(events.map((event) => event.payment)),
      numbers(events.map((event) => event.series)),
      numbers(parts),
      bytes(events.map((event) => event.payer)),
      bytes(events.map((event) => event.merchant)),
      ...orderColumns(events),
    ],
  );
}

/** Place and category are those of the payment, so that what was paid less what was taken back adds up by place. */
async function insertVoids(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('Voided');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.void (id, payment, series, payer, merchant, amount, nonce, order_ref, region, category,
                             same_day, tx_hash, block_number, log_index)
     SELECT t.id, t.payment, t.series, t.payer, t.merchant, t.amount, t.nonce, t.order_ref, p.region, p.category,
            p.day = ${KOREAN_DAY}, t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::bytea[], $3::integer[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[],
                   $8::bytea[], $9::bytea[], $10::bigint[], $11::integer[])
         AS t (id, payment, series, payer, merchant, amount, nonce, order_ref, tx_hash, block_number, log_index)
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
      ...orderColumns(events),
    ],
  );
}
