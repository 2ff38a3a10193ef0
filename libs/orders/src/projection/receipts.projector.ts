import { bytes, deleteAbove, numbers, positions, type Projector } from '#indexer';

const TABLES = ['chain.receipt_batch'];

/** Roots over what each batch settled. */
export const receiptsProjector: Projector = {
  name: 'receipts',
  async apply(tx, batch) {
    const events = batch.of('ReceiptsStored');
    if (events.length === 0) return;
    await tx.query(
      `INSERT INTO chain.receipt_batch (batch, root, block_number, log_index)
       SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::integer[])`,
      [
        numbers(events.map((event) => event.batch)),
        bytes(events.map((event) => event.root)),
        ...positions(events),
      ],
    );
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query('TRUNCATE chain.receipt_batch');
  },
};
