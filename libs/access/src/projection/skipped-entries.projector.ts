import { decodeRevert, type Hex } from '#contracts';
import { refusalArgs, type JsonObject } from '#domain';
import {
  bytes,
  deleteAbove,
  deleteAll,
  type IndexedBatch,
  numbers,
  positions,
  type Projector,
  texts,
} from '#indexer';

const TABLES = ['chain.skipped_entry'];

/** Entries of officers' lists that the contract could not do, by the act that they belong to. */
export const skippedEntriesProjector: Projector = {
  name: 'skipped entries',
  async apply(tx, batch) {
    const skipped = withActs(batch);
    if (skipped.length === 0) return;
    const reasons = skipped.map(({ event }) => readReason(event.reason));
    await tx.query(
      `INSERT INTO chain.skipped_entry (act, place, subject, code, args, block_number, log_index)
       SELECT act, place, subject, code, args::jsonb, block_number, log_index
         FROM unnest($1::bytea[], $2::integer[], $3::bytea[], $4::text[], $5::text[], $6::bigint[], $7::integer[])
           AS t (act, place, subject, code, args, block_number, log_index)`,
      [
        bytes(skipped.map(({ act }) => act)),
        numbers(skipped.map(({ event }) => event.index)),
        bytes(skipped.map(({ event }) => event.subject)),
        texts(reasons.map(({ code }) => code)),
        texts(reasons.map(({ args }) => JSON.stringify(args))),
        ...positions(skipped.map(({ event }) => event)),
      ],
    );
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  truncate: (tx) => deleteAll(tx, TABLES),
};

/** The act of an entry is the next one in its transaction: its own event comes after those of what it did. */
function withActs(batch: IndexedBatch) {
  const events = batch.ofAny('EntrySkipped', 'ActExecuted');
  return events.flatMap((event, index) => {
    if (event.name !== 'EntrySkipped') return [];
    const act = events.slice(index).find((later) => later.name === 'ActExecuted');
    // Entries are skipped within acts alone.
    if (act?.name !== 'ActExecuted' || act.txHash !== event.txHash)
      throw new Error(`no act for the skipped entry in ${event.txHash}`);
    return [{ event, act: act.act }];
  });
}

function readReason(reason: Hex): { readonly code: string; readonly args: JsonObject } {
  const revert = decodeRevert(reason);
  const code = revert?.key ?? revert?.name ?? 'unknown';
  return { code, args: revert?.key ? refusalArgs(revert.key, Object.values(revert.args)) : {} };
}
