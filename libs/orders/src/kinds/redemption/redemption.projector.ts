import {
  bytes,
  deleteAbove,
  type IndexedBatch,
  type IndexedEvent,
  numbers,
  type Projector,
  words,
} from '#indexer';
import type { Queryable } from '#persistence';
import { type AmountsByHop } from '#domain';
import { loadHops } from '../../projection/hops.js';
import { orderColumns, placeAtThatMoment, placeColumns } from '../../projection/transfer-rows.js';

const TABLES = ['chain.redemption_return', 'chain.redemption'];

/** What merchants turned into won, and what came back because the bank refused the payout. */
export const redemptionProjector: Projector = {
  name: 'redemptions',
  async apply(tx, batch) {
    const events = batch.of('Redeemed');
    if (events.length > 0) await insertRedemptions(tx, events, await loadHops(tx, batch));
    await insertReturns(tx, batch);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

type Redeemed = IndexedEvent<'Redeemed'>;

async function insertRedemptions(
  tx: Queryable,
  events: readonly Redeemed[],
  byHop: (event: Redeemed) => AmountsByHop,
): Promise<void> {
  await tx.query(
    `INSERT INTO chain.redemption (id, series, merchant, hop0, hop1, hop2, hop3, by_run, amount, nonce, order_ref,
                                   region, category, tx_hash, block_number, log_index)
     SELECT t.id, t.series, t.merchant, t.hop0, t.hop1, t.hop2, t.hop3, t.by_run, t.amount, t.nonce, t.order_ref,
            place.region, place.category, t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::integer[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                   $8::boolean[], $9::bigint[], $10::bigint[], $11::bytea[], $12::bytea[], $13::bigint[],
                   $14::integer[])
         AS t (id, series, merchant, hop0, hop1, hop2, hop3, by_run, amount, nonce, order_ref, tx_hash, block_number,
               log_index)
       ${placeAtThatMoment('t.merchant')}`,
    [
      bytes(events.map((event) => event.redemption)),
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => event.merchant)),
      ...([0, 1, 2, 3] as const).map((hop) => numbers(events.map((event) => byHop(event)[hop]))),
      words(events.map((event) => String(event.nonce === 0))),
      ...orderColumns(events),
    ],
  );
}

/** Place and category are those of the redemption, so that redeemed less returned adds up by place. */
async function insertReturns(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('RedemptionReturned');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.redemption_return (id, series, merchant, amount, region, category, tx_hash, block_number,
                                          log_index)
     SELECT t.id, t.series, t.merchant, t.amount, r.region, r.category, t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::integer[], $3::bytea[], $4::bigint[], $5::bytea[], $6::bigint[], $7::integer[])
         AS t (id, series, merchant, amount, tx_hash, block_number, log_index)
       LEFT JOIN chain.redemption r USING (id)`,
    [
      bytes(events.map((event) => event.redemption)),
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => event.merchant)),
      numbers(events.map((event) => event.amount)),
      ...placeColumns(events),
    ],
  );
}
