import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { SupervisorLog } from '#platform';
import { AnvilProcess, clearOrphan, type ChainIdentity } from './anvil-process.js';
import type { Journal } from './journal.js';
import type { BlockHead } from './node-client.js';
import { NodeTip } from './node-tip.js';
import { dumpOf } from './snapshot-parts.js';
import type { Snapshot, Snapshots } from './snapshots.js';

/** About a tenth of what the platform's processes get when the machine is full; all that is left when it is not. */
const NICENESS = 10;

/**
 * Makes snapshots without the node that serves: a second, short-lived one starts from the state of the snapshot
 * before, makes the journalled blocks since then again and is asked for its state. A node answers nobody while it
 * dumps (measured: three seconds after 20,000 payments, growing with its history), and this one serves nobody.
 */
export class SnapshotMaker {
  private readonly recordFile: string;

  constructor(
    private readonly folder: string,
    private readonly identity: ChainIdentity,
    private readonly journal: Journal,
    private readonly snapshots: Snapshots,
    private readonly log: SupervisorLog,
  ) {
    this.recordFile = path.join(folder, 'saver.json');
  }

  /** Ends a node that a killed supervisor left behind. */
  clear(): Promise<void> {
    return clearOrphan(this.recordFile, this.log);
  }

  /**
   * Stores the state at a block whose journal segment is closed.
   *
   * @param signal ends it early
   * @throws Error when it was ended, or the second node came to another block
   */
  async make(head: BlockHead, signal: AbortSignal): Promise<Snapshot> {
    const stateFile = path.join(this.folder, 'saver-state.tmp');
    await this.clear();
    const base = await this.baseOf(head, stateFile);
    const options = { niceness: NICENESS, ...(base === undefined ? {} : { stateFile }) };
    const node = await AnvilProcess.start(this.identity, this.recordFile, options);
    const end = () => void node.kill();
    signal.addEventListener('abort', end);
    try {
      signal.throwIfAborted();
      const tip = await NodeTip.of(node.client);
      await tip.giveAgain(base?.pending ?? [], () => undefined);
      for await (const entry of this.journal.entries(tip.head.number, head.number)) await tip.repeat(entry);
      if (tip.head.hash !== head.hash)
        throw new Error(`another block ${head.number} came out: ${tip.head.hash}, not ${head.hash}`);
      await tip.forgetDropped();
      const pending = tip.waiting.map(({ raw }) => raw);
      return await this.snapshots.store(dumpOf(node.client.dump()), base, head, pending);
    } finally {
      signal.removeEventListener('abort', end);
      await node.kill();
      await rm(stateFile, { force: true });
      await rm(this.recordFile, { force: true });
    }
  }

  /** The newest intact snapshot before the block, its state written into the file. */
  private async baseOf(head: BlockHead, stateFile: string): Promise<Snapshot | undefined> {
    for (const snapshot of await this.snapshots.list()) {
      if (snapshot.block < head.number && (await this.snapshots.compose(snapshot, stateFile, 'head')))
        return snapshot;
    }
    return undefined;
  }
}
