import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { SupervisorLog } from '#platform';
import { AnvilProcess, clearOrphan, type ChainIdentity } from './anvil-process.js';
import type { Journal } from './journal.js';
import type { BlockHead } from './node-client.js';
import { Diverged, NodeTip } from './node-tip.js';
import { dumpOf } from './snapshot-parts.js';
import type { Snapshot, Snapshots } from './snapshots.js';

/** About a tenth of what the platform's processes get when the machine is full; all that is left when it is not. */
const NICENESS = 10;

/**
 * Makes snapshots without the node that serves: a second, short-lived one starts from the state of the snapshot
 * before, makes the journalled blocks since then again and is asked for its state. A node answers no call while it
 * dumps (measured: three seconds after 20,000 payments, growing with its history), and no client asks this one.
 * What was stored proves itself when it is loaded, as the next one's base or by a start; the one before is kept until
 * then.
 */
export class SnapshotMaker {
  private readonly recordFile: string;
  private readonly stateFile: string;

  constructor(
    folder: string,
    private readonly identity: ChainIdentity,
    private readonly journal: Journal,
    private readonly snapshots: Snapshots,
    private readonly log: SupervisorLog,
  ) {
    this.recordFile = path.join(folder, 'saver.json');
    this.stateFile = path.join(folder, 'saver-state.tmp');
  }

  /** Ends a node that a killed supervisor left behind. */
  clear(): Promise<void> {
    return clearOrphan(this.recordFile, this.log);
  }

  /**
   * Stores the state at a block whose journal segment is closed. A base that does not continue the record is given up
   * for an older one, at last for the first block; then, and when `prove` is asked for, another node loads what was
   * stored and has to come to the same state.
   *
   * @param at the block, and what the node that serves gave when it was normalised there
   * @param signal ends it early
   * @throws Error when it was ended, or another state came out whatever it began with
   */
  async make(
    at: { readonly head: BlockHead; readonly probe: string },
    prove: boolean,
    signal: AbortSignal,
  ): Promise<Snapshot> {
    const { head } = at;
    await this.clear();
    const bases = (await this.snapshots.list()).filter(({ block }) => block < head.number);
    let isDoubted = prove;
    for (const base of [...bases, undefined]) {
      try {
        const snapshot = await this.makeFrom(base, at, signal);
        if (isDoubted) await this.prove(snapshot, signal);
        await this.snapshots.keepLineOf(snapshot);
        return snapshot;
      } catch (error) {
        if (!(error instanceof Diverged) || base === undefined) throw error;
        isDoubted = true;
        this.log('warn', 'chain.base_refused', { block: base.block, message: error.message });
      }
    }
    throw new Error(`no state of block ${head.number} came out`);
  }

  private async makeFrom(
    base: Snapshot | undefined,
    { head, probe }: { readonly head: BlockHead; readonly probe: string },
    signal: AbortSignal,
  ): Promise<Snapshot> {
    return this.withNode(base, signal, async (node, tip) => {
      await tip.giveAgain(base?.pending ?? [], () => undefined);
      for await (const entry of this.journal.entries(tip.head.number, head.number)) await tip.repeat(entry);
      if (tip.head.hash !== head.hash) throw new Diverged(`another block ${head.number} came out`);
      if ((await tip.normalise()) !== probe)
        throw new Diverged(`another state of block ${head.number} came out`);
      const pending = tip.waiting.map(({ raw }) => raw);
      return this.snapshots.store(dumpOf(node.client.dump()), base, { head, probe, pending });
    });
  }

  /** Loads it as a start would, but without its history. */
  private async prove(snapshot: Snapshot, signal: AbortSignal): Promise<void> {
    try {
      await this.withNode(snapshot, signal, () => Promise.resolve());
    } catch (error) {
      await this.snapshots.remove(snapshot.block);
      throw error;
    }
  }

  /** Lends a node with the state of a snapshot, or a new one, and ends it. @throws Diverged when it loads otherwise */
  private async withNode<T>(
    snapshot: Snapshot | undefined,
    signal: AbortSignal,
    work: (node: AnvilProcess, tip: NodeTip) => Promise<T>,
  ): Promise<T> {
    const { stateFile } = this;
    if (snapshot !== undefined && !(await this.snapshots.compose(snapshot, stateFile, 'head')))
      throw new Diverged(`the files of block ${snapshot.block} are damaged`);
    const options = { niceness: NICENESS, ...(snapshot === undefined ? {} : { stateFile }) };
    const node = await AnvilProcess.start(this.identity, this.recordFile, options);
    const end = () => void node.kill();
    signal.addEventListener('abort', end);
    try {
      signal.throwIfAborted();
      const tip = await NodeTip.of(node.client);
      if (snapshot !== undefined && (await tip.normalise()) !== snapshot.probe)
        throw new Diverged(`the node loaded another state of block ${snapshot.block}`);
      return await work(node, tip);
    } finally {
      signal.removeEventListener('abort', end);
      await node.kill();
      await rm(stateFile, { force: true });
      await rm(this.recordFile, { force: true });
    }
  }
}
