import type { AuthorityThresholds } from '#contracts';
import type { Queryable } from '#persistence';
import {
  bytes,
  deleteAbove,
  deleteAll,
  type IndexedBatch,
  numbers,
  positions,
  type Projector,
  texts,
  words,
} from '#indexer';

const TABLES = ['chain.authority', 'chain.officer_version', 'chain.threshold_version', 'chain.act_executed'];

/** Governments: who they are, their officers and thresholds, and the acts that were executed for them. */
export const authoritiesProjector: Projector = {
  name: 'authorities',
  async apply(tx, batch) {
    await insertAuthorities(tx, batch);
    await insertOfficers(tx, batch);
    await insertThresholds(tx, batch);
    await insertActs(tx, batch);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  truncate: (tx) => deleteAll(tx, TABLES),
};

async function insertAuthorities(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('AuthorityFounded');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.authority (region, founder, block_number, log_index)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[])`,
    [
      words(events.map((event) => event.authority)),
      words(events.map((event) => event.founder)),
      ...positions(events),
    ],
  );
}

async function insertOfficers(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('OfficerSet');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.officer_version (authority, officer, keys, roles, block_number, log_index)
     SELECT authority, officer, keys::bytea[], roles, block_number, log_index
       FROM unnest($1::text[], $2::bigint[], $3::text[], $4::smallint[], $5::bigint[], $6::integer[])
         AS t (authority, officer, keys, roles, block_number, log_index)`,
    [
      words(events.map((event) => event.authority)),
      numbers(events.map((event) => event.officer)),
      texts(events.map((event) => bytes(event.keys))),
      numbers(events.map((event) => event.roles)),
      ...positions(events),
    ],
  );
}

async function insertThresholds(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('ThresholdsSet');
  for (const event of events) {
    await tx.query(
      `INSERT INTO chain.threshold_version (authority, governors, registrars, bands, block_number, log_index)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        event.authority,
        event.governors,
        event.registrars,
        JSON.stringify(bandTexts(event.bands)),
        event.blockNumber,
        event.logIndex,
      ],
    );
  }
}

/** Bands as `[{"upTo": "1000000000", "officers": 2}, …]`: JSON numbers would lose won above 2^53. */
export function bandTexts(bands: AuthorityThresholds['bands']) {
  return bands.map(({ upTo, officers }) => ({ upTo: upTo.toString(), officers }));
}

async function insertActs(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('ActExecuted');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.act_executed (act, authority, target, selector, officers, tx_hash, block_number, log_index)
     SELECT act, authority, target, selector, officers::bigint[], tx_hash, block_number, log_index
       FROM unnest($1::bytea[], $2::text[], $3::bytea[], $4::bytea[], $5::text[], $6::bytea[], $7::bigint[],
                   $8::integer[])
         AS t (act, authority, target, selector, officers, tx_hash, block_number, log_index)`,
    [
      bytes(events.map((event) => event.act)),
      words(events.map((event) => event.authority)),
      bytes(events.map((event) => event.target)),
      bytes(events.map((event) => event.selector)),
      // unnest flattens arrays of arrays, so each list of officers is a text of its own.
      words(events.map((event) => numbers(event.officers))),
      bytes(events.map((event) => event.txHash)),
      ...positions(events),
    ],
  );
}
