import { bytes, deleteAbove, type IndexedEvent, numbers, type Projector, words } from '#indexer';
import type { Queryable } from '#persistence';
import { type AmountsByHop } from '#domain';
import { loadHops } from '../../projection/hops.js';
import { orderColumns, placeAtThatMoment } from '../../projection/transfer-rows.js';

const TABLES = ['chain.circulation'];

/** What merchants spent at other merchants. */
export const circulationProjector: Projector = {
  name: 'circulations',
  async apply(tx, batch) {
    const events = batch.of('Circulated');
    if (events.length > 0) await insertCirculations(tx, events, await loadHops(tx, batch));
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

type Circulated = IndexedEvent<'Circulated'>;

async function insertCirculations(
  tx: Queryable,
  events: readonly Circulated[],
  byHop: (event: Circulated) => AmountsByHop,
): Promise<void> {
  await tx.query(
    `INSERT INTO chain.circulation (id, series, merchant, recipient, hop0, hop1, hop2, amount, nonce, order_ref,
                                    region, category, by_device, tx_hash, block_number, log_index)
     SELECT t.id, t.series, t.merchant, t.recipient, t.hop0, t.hop1, t.hop2, t.amount, t.nonce, t.order_ref,
            place.region, place.category, t.by_device, t.tx_hash, t.block_number, t.log_index
       FROM unnest($1::bytea[], $2::integer[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[],
                   $8::boolean[], $9::bigint[], $10::bigint[], $11::bytea[], $12::bytea[], $13::bigint[], $14::integer[])
         AS t (id, series, merchant, recipient, hop0, hop1, hop2, by_device, amount, nonce, order_ref, tx_hash, block_number,
               log_index)
       ${placeAtThatMoment('t.recipient')}`,
    [
      bytes(events.map((event) => event.circulation)),
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => event.merchant)),
      bytes(events.map((event) => event.recipient)),
      ...([0, 1, 2] as const).map((hop) => numbers(events.map((event) => byHop(event)[hop]))),
      words(events.map((event) => String(event.byDevice))),
      ...orderColumns(events),
    ],
  );
}
