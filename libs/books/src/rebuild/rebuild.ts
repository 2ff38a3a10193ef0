import { readCursor, type Indexer, type IndexerStep } from '#indexer';
import type { Database } from '#persistence';
import { differingTables, type Fingerprint, fingerprint } from './fingerprint.js';

export interface RebuildOptions {
  readonly db: Database;
  /** With the projectors of chain and books; its loop must not run. */
  readonly indexer: Indexer;
  /** Called after each range of blocks. */
  readonly onProgress?: (progress: RebuildProgress) => void;
}

export interface RebuildProgress {
  readonly block: bigint;
  readonly head: bigint;
  /** Events copied so far. */
  readonly events: number;
}

export interface RebuildResult {
  /** The last block that was copied. */
  readonly block: bigint | null;
  readonly events: number;
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  /** Tables whose rows are not what they were; empty when nothing was wrong. */
  readonly differing: readonly string[];
}

/**
 * Empties everything that follows from the chain and copies the chain again from the block of the deployment. What
 * people submitted stays. While it runs, balances and states are those of the block that it has reached.
 *
 * @throws Error when another process is indexing
 */
export function rebuild({ db, indexer, onProgress }: RebuildOptions): Promise<RebuildResult> {
  return indexer.asLeader(async () => {
    const before = await fingerprint(db);
    // As far as the tables went: what the chain added since would look like a difference.
    const until = (await readCursor(db))?.number;
    await indexer.reset();
    let events = 0;
    const last = await indexer.catchUp((step: IndexerStep) => {
      events += step.events;
      if (step.cursor !== null) onProgress?.({ block: step.cursor, head: step.head, events });
    }, until);
    const after = await fingerprint(db);
    return { block: last.cursor, events, before, after, differing: differingTables(before, after) };
  });
}
