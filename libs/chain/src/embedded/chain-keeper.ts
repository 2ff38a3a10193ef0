import path from 'node:path';
import { OperatorError, type SupervisorLog } from '#platform';
import { AnvilProcess, clearOrphan, type ChainIdentity } from './anvil-process.js';
import { Journal, type JournalEntry } from './journal.js';
import { NodeError, type BlockHead, type NodeClient } from './node-client.js';
import { Snapshots } from './snapshots.js';

/** More than this many waiting transactions and new ones are refused until blocks have taken some. */
const PENDING_MAX = 10_000;

interface Accepted {
  readonly raw: string;
  readonly hash: string;
}

/**
 * The chain itself: one anvil, its journal and its snapshots. Methods must be called one at a time (the
 * supervisor queues them), because the order in which the node gets transactions is the order a replay repeats.
 *
 * Nothing is lost on kill -9 of anything: a block's journal entry is on disk before the block is mined, and block
 * hashes are a function of the entries (fixed genesis time, chain id, order). A replay checks itself by the parent
 * hash in the next entry.
 */
export class ChainKeeper {
  private node: AnvilProcess | undefined;
  private tip: BlockHead | undefined;
  /** Accepted by the node, in no journal entry yet. */
  private fresh: Accepted[] = [];
  /** In the journal, but in no block yet. */
  private waiting: Accepted[] = [];
  /** Blocks with transactions since the last snapshot. */
  private unsaved = 0;
  /** What the node spent on transactions and blocks since the last snapshot: about what a replay would take. */
  private unsavedWorkMs = 0;
  private savedBlock = -1;

  private constructor(
    private readonly folder: string,
    private readonly identity: ChainIdentity,
    private readonly journal: Journal,
    private readonly snapshots: Snapshots,
    private readonly log: SupervisorLog,
  ) {}

  static async open(folder: string, identity: ChainIdentity, log: SupervisorLog): Promise<ChainKeeper> {
    const journal = await Journal.open(path.join(folder, 'journal'));
    const snapshots = await Snapshots.open(path.join(folder, 'snapshots'), log);
    return new ChainKeeper(folder, identity, journal, snapshots, log);
  }

  get client(): NodeClient {
    return this.running.client;
  }

  get pid(): number {
    return this.running.pid;
  }

  get pidIfRunning(): number | undefined {
    return this.node?.pid;
  }

  /** Whether this is the node in use, not one that was replaced on purpose. */
  isCurrent(node: AnvilProcess): boolean {
    return this.node === node;
  }

  /** SIGKILL to the node without any preparation, unless another has taken its place. */
  async killNode(pid: number | undefined): Promise<void> {
    if (this.node?.pid === pid) await this.node?.kill();
  }

  get head(): BlockHead {
    if (this.tip === undefined) throw new Error('the chain is not restored yet');
    return this.tip;
  }

  /** Whether the next block would hold something. */
  get hasWork(): boolean {
    // What waits may be executable only while blocks still take some of it: a full block leaves the rest.
    return this.fresh.length > 0 || (this.waiting.length > 0 && (this.tip?.transactions.length ?? 0) > 0);
  }

  get unsavedBlocks(): number {
    return this.unsaved;
  }

  /** Estimated duration of the replay that a kill -9 would cost now, in ms. */
  get replayMs(): number {
    return this.unsavedWorkMs;
  }

  /**
   * Starts a node and brings it to the last journalled block: newest good snapshot, then the entries after it.
   *
   * @throws OperatorError when what is stored does not yield the recorded blocks
   */
  async restore(): Promise<AnvilProcess> {
    const recordFile = path.join(this.folder, 'node.json');
    await this.dismiss();
    await clearOrphan(recordFile, this.log);
    const startedAt = Date.now();
    const lost = this.fresh;
    const node = await this.startFromSnapshot(recordFile);
    try {
      const from = this.head.number;
      const entries = await this.journal.entriesAfter(from);
      for (const [index, entry] of entries.entries())
        await this.replay(node.client, entry, entries[index + 1]);
      // From here on readers may see it; before, they would have seen old blocks as the newest.
      this.node = node;
      // Accepted in this very process, but not journalled when the node died: the senders have our word.
      this.fresh = [];
      for (const { raw } of lost) await this.accept(raw).catch(() => undefined);
      this.log('info', 'chain.restored', {
        snapshot_block: from,
        replayed_blocks: entries.length,
        block: this.head.number,
        duration_ms: Date.now() - startedAt,
      });
      return node;
    } catch (error) {
      await node.kill();
      throw error;
    }
  }

  /** Hands a signed transaction to the node. @returns its hash @throws NodeError when the node refuses it */
  async accept(raw: string): Promise<string> {
    if (this.fresh.length + this.waiting.length >= PENDING_MAX) {
      throw new NodeError('eth_sendRawTransaction', -32005, 'transaction pool is full, try again later');
    }
    const startedAt = performance.now();
    const hash = await this.running.client.call('eth_sendRawTransaction', [raw]);
    this.unsavedWorkMs += performance.now() - startedAt;
    if (typeof hash !== 'string') throw new NodeError('eth_sendRawTransaction', -32000, 'unreadable answer');
    this.fresh.push({ raw, hash });
    return hash;
  }

  /** Journals, then mines one block of what was accepted. @param now Unix seconds */
  async mine(now: number): Promise<BlockHead> {
    const { head } = this;
    const taken = this.fresh;
    const timestamp = Math.max(head.timestamp, now);
    const raws = taken.map((accepted) => accepted.raw);
    await this.journal.append({ number: head.number + 1, timestamp, parentHash: head.hash, raws });
    this.fresh = [];
    this.waiting.push(...taken);
    return this.seal(this.running.client, head.number + 1, timestamp);
  }

  /** Stores the state, so that the next start replays little. */
  async save(): Promise<void> {
    if (this.head.number === this.savedBlock && this.fresh.length === 0) return;
    const { client } = this.running;
    await this.forgetDropped(client);
    const pending = this.waiting.map((accepted) => accepted.raw);
    await this.snapshots.take(client, this.head, pending);
    await this.journal.beginSegment();
    this.unsaved = 0;
    this.unsavedWorkMs = 0;
    this.savedBlock = this.head.number;
    const kept = await this.snapshots.list();
    const oldest = kept.at(-1);
    // One snapshot alone leans on the whole journal; from two on, the older one is what we may fall back to.
    if (kept.length > 1 && oldest !== undefined) await this.journal.dropUpTo(oldest.block);
    this.log('info', 'chain.saved', { block: this.head.number });
  }

  /** Forgets the last blocks and everything that waits. For tests of what a lost tail does to others. */
  async loseTail(blocks: number): Promise<AnvilProcess> {
    const target = Math.max(this.head.number - blocks, 0);
    await this.dismiss();
    for (const snapshot of await this.snapshots.list()) {
      if (snapshot.block > target) await this.snapshots.remove(snapshot.block);
    }
    await this.journal.cutAfter(target);
    this.fresh = [];
    return this.restore();
  }

  /** Ends the node. @param save store the state first */
  async close(save: boolean): Promise<void> {
    try {
      if (save && this.node !== undefined && this.tip !== undefined) await this.save();
    } finally {
      await this.journal.close();
      await this.dismiss();
    }
  }

  /** Ends the node on purpose, so that nobody takes it for a death. */
  private async dismiss(): Promise<void> {
    const { node } = this;
    this.node = undefined;
    await node?.kill();
  }

  private get running(): AnvilProcess {
    if (this.node === undefined) throw new Error('the chain has no node');
    return this.node;
  }

  private async startFromSnapshot(recordFile: string): Promise<AnvilProcess> {
    for (const snapshot of await this.snapshots.list()) {
      const node = await this.launch(recordFile);
      const loaded = await this.snapshots.load(node.client, snapshot).catch(() => false);
      if (loaded) {
        this.tip = await node.client.block('latest');
        this.savedBlock = snapshot.block;
        await this.resubmit(node.client, snapshot.pending);
        return node;
      }
      this.log('error', 'chain.snapshot_broken', { block: snapshot.block });
      await node.kill();
      await this.snapshots.remove(snapshot.block);
    }
    const node = await this.launch(recordFile);
    this.tip = await node.client.block('latest');
    this.waiting = [];
    return node;
  }

  private async launch(recordFile: string): Promise<AnvilProcess> {
    this.unsaved = 0;
    this.unsavedWorkMs = 0;
    this.savedBlock = -1;
    return AnvilProcess.start(this.identity, recordFile);
  }

  private async resubmit(client: NodeClient, raws: readonly string[]): Promise<void> {
    this.waiting = [];
    for (const raw of raws) {
      try {
        this.waiting.push({ raw, hash: String(await client.call('eth_sendRawTransaction', [raw])) });
      } catch (error) {
        // Its place was taken meanwhile; the node would have dropped it as well.
        if (!(error instanceof NodeError)) throw error;
        this.log('warn', 'chain.pending_dropped', { message: error.message });
      }
    }
  }

  private async replay(
    client: NodeClient,
    entry: JournalEntry,
    next: JournalEntry | undefined,
  ): Promise<void> {
    if (this.head.hash !== entry.parentHash) {
      throw new OperatorError(
        `The chain's journal does not continue block ${this.head.number}. Restore the state folder from a backup.`,
      );
    }
    for (const raw of entry.raws) {
      const hash = await client.call('eth_sendRawTransaction', [raw]).catch((error: unknown) => {
        if (!(error instanceof NodeError)) throw error;
        throw new OperatorError(
          `Replaying the chain, the node refused a transaction of block ${entry.number}: ${error.message}. Start the release that wrote the state folder.`,
        );
      });
      this.waiting.push({ raw, hash: String(hash) });
    }
    const head = await this.seal(client, entry.number, entry.timestamp);
    if (next !== undefined && next.parentHash !== head.hash) {
      throw new OperatorError(
        `Replaying the chain gave another block ${head.number} than the recorded one. This release's node or settings differ; start the release that wrote it.`,
      );
    }
  }

  private async seal(client: NodeClient, number: number, timestamp: number): Promise<BlockHead> {
    const startedAt = performance.now();
    const head = await client.mine(timestamp);
    this.unsavedWorkMs += performance.now() - startedAt;
    if (head.number !== number || head.timestamp !== timestamp) {
      throw new OperatorError(
        `The node mined block ${head.number} at ${head.timestamp}, wanted ${number} at ${timestamp}.`,
      );
    }
    this.tip = head;
    if (head.transactions.length > 0) {
      this.unsaved += 1;
      const included = new Set(head.transactions);
      this.waiting = this.waiting.filter((accepted) => !included.has(accepted.hash));
    }
    return head;
  }

  /** The node drops transactions whose place was taken by another; they must not be kept waiting for ever. */
  private async forgetDropped(client: NodeClient): Promise<void> {
    const alive: Accepted[] = [];
    for (const accepted of this.waiting) {
      if ((await client.call('eth_getTransactionByHash', [accepted.hash])) !== null) alive.push(accepted);
    }
    this.waiting = alive;
  }
}
