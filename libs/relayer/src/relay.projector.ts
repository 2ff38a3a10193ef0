import { AbiCoder, keccak256 } from 'ethers';
import { decidedOrder } from '#contracts';
import type { Queryable } from '#persistence';
import { bytes, type IndexedBatch, type IndexedEvent, numbers, type Projector } from '#indexer';
import { ownRefusals } from './own-refusals.js';

/**
 * Marks in the outbox and in the relayers' journal what the chain has decided. A row is decided by the first event about
 * it, whoever sent it, but by a refusal in a relayer's transaction alone; -1 marks rows that left the outbox without the
 * chain, which another program may have submitted all the same.
 */
export const relayProjector: Projector = {
  name: 'relay',
  async apply(tx, batch) {
    await markDecided(tx, batch);
    await markCallsDecided(tx, batch);
    await markMined(tx, batch);
  },
  async rollback(tx, ancestor) {
    await tx.query('UPDATE app.outbox SET decided_block = NULL WHERE decided_block > $1', [ancestor]);
    await tx.query(
      `UPDATE app.relay_transaction SET lost_block = mined_block, mined_block = NULL WHERE mined_block > $1`,
      [ancestor],
    );
  },
  async truncate(tx) {
    await tx.query('UPDATE app.outbox SET decided_block = NULL WHERE decided_block >= 0');
    await tx.query('UPDATE app.relay_transaction SET mined_block = NULL WHERE mined_block IS NOT NULL');
  },
};

/** The outbox id of a chunk of an issue order: keccak256(abi.encode(uint64 order, uint256 index)). */
export function issueChunkId(issueOrder: number | bigint, index: number | bigint): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(['uint64', 'uint256'], [issueOrder, index]));
}

async function markDecided(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const decided = new Map<string, bigint>();
  const refused = await ownRefusals(tx, batch);
  const own = new Set<IndexedEvent>(refused.map(({ event }) => event));
  for (const event of batch.events) {
    const id = decidedBy(event, own);
    if (id !== null && !decided.has(id)) decided.set(id, event.blockNumber);
  }
  if (decided.size === 0) return;
  await tx.query(
    `UPDATE app.outbox o SET decided_block = t.block_number
       FROM unnest($1::bytea[], $2::bigint[]) AS t (id, block_number)
      WHERE o.id = t.id AND (o.decided_block IS NULL OR o.decided_block = -1)`,
    [bytes(decided.keys()), numbers(decided.values())],
  );
}

/**
 * Not every call has an event that names it. A call has a transaction of its own, so an event in it shows that it was
 * executed; a reverted one leaves none.
 */
async function markCallsDecided(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const executed = new Map(batch.events.map(({ txHash, blockNumber }) => [txHash, blockNumber]));
  if (executed.size === 0) return;
  await tx.query(
    `UPDATE app.outbox o SET decided_block = t.block_number
       FROM unnest($1::bytea[], $2::bigint[]) AS t (hash, block_number)
      WHERE o.kind = 'call' AND o.relay_hash = t.hash AND o.decided_block IS NULL`,
    [bytes(executed.keys()), numbers(executed.values())],
  );
}

function decidedBy(event: IndexedEvent, ownRefused: ReadonlySet<IndexedEvent>): string | null {
  if (event.name === 'ActExecuted') return event.act;
  if (event.name === 'ChunkIssued') return issueChunkId(event.issueOrder, event.index);
  const order = decidedOrder(event);
  return order !== null && (order.settled || ownRefused.has(event)) ? order.id : null;
}

async function markMined(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const mined = batch.blocks.flatMap(({ number, txHashes }) =>
    txHashes.map((hash, place) => ({ hash, number, place })),
  );
  if (mined.length === 0) return;
  await tx.query(
    `UPDATE app.relay_transaction r SET mined_block = t.block_number, block_place = t.place
       FROM unnest($1::bytea[], $2::bigint[], $3::integer[]) AS t (hash, block_number, place)
      WHERE r.hash = t.hash AND r.mined_block IS DISTINCT FROM t.block_number`,
    [
      bytes(mined.map(({ hash }) => hash)),
      numbers(mined.map(({ number }) => number)),
      mined.map(({ place }) => place),
    ],
  );
}
