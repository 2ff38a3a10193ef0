import { rm } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError, type SupervisorLog } from '#platform';
import { AnvilProcess, type ChainIdentity } from './anvil-process.js';
import type { Journal } from './journal.js';
import { NodeGone } from './node-client.js';
import { Diverged, NodeTip } from './node-tip.js';
import type { Snapshot, Snapshots } from './snapshots.js';

/** A long replay is heard of so often. */
const PROGRESS_MS = 3_000;
/** A snapshot with which the node dies so often is not tried again. */
const DEATHS_MAX = 3;

/** A node that has come to the last journalled block. */
export interface Restored {
  readonly node: AnvilProcess;
  readonly tip: NodeTip;
  /** Block of the snapshot it began with; 0 = from the first block, by the journal alone. */
  readonly from: number;
  /** Newer snapshots that could not be used. */
  readonly refused: readonly Refused[];
}

/** A snapshot that does not continue the record. */
export interface Refused {
  readonly block: number;
  readonly reason: string;
}

export interface RestorerOptions {
  readonly folder: string;
  readonly identity: ChainIdentity;
  readonly journal: Journal;
  readonly snapshots: Snapshots;
  readonly log: SupervisorLog;
  /** Lines for the person who waits. */
  readonly say: (text: string) => void;
  /** Breaks a replay off. */
  readonly signal: AbortSignal;
}

/**
 * Takes a node to the last journalled block: from the newest snapshot that continues the record, from older ones,
 * at last from the first block. Each step proves itself: a loaded state by its probe, a replayed block by the hash
 * that the next entry names, or that was noted after it.
 */
export class ChainRestorer {
  private readonly deaths = new Map<number, number>();

  constructor(private readonly options: RestorerOptions) {}

  /**
   * @param recordFile where the node's process is written down
   * @throws OperatorError when the journal alone does not give the recorded chain, or is damaged
   */
  async restore(recordFile: string): Promise<Restored> {
    const { journal, snapshots } = this.options;
    const last = await journal.lastBlock();
    const refused: Refused[] = [];
    const refuse = (block: number, reason: string) => {
      refused.push({ block, reason });
      this.options.log('error', 'chain.snapshot_refused', { block, reason });
    };
    for (const block of await snapshots.unreadable()) refuse(block, 'it is damaged or of another release');
    for (const snapshot of await snapshots.list()) {
      try {
        return { ...(await this.begin(snapshot, recordFile, last)), from: snapshot.block, refused };
      } catch (error) {
        refuse(snapshot.block, this.reasonOf(error, snapshot.block));
      }
    }
    try {
      return { ...(await this.begin(undefined, recordFile, last)), from: 0, refused };
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      throw new OperatorError(
        `The chain's journal in ${this.options.folder} does not give the recorded chain: replayed from the first block, ${error.message}. This release's node or settings differ: start the release that wrote it, or restore a backup.`,
      );
    }
  }

  /** Why to go on with an older snapshot. @throws the error when that would not help */
  private reasonOf(error: unknown, block: number): string {
    if (error instanceof NodeGone) {
      const deaths = (this.deaths.get(block) ?? 0) + 1;
      this.deaths.set(block, deaths);
      if (deaths >= DEATHS_MAX) return `the node died ${deaths} times with it: ${error.message}`;
    } else if (error instanceof Diverged) {
      return error.message;
    }
    throw error;
  }

  /** @throws Diverged when that does not give the recorded chain */
  private async begin(
    snapshot: Snapshot | undefined,
    recordFile: string,
    last: number,
  ): Promise<{ node: AnvilProcess; tip: NodeTip }> {
    const node = await this.start(snapshot, recordFile);
    try {
      const tip = await NodeTip.of(node.client);
      if (snapshot !== undefined) await this.adopt(snapshot, tip);
      await this.replay(tip, last);
      return { node, tip };
    } catch (error) {
      await node.kill();
      throw error;
    }
  }

  private async start(snapshot: Snapshot | undefined, recordFile: string): Promise<AnvilProcess> {
    const { folder, identity, journal, snapshots } = this.options;
    if (snapshot === undefined) return AnvilProcess.start(identity, recordFile);
    const next = await journal.entryAfter(snapshot.block);
    if (next !== undefined && !next.normalised) throw new Diverged('the journal goes on from another state');
    const stateFile = path.join(folder, 'node-state.tmp');
    try {
      if (!(await snapshots.compose(snapshot, stateFile, 'all')))
        throw new Diverged('its files are damaged or missing');
      return await AnvilProcess.start(identity, recordFile, { stateFile }).catch((error: unknown) => {
        // The checksums were right; whatever is wrong with the state, an older one may still do.
        throw error instanceof OperatorError ? new Diverged(error.message) : error;
      });
    } finally {
      await rm(stateFile, { force: true });
    }
  }

  /** Proves that the node holds the snapshot's state, and gives it the transactions that wait there. */
  private async adopt(snapshot: Snapshot, tip: NodeTip): Promise<void> {
    if (tip.head.number !== snapshot.block || tip.head.hash !== snapshot.hash)
      throw new Diverged(`the node loaded block ${tip.head.number} ${tip.head.hash}`);
    if ((await tip.normalise()) !== snapshot.probe) throw new Diverged('the node loaded another state');
    await tip.giveAgain(snapshot.pending, (message) =>
      this.options.log('warn', 'chain.pending_dropped', { message }),
    );
  }

  private async replay(tip: NodeTip, last: number): Promise<void> {
    const { journal, signal, say } = this.options;
    const from = tip.head.number;
    let saidAt = performance.now();
    for await (const entry of journal.entriesAfter(from)) {
      signal.throwIfAborted();
      await tip.repeat(entry);
      if (performance.now() - saidAt < PROGRESS_MS) continue;
      saidAt = performance.now();
      say(`chain: replayed block ${entry.number} of ${last}${from === 0 ? '' : `, from ${from}`}`);
    }
  }
}

/** How the chain came back although snapshots failed, as one sentence; undefined when all went well. */
export function sentenceOf({ tip, from, refused }: Restored): string | undefined {
  const [first] = refused;
  if (first === undefined) return undefined;
  const source = from === 0 ? 'its journal alone' : `its snapshot of block ${from}`;
  const others = refused.length > 1 ? ` and ${refused.length - 1} more` : '';
  return (
    `The chain was made again from ${source} to block ${tip.head.number}, and nothing is lost: the snapshot of ` +
    `block ${first.block}${others} could not be used (${first.reason}). A new one is made now.`
  );
}
