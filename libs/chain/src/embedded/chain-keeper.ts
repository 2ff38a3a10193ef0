import { rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, type SupervisorLog } from '#platform';
import { AnvilProcess, clearOrphan, type ChainIdentity } from './anvil-process.js';
import { Journal } from './journal.js';
import { NodeError, type BlockHead, type NodeClient } from './node-client.js';
import { NodeTip, type Accepted } from './node-tip.js';
import { SnapshotMaker } from './snapshot-maker.js';
import { Snapshots } from './snapshots.js';

/** More than this many waiting transactions and new ones are refused until blocks have taken some. */
const PENDING_MAX = 10_000;

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
  private tip: NodeTip | undefined;
  /** Accepted by the node, in no journal entry yet. */
  private fresh: Accepted[] = [];
  /** What the newest snapshot covers of the tip's blocks and work. */
  private saved = { blocks: 0, workMs: 0 };
  /** When storing the state failed last, on the clock of Date.now(). */
  saveFailedAt = 0;
  private saving: { readonly done: Promise<void>; readonly abort: AbortController } | undefined;

  private constructor(
    private readonly folder: string,
    private readonly identity: ChainIdentity,
    private readonly journal: Journal,
    private readonly snapshots: Snapshots,
    private readonly maker: SnapshotMaker,
    private readonly log: SupervisorLog,
  ) {}

  static async open(folder: string, identity: ChainIdentity, log: SupervisorLog): Promise<ChainKeeper> {
    const journal = await Journal.open(path.join(folder, 'journal'));
    const snapshots = await Snapshots.open(path.join(folder, 'snapshots'), log);
    const maker = new SnapshotMaker(folder, identity, journal, snapshots, log);
    await maker.clear();
    return new ChainKeeper(folder, identity, journal, snapshots, maker, log);
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
    return this.at.head;
  }

  /** Whether the next block would hold something. */
  get hasWork(): boolean {
    // What waits may be executable only while blocks still take some of it: a full block leaves the rest.
    return this.fresh.length > 0 || (this.at.waiting.length > 0 && this.head.transactions.length > 0);
  }

  /** Blocks with transactions that no snapshot covers. */
  get unsavedBlocks(): number {
    return this.at.blocks - this.saved.blocks;
  }

  /** Estimated duration of the replay that a kill -9 would cost now, in ms. */
  get replayMs(): number {
    return this.at.workMs - this.saved.workMs;
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
    this.tip = undefined;
    const { node, tip } = await this.startFromSnapshot(recordFile);
    try {
      const from = tip.head.number;
      for await (const entry of this.journal.entriesAfter(from)) await tip.repeat(entry);
      // From here on readers may see it; before, they would have seen old blocks as the newest.
      this.node = node;
      this.tip = tip;
      this.saved = { blocks: 0, workMs: 0 };
      // Accepted in this very process, but not journalled when the node died: the senders have our word.
      this.fresh = [];
      for (const { raw } of lost) await this.accept(raw).catch(() => undefined);
      this.log('info', 'chain.restored', {
        snapshot_block: from,
        replayed_blocks: tip.head.number - from,
        block: tip.head.number,
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
    if (this.fresh.length + this.at.waiting.length >= PENDING_MAX) {
      throw new NodeError('eth_sendRawTransaction', -32005, 'transaction pool is full, try again later');
    }
    const hash = await this.at.give(raw);
    this.fresh.push({ raw, hash });
    return hash;
  }

  /** Journals, then mines one block of what was accepted. @param now Unix seconds */
  async mine(now: number): Promise<BlockHead> {
    const { at, head } = this;
    const taken = this.fresh;
    const timestamp = Math.max(head.timestamp, now);
    const raws = taken.map((accepted) => accepted.raw);
    await this.journal.append({ number: head.number + 1, timestamp, parentHash: head.hash, raws });
    this.fresh = [];
    at.waiting.push(...taken);
    return at.seal(head.number + 1, timestamp);
  }

  /**
   * Begins to store the state, so that the next start replays little, and returns at once: blocks go on meanwhile.
   *
   * @returns false when it is being stored already
   */
  async beginSave(): Promise<boolean> {
    if (this.saving !== undefined) return false;
    const { at, head } = this;
    const covered = { blocks: at.blocks, workMs: at.workMs };
    await this.journal.beginSegment();
    const abort = new AbortController();
    const done = this.save(head, abort.signal, () => {
      // Another node has taken its place when it died meanwhile; that one counts from the snapshot it started with.
      if (this.tip === at) this.saved = covered;
    });
    this.saving = { abort, done };
    void done.finally(() => {
      if (this.saving?.done === done) this.saving = undefined;
    });
    return true;
  }

  /** Resolves when nothing is being stored. */
  async saveEnded(): Promise<void> {
    await this.saving?.done;
  }

  /** Forgets the last blocks and everything that waits. For tests of what a lost tail does to others. */
  async loseTail(blocks: number): Promise<AnvilProcess> {
    const target = Math.max(this.head.number - blocks, 0);
    await this.abandonSave();
    await this.dismiss();
    for (const snapshot of await this.snapshots.described()) {
      if (snapshot.block > target) await this.snapshots.remove(snapshot.block);
    }
    await this.journal.cutAfter(target);
    this.fresh = [];
    return this.restore();
  }

  /** Ends the node. Nothing has to be stored: the journal holds all, and the next start replays what is not saved. */
  async close(): Promise<void> {
    await this.abandonSave();
    await this.journal.close();
    await this.dismiss();
  }

  private async save(head: BlockHead, signal: AbortSignal, onSaved: () => void): Promise<void> {
    const startedAt = Date.now();
    try {
      const { parts, base } = await this.maker.make(head, signal);
      onSaved();
      this.log('info', 'chain.saved', {
        block: head.number,
        blocks: head.number - (base ?? 0),
        bytes: Object.values(parts).reduce((sum, { bytes }) => sum + bytes, 0),
        duration_ms: Date.now() - startedAt,
      });
    } catch (error) {
      if (signal.aborted) return;
      this.saveFailedAt = Date.now();
      // The journal holds everything; only the next start takes longer.
      this.log('warn', 'chain.save_failed', { block: head.number, message: messageOf(error) });
    }
  }

  private async abandonSave(): Promise<void> {
    this.saving?.abort.abort();
    await this.saveEnded();
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

  private get at(): NodeTip {
    if (this.tip === undefined) throw new Error('the chain is not restored yet');
    return this.tip;
  }

  private async startFromSnapshot(recordFile: string): Promise<{ node: AnvilProcess; tip: NodeTip }> {
    const stateFile = path.join(this.folder, 'node-state.tmp');
    for (const snapshot of await this.snapshots.list()) {
      if (!(await this.snapshots.compose(snapshot, stateFile, 'all'))) continue;
      const node = await AnvilProcess.start(this.identity, recordFile, { stateFile });
      const tip = await NodeTip.of(node.client);
      await rm(stateFile, { force: true });
      if (tip.head.number === snapshot.block && tip.head.hash === snapshot.hash) {
        await tip.giveAgain(snapshot.pending, (message) =>
          this.log('warn', 'chain.pending_dropped', { message }),
        );
        return { node, tip };
      }
      this.log('error', 'chain.snapshot_refused', { block: snapshot.block });
      await node.kill();
    }
    await rm(stateFile, { force: true });
    const node = await AnvilProcess.start(this.identity, recordFile);
    return { node, tip: await NodeTip.of(node.client) };
  }
}
