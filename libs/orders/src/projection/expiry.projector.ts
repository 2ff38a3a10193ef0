import { bytes, deleteAbove, type IndexedBatch, numbers, type Projector } from '#indexer';
import type { Queryable } from '#persistence';
import { placeColumns } from './transfer-rows.js';

const TABLES = ['chain.expired'];

/** Holdings of expired series, which go back to the funders. */
export const expiryProjector: Projector = {
  name: 'expiry',
  apply: insertExpired,
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

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
