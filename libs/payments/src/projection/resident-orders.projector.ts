import type { Queryable } from '#persistence';
import { bytes, deleteAbove, type IndexedBatch, numbers, type Projector } from '#indexer';
import { countsDaily, insertRefused, orderColumns, placeColumns } from './transfer-rows.js';

const TABLES = ['chain.gift_refused', 'chain.gift', 'chain.refund_refused', 'chain.refund', 'chain.expired'];

/** What becomes of vouchers that residents don't spend: given, refunded, expired. */
export const residentOrdersProjector: Projector = {
  name: 'resident orders',
  async apply(tx, batch) {
    await insertGifts(tx, batch);
    await insertRefused(tx, 'chain.gift_refused', batch.of('GiftRefused'), ({ gift }) => gift);
    await insertRefunds(tx, batch);
    await insertRefused(tx, 'chain.refund_refused', batch.of('RefundRefused'), ({ refund }) => refund);
    await insertExpired(tx, batch);
  },
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

async function insertExpired(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('Expired');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.expired (series, account, amount, tx_hash, block_number, log_index)
     SELECT * FROM unnest($1::integer[], $2::bytea[], $3::bigint[], $4::bytea[], $5::bigint[], $6::integer[])`,
    [
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => event.account)),
      numbers(events.map((event) => event.amount)),
      ...placeColumns(events),
    ],
  );
}
