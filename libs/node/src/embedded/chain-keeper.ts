import path from 'node:path';
import { messageOf, type SupervisorLog } from '#platform';
import { clearOrphan, type AnvilProcess, type ChainIdentity } from './anvil-process.js';
import { ChainRestorer, sentenceOf } from './chain-restorer.js';
import { Journal } from './journal.js';
import { NodeError, type BlockHead, type NodeClient } from './node-client.js';
import type { Accepted, NodeTip } from './node-tip.js';
import { SnapshotMaker } from './snapshot-maker.js';
import { Snapshots, type Snapshot } from './snapshots.js';

/** More than this many waiting transactions and new ones are refused until blocks have taken some. */
const PENDING_MAX = 10_000;
/** A full disk, say: trying again at once would fail again. The pause doubles with each failure. */
const SAVE_PAUSE_MS_MIN = 30_000;
const SAVE_PAUSE_MS_MAX = 600_000;

export interface KeeperOptions {
  readonly folder: string;
  readonly identity: ChainIdentity;
  readonly log: SupervisorLog;
  /** Lines for the person who waits for a long replay. */
  readonly say: (text: string) => void;
  /** Breaks a replay off. */
  readonly signal: AbortSignal;
}

/** Storing the state fails, and since when. */
export interface SaveFailure {
  /** Unix ms of the first failure since the last success, and of the newest. */
  readonly since: number;
  readonly last: number;
  readonly times: number;
  readonly reason: string;
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
  private tip: NodeTip | undefined;
  /** Accepted by the node, in no journal entry yet. */
  private fresh: Accepted[] = [];
  /** What the newest snapshot covers of the tip's blocks and work. */
  private saved = { blocks: 0, workMs: 0 };
  /** A start that had to do without the newest snapshot needs another one, however little there is to replay. */
  private needsSnapshot = false;
  private newestSnapshot: Pick<Snapshot, 'block'> | undefined;
  private failure: SaveFailure | undefined;
  private fallback: string | undefined;
  private readonly log: SupervisorLog;
  private saving: { readonly done: Promise<void>; readonly abort: AbortController } | undefined;

  private constructor(
    private readonly options: KeeperOptions,
    private readonly journal: Journal,
    private readonly snapshots: Snapshots,
    private readonly maker: SnapshotMaker,
    private readonly restorer: ChainRestorer,
  ) {
    this.log = options.log;
  }

  static async open(options: KeeperOptions): Promise<ChainKeeper> {
    const { folder, identity, log } = options;
    const journal = await Journal.open(path.join(folder, 'journal'));
    const snapshots = await Snapshots.open(path.join(folder, 'snapshots'), log);
    const maker = new SnapshotMaker(folder, identity, journal, snapshots, log);
    await maker.clear();
    const restorer = new ChainRestorer({ ...options, journal, snapshots });
    return new ChainKeeper(options, journal, snapshots, maker, restorer);
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
    return (this.tip?.workMs ?? 0) - this.saved.workMs;
  }

  /** Block of the newest snapshot that a start can use, as far as known. */
  get snapshotBlock(): number | undefined {
    return this.newestSnapshot?.block;
  }

  /** Why no state could be stored since the last one that was; undefined while that works. */
  get saveFailure(): SaveFailure | undefined {
    return this.failure;
  }

  /** How this start did without snapshots that could not be used, as one sentence. */
  get fallbackSentence(): string | undefined {
    return this.fallback;
  }

  /** Whether a state has to be stored whatever a replay would cost. */
  get mustSave(): boolean {
    return this.needsSnapshot;
  }

  /** Unix ms before which storing the state is not tried again. */
  get saveAgainAt(): number {
    if (this.failure === undefined) return 0;
    const pause = SAVE_PAUSE_MS_MIN * 2 ** (this.failure.times - 1);
    return this.failure.last + Math.min(pause, SAVE_PAUSE_MS_MAX);
  }

  /**
   * Starts a node and takes it to the last journalled block: newest snapshot that continues the record, then the
   * entries after it. What can't be used is forgotten when the chain is there without it.
   *
   * @throws OperatorError when what is stored does not yield the recorded blocks
   */
  async restore(): Promise<AnvilProcess> {
    const recordFile = path.join(this.options.folder, 'node.json');
    await this.dismiss();
    await clearOrphan(recordFile, this.log);
    const startedAt = performance.now();
    const lost = this.fresh;
    this.tip = undefined;
    const restored = await this.restorer.restore(recordFile);
    const { node, tip, from, refused } = restored;
    try {
      for (const { block } of refused) await this.snapshots.removeState(block);
      // From here on readers may see it; before, they would have seen old blocks as the newest.
      this.node = node;
      this.tip = tip;
      this.saved = { blocks: 0, workMs: 0 };
      this.newestSnapshot = from === 0 ? undefined : { block: from };
      this.needsSnapshot ||= refused.length > 0;
      this.fallback = sentenceOf(restored) ?? this.fallback;
      // Accepted in this very process, but not journalled when the node died: the senders have our word.
      this.fresh = [];
      for (const { raw } of lost) await this.accept(raw).catch(() => undefined);
      this.log('info', 'chain.restored', {
        snapshot_block: from,
        replayed_blocks: tip.head.number - from,
        block: tip.head.number,
        duration_ms: Math.round(performance.now() - startedAt),
      });
      if (refused.length > 0) this.log('warn', 'chain.fell_back', { message: this.fallback });
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
    await this.journal.append({
      number: head.number + 1,
      timestamp,
      parentHash: head.hash,
      raws,
      normalised: at.isNormal,
    });
    this.fresh = [];
    at.waiting.push(...taken);
    const sealed = await at.seal(head.number + 1, timestamp);
    await this.journal.confirm(sealed.number, sealed.hash);
    return sealed;
  }

  /**
   * Begins to store the state, so that the next start replays little, and returns at once: blocks go on meanwhile.
   * Shows readers of the node a block that will not be (`NodeTip.normalise`): they have to wait.
   *
   * @returns false when it is being stored already
   */
  async beginSave(): Promise<boolean> {
    if (this.saving !== undefined) return false;
    // What is accepted and in no entry would come back in another place of the node's pool.
    if (this.fresh.length > 0) throw new Error('a state is stored between blocks');
    const { at, head } = this;
    const covered = { blocks: at.blocks, workMs: at.workMs };
    const probe = await at.normalise();
    await this.journal.beginSegment();
    const abort = new AbortController();
    const done = this.save({ head, probe }, abort.signal, (snapshot) => {
      this.failure = undefined;
      this.needsSnapshot = false;
      this.newestSnapshot = snapshot;
      // Another node has taken its place when it died meanwhile; that one counts from the snapshot it started with.
      if (this.tip === at) this.saved = covered;
    });
    this.saving = { abort, done };
    void done.finally(() => {
      if (this.saving?.done === done) this.saving = undefined;
    });
    return true;
  }

  get isSaving(): boolean {
    return this.saving !== undefined;
  }

  /** Resolves when nothing is being stored. */
  async saveEnded(): Promise<void> {
    await this.saving?.done;
  }

  /** Forgets the last blocks and everything that waits. For tests of reorgs. */
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

  private async save(
    at: { readonly head: BlockHead; readonly probe: string },
    signal: AbortSignal,
    onSaved: (snapshot: Snapshot) => void,
  ): Promise<void> {
    const startedAt = performance.now();
    const { head } = at;
    try {
      const snapshot = await this.maker.make(at, this.needsSnapshot || this.failure !== undefined, signal);
      onSaved(snapshot);
      this.log('info', 'chain.saved', {
        block: head.number,
        blocks: head.number - (snapshot.base ?? 0),
        bytes: Object.values(snapshot.parts).reduce((sum, { bytes }) => sum + bytes, 0),
        duration_ms: Math.round(performance.now() - startedAt),
      });
    } catch (error) {
      if (signal.aborted) return;
      this.noteFailure(messageOf(error), head.number);
    }
  }

  /** The journal holds everything, so nothing is lost; but each start takes longer than the one before. */
  private noteFailure(reason: string, block: number): void {
    const now = Date.now();
    const { since = now, times = 0 } = this.failure ?? {};
    this.failure = { since, last: now, times: times + 1, reason };
    this.log('error', 'chain.save_failed', {
      block,
      times: times + 1,
      message: `${reason}. Nothing is lost, but the next start replays more; see “Embedded chain” in docs/operations.md`,
    });
  }

  private async abandonSave(): Promise<void> {
    this.saving?.abort.abort();
    await this.saveEnded();
  }

  /** Ends the node on purpose, so that it does not count as a death. */
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
}
