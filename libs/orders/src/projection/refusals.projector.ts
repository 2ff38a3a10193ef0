import { bytes, deleteAbove, numbers, type Projector, words } from '#indexer';
import { ownRefusals } from '#relayer';
import { placeColumns } from './transfer-rows.js';

const TABLES = ['chain.order_refused'];

/** Orders of all kinds that the contract refused when the platform's relayers submitted them. */
export const refusalsProjector: Projector = {
  name: 'refusals',
  async apply(tx, batch) {
    const refused = await ownRefusals(tx, batch);
    if (refused.length === 0) return;
    const events = refused.map(({ event }) => event);
    await tx.query(
      `INSERT INTO chain.order_refused (id, kind, code, a, b, tx_hash, block_number, log_index)
       SELECT * FROM unnest($1::bytea[], $2::text[], $3::smallint[], $4::numeric[], $5::numeric[], $6::bytea[],
                            $7::bigint[], $8::integer[])`,
      [
        bytes(refused.map(({ order }) => order.id)),
        words(refused.map(({ order }) => order.kind)),
        numbers(events.map(({ code }) => code)),
        numbers(events.map(({ a }) => a)),
        numbers(events.map(({ b }) => b)),
        ...placeColumns(events),
      ],
    );
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query('TRUNCATE chain.order_refused');
  },
};
