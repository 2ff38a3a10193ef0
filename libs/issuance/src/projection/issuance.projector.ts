import type { Queryable } from '#persistence';
import {
  bytes,
  bytesOrNull,
  deleteAbove,
  type IndexedBatch,
  numbers,
  numbersOrNull,
  positions,
  type Projector,
  words,
} from '#indexer';

const TABLES = [
  'chain.issue_refused',
  'chain.issued',
  'chain.issue_chunk',
  'chain.issue_order_closed',
  'chain.issue_order',
];

/** Issue orders, their chunks, and what each recipient got or was refused. */
export const issuanceProjector: Projector = {
  name: 'issuance',
  async apply(tx, batch) {
    await insertOrders(tx, batch);
    await insertChunks(tx, batch);
    await insertIssued(tx, batch);
    await insertRefused(tx, batch);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

async function insertOrders(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const approved = batch.ofAny('IssueApproved', 'QuotaApproved');
  if (approved.length > 0) {
    await tx.query(
      `INSERT INTO chain.issue_order (id, series, approved_by, total, root, quota_key, per_day, block_number, log_index)
       SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::bigint[], $5::bytea[], $6::bytea[],
                            $7::numeric[], $8::bigint[], $9::integer[])`,
      [
        numbers(approved.map((event) => event.issueOrder)),
        numbers(approved.map((event) => event.series)),
        words(approved.map((event) => event.by)),
        numbers(approved.map((event) => event.total)),
        bytesOrNull(approved.map((event) => (event.name === 'IssueApproved' ? event.root : null))),
        bytesOrNull(approved.map((event) => (event.name === 'QuotaApproved' ? event.key : null))),
        numbersOrNull(approved.map((event) => (event.name === 'QuotaApproved' ? event.perDay : null))),
        ...positions(approved),
      ],
    );
  }
  const closed = batch.of('IssueOrderClosed');
  if (closed.length === 0) return;
  await tx.query(
    `INSERT INTO chain.issue_order_closed (issue_order, unissued, block_number, log_index)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::integer[])`,
    [
      numbers(closed.map((event) => event.issueOrder)),
      numbers(closed.map((event) => event.unissued)),
      ...positions(closed),
    ],
  );
}

async function insertChunks(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('ChunkIssued');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.issue_chunk (issue_order, index, tx_hash, block_number, log_index)
     SELECT * FROM unnest($1::bigint[], $2::numeric[], $3::bytea[], $4::bigint[], $5::integer[])`,
    [
      numbers(events.map((event) => event.issueOrder)),
      numbers(events.map((event) => event.index)),
      bytes(events.map((event) => event.txHash)),
      ...positions(events),
    ],
  );
}

async function insertIssued(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('Issued');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.issued (issue_order, series, account, amount, block_number, log_index)
     SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bytea[], $4::bigint[], $5::bigint[], $6::integer[])`,
    [
      numbers(events.map((event) => event.issueOrder)),
      numbers(events.map((event) => event.series)),
      bytes(events.map((event) => event.account)),
      numbers(events.map((event) => event.amount)),
      ...positions(events),
    ],
  );
}

async function insertRefused(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('IssueRefused');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.issue_refused (issue_order, account, amount, code, a, b, block_number, log_index)
     SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::numeric[], $4::smallint[], $5::numeric[], $6::numeric[],
                          $7::bigint[], $8::integer[])`,
    [
      numbers(events.map((event) => event.issueOrder)),
      bytes(events.map((event) => event.account)),
      numbers(events.map((event) => event.amount)),
      numbers(events.map((event) => event.code)),
      numbers(events.map((event) => event.a)),
      numbers(events.map((event) => event.b)),
      ...positions(events),
    ],
  );
}
