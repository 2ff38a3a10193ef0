import {
  deleteAbove,
  deleteAll,
  type IndexedBatch,
  numbers,
  positions,
  type Projector,
  words,
} from '#indexer';
import type { Queryable } from '#persistence';

const TABLES = ['chain.authority_area', 'chain.reform'];

/** What authorities answer for, and the reforms of the codes. */
export const placesProjector: Projector = {
  name: 'places',
  async apply(tx, batch) {
    await insertAreas(tx, batch);
    await insertReforms(tx, batch);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  truncate: (tx) => deleteAll(tx, TABLES),
};

async function insertAreas(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.ofAny('AreaGranted', 'AreaGivenUp');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.authority_area (authority, area, granted_by, block_number, log_index)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::integer[])`,
    [
      words(events.map((event) => event.authority)),
      words(events.map((event) => event.area)),
      // The founder of a province is the state, whose code is empty.
      events.map((event) => (event.name === 'AreaGranted' ? event.by : null)),
      ...positions(events),
    ],
  );
}

async function insertReforms(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('ReformDeclared');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.reform (from_region, to_region, authority, last_series, block_number, log_index)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::integer[])`,
    [
      words(events.map((event) => event.from)),
      words(events.map((event) => event.to)),
      words(events.map((event) => event.authority)),
      numbers(events.map((event) => event.lastSeries)),
      ...positions(events),
    ],
  );
}
