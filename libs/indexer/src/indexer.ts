import { setTimeout as sleep } from 'node:timers/promises';
import { asError } from './as-error.js';
import { AdvisoryLock, type Database, type Queryable } from '#persistence';
import { type BlockHeader, ChainError, type ChainNode, type CurrentDeployment } from '#node';
import { commonAncestor } from './ancestor.js';
import type { IndexedBatch, Projector } from './batch.js';
import {
  type Cursor,
  deleteAllBlocks,
  deleteBlocksAbove,
  insertBlocks,
  notifyBlock,
  readCursor,
  writeCursor,
} from './cursor.repository.js';
import { BlockReader } from './reader.js';

/** What one step did; for logs, metrics and progress. */
export interface IndexerStep {
  /** Blocks copied; 0 = nothing new, negative = blocks that a reorg removed. */
  readonly blocks: number;
  readonly events: number;
  /** The last block in the tables, null = none yet. */
  readonly cursor: bigint | null;
  /** The last block that may be copied (the node's head less the finality depth). */
  readonly head: bigint;
  /** How far the tables are behind: blocks, and seconds between the newest copied block and the head. */
  readonly lagBlocks: number;
  readonly lagSeconds: number;
  readonly durationMs: number;
}

/** Called by the loop; must not throw. */
export interface IndexerHooks {
  readonly onStep?: (step: IndexerStep) => void;
  /** A range is in the tables, committed. After a reorg the same blocks may come again. */
  readonly onApplied?: (batch: IndexedBatch) => void;
  /** The tables went back from block `from` to block `ancestor`, which the chain still has. */
  readonly onReorg?: (from: bigint, ancestor: bigint) => void;
  readonly onLeadership?: (leads: boolean) => void;
  /** `willRetry` false: the loop has ended for good and given up leadership; end the process, a restart may help. */
  readonly onError?: (error: Error, willRetry: boolean) => void;
}

export interface IndexerOptions {
  readonly db: Database;
  /** For the leader's lock, which needs a connection of its own. */
  readonly databaseUrl: string;
  readonly node: ChainNode;
  readonly deployment: CurrentDeployment;
  /** In the order in which they are applied. */
  readonly projectors: readonly Projector[];
  /** Blocks that are left alone at the head; 0 for chains with immediate finality. */
  readonly finalityDepth?: number;
  readonly pollIntervalMs?: number;
  /** Most blocks and wanted logs of one transaction; they bound memory. */
  readonly blocksMax?: number;
  readonly logsWanted?: number;
  /**
   * A node whose head is below the tables is asked again for so long before that counts as a reorg: it may be replaying
   * its journal, or be a slower member of a group.
   */
  readonly shorterChainMs?: number;
  readonly hooks?: IndexerHooks;
}

const DEFAULTS = { pollIntervalMs: 100, blocksMax: 256, logsWanted: 8_000, shorterChainMs: 10_000 };
/** At most a second: a database or node that restarts is back soon, and people wait until this has noticed. */
const BACK_OFF_MS = [100, 250, 500, 1_000];
const LEADER_RETRY_MS = 500;
/** Same in every process: one indexer per database. "jang" in ASCII. */
const INDEXER_LOCK = 0x6a616e67n;
/** A reorg or a rebuild is rare and may touch millions of rows; a timeout would only start it again. */
const NO_TIMEOUT = 'SET LOCAL statement_timeout = 0';

/** Copies the chain into the tables, block range by block range, each in one transaction with its cursor. */
export class Indexer {
  private readonly reader: BlockReader;
  private readonly leader: AdvisoryLock;
  private readonly settings: typeof DEFAULTS;
  private stopping = new AbortController();
  private running: Promise<void> | undefined;
  private shorterSince: number | undefined;
  private isVerified = false;
  private ahead: { readonly from: bigint; readonly batch: Promise<IndexedBatch | undefined> } | undefined;

  constructor(private readonly options: IndexerOptions) {
    const { pollIntervalMs, blocksMax, logsWanted, shorterChainMs } = options;
    this.settings = {
      pollIntervalMs: pollIntervalMs ?? DEFAULTS.pollIntervalMs,
      blocksMax: blocksMax ?? DEFAULTS.blocksMax,
      logsWanted: logsWanted ?? DEFAULTS.logsWanted,
      shorterChainMs: shorterChainMs ?? DEFAULTS.shorterChainMs,
    };
    this.reader = new BlockReader(options.node, options.deployment, this.settings);
    this.leader = new AdvisoryLock({
      url: options.databaseUrl,
      key: INDEXER_LOCK,
      applicationName: 'jangteo-indexer-leader',
    });
  }

  /** Whether this process is the one that indexes. */
  get leads(): boolean {
    return this.leader.isHeld;
  }

  /** Starts the loop: waits for leadership, then follows the chain until `stop`. */
  start(): void {
    if (this.running) return;
    this.stopping = new AbortController();
    this.running = this.loop(this.stopping.signal).finally(() => (this.running = undefined));
  }

  /** Ends the loop after its present step, and gives up leadership. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.ahead?.batch;
    await this.leader.release();
  }

  /**
   * Runs `work` while this process is the leader and no loop runs, e.g. a rebuild.
   *
   * @throws Error when another process indexes
   */
  async asLeader<T>(work: () => Promise<T>): Promise<T> {
    if (this.running) throw new Error('stop the indexer first');
    if (!(await this.leader.tryAcquire()))
      throw new Error('another process is indexing this database: stop it first');
    try {
      return await work();
    } finally {
      await this.leader.release();
    }
  }

  /**
   * One step: copies the next range, or undoes the blocks that a reorg removed, or finds nothing to do.
   *
   * @param until last block to copy, though the chain may go on
   */
  async runOnce(until?: bigint): Promise<IndexerStep> {
    const started = performance.now();
    await this.verifyChain();
    const cursor = await readCursor(this.options.db);
    const latest = await this.options.node.latest();
    const final = latest.number - BigInt(this.options.finalityDepth ?? 0);
    const head = until !== undefined && until < final ? until : final;
    const from = cursor === null ? this.options.deployment.blockNumber : cursor.number + 1n;
    const report = (blocks: number, events: number, at: bigint | null, time: number): IndexerStep => ({
      blocks,
      events,
      cursor: at,
      head,
      lagBlocks: Number(head - (at ?? from - 1n)),
      lagSeconds: at === head ? 0 : Math.max(0, latest.timestamp - time),
      durationMs: performance.now() - started,
    });
    if (cursor !== null && (await this.hasReorg(cursor, final, latest))) {
      const ancestor = await this.handleReorg(cursor);
      return report(Number(ancestor - cursor.number), 0, ancestor, latest.timestamp);
    }
    if (from > head) return report(0, 0, cursor?.number ?? null, latest.timestamp);
    const batch = await this.read(from, head);
    if (cursor !== null && batch.blocks[0]?.parentHash !== cursor.hash) {
      const ancestor = await this.handleReorg(cursor);
      return report(Number(ancestor - cursor.number), 0, ancestor, latest.timestamp);
    }
    if (batch.to < head) this.readAhead(batch.to + 1n, head);
    await this.apply(batch, cursor);
    const time = batch.blocks.at(-1)?.timestamp ?? latest.timestamp;
    return report(batch.blocks.length, batch.events.length, batch.to, time);
  }

  /** Steps until the tables are at the head, or at block `until`. `onStep` after each. */
  async catchUp(onStep?: (step: IndexerStep) => void, until?: bigint): Promise<IndexerStep> {
    for (;;) {
      const step = await this.runOnce(until);
      onStep?.(step);
      if (step.blocks === 0) return step;
    }
  }

  /** Empties every table of the projectors and the cursor, in one transaction. The next step begins at the deployment. */
  async reset(): Promise<void> {
    await this.options.db.transaction(async (tx) => {
      await tx.query(NO_TIMEOUT);
      await readCursor(tx, true);
      for (const projector of this.options.projectors.toReversed()) await projector.truncate(tx);
      await deleteAllBlocks(tx);
      await notifyBlock(tx, this.options.deployment.blockNumber);
    });
  }

  private async loop(signal: AbortSignal): Promise<void> {
    let failures = 0;
    let led = false;
    while (!signal.aborted) {
      let waitMs = this.settings.pollIntervalMs;
      try {
        const leads = await this.leader.tryAcquire();
        if (leads !== led) this.options.hooks?.onLeadership?.(leads);
        led = leads;
        if (leads) {
          const step = await this.runOnce();
          this.options.hooks?.onStep?.(step);
          if (step.lagBlocks > 0 && step.blocks !== 0) waitMs = 0;
        } else {
          waitMs = LEADER_RETRY_MS;
        }
        failures = 0;
      } catch (error) {
        const stops = error instanceof ChainError && error.action === 'stop';
        if (stops) {
          // A standby with another node or a newer release may do better.
          await this.leader.release();
          if (led) this.options.hooks?.onLeadership?.(false);
        }
        this.options.hooks?.onError?.(asError(error), !stops);
        if (stops) return;
        waitMs = BACK_OFF_MS[Math.min(failures++, BACK_OFF_MS.length - 1)] ?? 0;
      }
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Once per process: the node must serve the chain on which the contracts are. */
  private async verifyChain(): Promise<void> {
    if (this.isVerified) return;
    const { node, deployment } = this.options;
    await node.requireChain();
    const block = await node.header(deployment.blockNumber);
    if (!block) throw new ChainError('retry', 'the node does not have the block of the deployment yet');
    if (block.hash !== deployment.blockHash) {
      throw new ChainError(
        'stop',
        'the node serves another chain than the one the contracts were deployed on',
      );
    }
    this.isVerified = true;
  }

  private async hasReorg(cursor: Cursor, head: bigint, latest: BlockHeader): Promise<boolean> {
    if (head >= cursor.number) {
      this.shorterSince = undefined;
      // Only the newest block's hash is at hand; below it the next block's parent shows it.
      return latest.number === cursor.number && latest.hash !== cursor.hash;
    }
    this.shorterSince ??= performance.now();
    return performance.now() - this.shorterSince >= this.settings.shorterChainMs;
  }

  /**
   * Reads the next range while the database works on this one. A failure is left to the next step, which reads again; a
   * reorg in between shows in the parent hash.
   */
  private readAhead(from: bigint, head: bigint): void {
    this.ahead = { from, batch: this.reader.read(from, head).catch(() => undefined) };
  }

  private async read(from: bigint, head: bigint): Promise<IndexedBatch> {
    const { ahead } = this;
    this.ahead = undefined;
    // Also when it is of no use: the reader does one thing at a time.
    const batch = await ahead?.batch;
    return ahead?.from === from && batch !== undefined ? batch : this.reader.read(from, head);
  }

  private async apply(batch: IndexedBatch, expected: Cursor | null): Promise<void> {
    const last = batch.blocks.at(-1);
    if (!last) return;
    await this.options.db.transaction(async (tx) => {
      await this.lockCursor(tx, expected);
      await insertBlocks(tx, batch.blocks);
      for (const projector of this.options.projectors) await projector.apply(tx, batch);
      await writeCursor(tx, { number: last.number, hash: last.hash });
      await notifyBlock(tx, last.number);
    });
    this.options.hooks?.onApplied?.(batch);
  }

  private async handleReorg(cursor: Cursor): Promise<bigint> {
    const { db, node, deployment, projectors } = this.options;
    const ancestor = await commonAncestor(db, node, cursor, deployment.blockNumber);
    await db.transaction(async (tx) => {
      await tx.query(NO_TIMEOUT);
      await this.lockCursor(tx, cursor);
      for (const projector of projectors.toReversed()) await projector.rollback(tx, ancestor.number);
      await deleteBlocksAbove(tx, ancestor.number);
      await writeCursor(tx, ancestor);
      await notifyBlock(tx, ancestor.number);
    });
    this.shorterSince = undefined;
    this.options.hooks?.onReorg?.(cursor.number, ancestor.number);
    return ancestor.number;
  }

  /** Leadership can be lost without notice (a broken connection); the cursor is what really keeps two apart. */
  private async lockCursor(tx: Queryable, expected: Cursor | null): Promise<void> {
    const found = await readCursor(tx, true);
    if (found?.number !== expected?.number || found?.hash !== expected?.hash) {
      throw new ChainError('retry', 'another process moved the cursor');
    }
  }
}
