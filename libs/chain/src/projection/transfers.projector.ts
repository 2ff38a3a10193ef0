import type { Queryable } from '#persistence';
import type { IndexedBatch, IndexedEvent, Projector } from '../indexer/batch.js';
import { bytes, numbers } from './columns.js';
import { deleteAbove, positions } from './rows.js';

const PAYMENT_TABLES = ['chain.payment_refused', 'chain.payment'];
const REDEMPTION_TABLES = ['chain.redemption_refused', 'chain.redemption'];

/** Settled and refused payments. */
export const paymentsProjector: Projector = {
  name: 'payments',
  async apply(tx, batch) {
    await insertPayments(tx, batch);
    const refused = batch.of('PaymentRefused').map((event) => ({ ...event, id: event.payment }));
    await insertRefused(tx, 'chain.payment_refused', refused);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, PAYMENT_TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${PAYMENT_TABLES.join(', ')}`);
  },
};

/** Settled and refused redemptions. */
export const redemptionsProjector: Projector = {
  name: 'redemptions',
  async apply(tx, batch) {
    await insertRedemptions(tx, batch);
    const refused = batch.of('RedemptionRefused').map((event) => ({ ...event, id: event.redemption }));
    await insertRefused(tx, 'chain.redemption_refused', refused);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, REDEMPTION_TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${REDEMPTION_TABLES.join(', ')}`);
  },
};

/**
 * The merchant's place and category as they were just before the event, also when they changed earlier in the same
 * block; registry rows of this batch are written already. One index look-up per row (merchant, block, log). A merchant
 * that is not in the register leaves NULL, which the table refuses.
 */
const PLACE_AT_THAT_MOMENT = `
  LEFT JOIN LATERAL (
    SELECT v.region, v.category FROM chain.merchant_version v
     WHERE v.merchant = t.merchant AND (v.block_number, v.log_index) < (t.block_number, t.log_index)
     ORDER BY v.block_number DESC, v.log_index DESC LIMIT 1) AS place ON true`;

async function insertPayments(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('Paid');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.payment (id, series, payer, merchant, amount, nonce, order_ref, region, category, tx_hash,
                                block_number, log_index)
     SELECT t.id, t.series, t.payer, t.merchant, t.amount, t.nonce, t.order_ref, place.region, place.category,
            t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::integer[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bytea[],
                   $8::bytea[], $9::bigint[], $10::integer[])
         AS t (id, series, payer, merchant, amount, nonce, order_ref, tx_hash, block_number, log_index)
       ${PLACE_AT_THAT_MOMENT}`,
    [
      bytes(events.map((event) => event.payment)),
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => event.payer)),
      ...sharedColumns(events),
    ],
  );
}

async function insertRedemptions(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('Redeemed');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.redemption (id, series, merchant, amount, nonce, order_ref, region, category, tx_hash,
                                   block_number, log_index)
     SELECT t.id, t.series, t.merchant, t.amount, t.nonce, t.order_ref, place.region, place.category,
            t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::integer[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bytea[],
                   $8::bigint[], $9::integer[])
         AS t (id, series, merchant, amount, nonce, order_ref, tx_hash, block_number, log_index)
       ${PLACE_AT_THAT_MOMENT}`,
    [
      bytes(events.map((event) => event.redemption)),
      numbers(events.map((event) => event.series)),
      ...sharedColumns(events),
    ],
  );
}

/** merchant, amount, nonce, order, transaction and position. */
function sharedColumns(events: readonly IndexedEvent<'Paid' | 'Redeemed'>[]): string[] {
  return [
    bytes(events.map((event) => event.merchant)),
    numbers(events.map((event) => event.amount)),
    numbers(events.map((event) => event.nonce)),
    bytes(events.map((event) => event.order)),
    bytes(events.map((event) => event.txHash)),
    ...positions(events),
  ];
}

type Refused = IndexedEvent<'PaymentRefused' | 'RedemptionRefused'> & { readonly id: string };

async function insertRefused(tx: Queryable, table: string, events: readonly Refused[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO ${table} (id, code, a, b, tx_hash, block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::smallint[], $3::numeric[], $4::numeric[], $5::bytea[], $6::bigint[],
                          $7::integer[])`,
    [
      bytes(events.map((event) => event.id)),
      numbers(events.map((event) => event.code)),
      numbers(events.map((event) => event.a)),
      numbers(events.map((event) => event.b)),
      bytes(events.map((event) => event.txHash)),
      ...positions(events),
    ],
  );
}
