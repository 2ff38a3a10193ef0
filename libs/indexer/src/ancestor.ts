import type { Queryable } from '#persistence';
import { ChainError, type ChainNode } from '#node';
import { type Cursor, readBlocks } from './cursor.repository.js';

const STEP_MAX = 256n;

/**
 * The newest block that the tables and the chain have in common, searched from the cursor downwards in growing steps.
 *
 * @param lowest the deployment's block; when even that differs it is another chain
 * @throws ChainError `stop` when there is none
 */
export async function commonAncestor(
  db: Queryable,
  node: ChainNode,
  cursor: Cursor,
  lowest: bigint,
): Promise<Cursor> {
  const latest = await node.latest();
  let top = cursor.number < latest.number ? cursor.number : latest.number;
  for (let step = 1n; top >= lowest; step = step < STEP_MAX ? step * 4n : STEP_MAX) {
    const bottom = top - step + 1n > lowest ? top - step + 1n : lowest;
    const [stored, served] = await Promise.all([readBlocks(db, bottom, top), node.headers(bottom, top)]);
    const hashes = new Map(served.map((header) => [header.number, header.hash]));
    const common = stored.find((block) => hashes.get(block.number) === block.hash);
    if (common) return common;
    top = bottom - 1n;
  }
  throw new ChainError('stop', 'the chain was replaced: not even the block of the deployment is the same');
}
