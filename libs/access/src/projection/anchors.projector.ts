import { bytes, deleteAbove, deleteAll, numbers, positions, type Projector, words } from '#indexer';

const TABLES = ['chain.anchor'];

/** Roots of documents that authorities anchored. */
export const anchorsProjector: Projector = {
  name: 'anchors',
  async apply(tx, batch) {
    const events = batch.of('Anchored');
    if (events.length === 0) return;
    await tx.query(
      `INSERT INTO chain.anchor (authority, kind, number, root, block_number, log_index)
       SELECT * FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bytea[], $5::bigint[], $6::integer[])`,
      [
        words(events.map((event) => event.authority)),
        numbers(events.map((event) => event.kind)),
        numbers(events.map((event) => event.number)),
        bytes(events.map((event) => event.root)),
        ...positions(events),
      ],
    );
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  truncate: (tx) => deleteAll(tx, TABLES),
};
