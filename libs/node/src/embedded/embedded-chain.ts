import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  OperatorError,
  findFreePort,
  isPortFree,
  messageOf,
  readTextIfPresent,
  writeFileDurably,
  type SupervisorLog,
} from '#platform';
import type { AnvilProcess, ChainIdentity } from './anvil-process.js';
import { ChainKeeper } from './chain-keeper.js';
import { settleIdentity } from './chain-identity.js';
import { StatusFile, type ChainStatus } from './chain-status.js';
import { NodeError, NodeGone, type BlockHead } from './node-client.js';
import { ReadGate } from './read-gate.js';
import { RpcProxy, type RpcBackend } from './rpc-proxy.js';

const BLOCK_INTERVAL_MS = 250;
/**
 * Empty blocks keep the chain's clock near the machine's when no payment comes. Each costs the node about 16 kB of memory
 * (measured: 41 MB for 2,500), so they come seldom: 15 s make 92 MB a day, 1 s would make 1.4 GB.
 */
const HEARTBEAT_MS = 15_000;
/** So many blocks with transactions replay in a second or two, even when each holds little. */
const SNAPSHOT_BLOCKS = 2_000;
/** A start after kill -9 should replay no longer than this, whatever the blocks hold: 9k payments take a second. */
const REPLAY_MS_MAX = 10_000;
/** When no payment came for a while, the machine has time to store what the next start would replay. */
const IDLE_MS = 3_000;
const IDLE_REPLAY_MS = 500;
/** Readings end in milliseconds; one that takes longer sees at worst a block that is unwound, as in a reorg. */
const READERS_MS_MAX = 2_000;
const RESTARTS_PER_MINUTE_MAX = 30;
const RESTART_WAIT_MS = 15_000;

export interface EmbeddedChainOptions {
  /** The state folder (JANGTEO_HOME); the chain is kept in its `chain/`. */
  readonly home: string;
  /** Demand this public port. Without it a free one is chosen and kept for the next starts. */
  readonly port?: number;
  /** Only for a new chain; an existing one keeps its own. */
  readonly chainId?: number;
  /** Time from one block to the next while there are transactions; default 250 ms. */
  readonly blockIntervalMs?: number;
  /** Time after which a block is mined although it is empty; default 15 s. */
  readonly heartbeatMs?: number;
  /** Store the state after so many blocks with transactions (or about 10 s worth of replay, or when idle); default 2,000. */
  readonly snapshotBlocks?: number;
  readonly log: SupervisorLog;
  /** Lines for the person who waits for a long replay. */
  readonly onProgress?: (text: string) => void;
  /** Gives the start up, also in a long replay; what was started is ended. Without effect once it serves. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedChain {
  /** The public JSON-RPC address; stays the same while the node behind it is restarted. */
  readonly url: string;
  readonly chainId: number;
  /** Process id of the present node. */
  readonly pid: number;
  /** Ends the node; everything is on disk already. Safe to call twice. */
  stop(): Promise<void>;
  /** Called once when the chain is gone for good: after stop (no reason), or given up (with the reason). */
  onExit(callback: (reason?: Error) => void): void;
  /** Reachable in this process only, never over the network. */
  readonly testing: EmbeddedChainTesting;
}

export interface EmbeddedChainTesting {
  /** The chain forgets its last blocks, as a node does that lost its disk's tail. */
  loseTail(blocks: number): Promise<void>;
  /** SIGKILL to the node; resolves when its successor answers. */
  killNode(): Promise<void>;
  /** Stores the state now and resolves when that has ended, well or not. */
  save(): Promise<void>;
  /** Mines a block now. @returns its number */
  mine(): Promise<number>;
  /** Sets the chain's clock ahead of the wall clock from the next block on; it never runs backwards. */
  setClockAhead(seconds: number): void;
}

/**
 * Starts the embedded chain, or continues the one in this home: an anvil that only we can reach, a journal that
 * is on disk before each block, and a public port that answers standard calls alone.
 *
 * Block times are the wall clock's seconds; several blocks may share one (anvil allows equal timestamps), so the
 * chain's time never drifts from ours.
 *
 * @throws OperatorError with a message for the operator when it cannot be started
 */
export async function startEmbeddedChain(options: EmbeddedChainOptions): Promise<EmbeddedChain> {
  const folder = path.join(path.resolve(options.home), 'chain');
  await mkdir(folder, { recursive: true });
  const identity = await settleIdentity(folder, options.chainId);
  const abort = new AbortController();
  const giveUp = () => abort.abort(new OperatorError('The start of the chain was broken off.'));
  options.signal?.addEventListener('abort', giveUp);
  if (options.signal?.aborted) giveUp();
  try {
    const { log, onProgress: say = () => undefined } = options;
    const keeper = await ChainKeeper.open({ folder, identity, log, say, signal: abort.signal });
    const chain = new ChainSupervisor(options, folder, identity, keeper, abort);
    await chain.start();
    return chain;
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }
}

class ChainSupervisor implements EmbeddedChain, RpcBackend {
  private proxy: RpcProxy | undefined;
  /** Everything that changes the chain goes through here, one after the other. */
  private queue: Promise<unknown> = Promise.resolve();
  private ready: Promise<void> = Promise.resolve();
  private stopping = false;
  private stopped: Promise<void> | undefined;
  private clockAhead = 0;
  private lastBlockAt = performance.now();
  private lastWorkAt = Number.NEGATIVE_INFINITY;
  private restartsAt: number[] = [];
  private loop: Promise<void> = Promise.resolve();
  private readonly gate = new ReadGate();
  private readonly status: StatusFile;
  private readonly exitCallbacks: ((reason?: Error) => void)[] = [];

  readonly testing: EmbeddedChainTesting = {
    loseTail: (blocks) => this.exclusive(async () => this.watch(await this.keeper.loseTail(blocks))),
    killNode: () => this.killNode(),
    mine: () => this.exclusive(async () => (await this.mine()).number),
    save: async () => {
      await this.keeper.saveEnded();
      await this.exclusive(async () => {
        if (this.keeper.hasWork) await this.mine();
        await this.beginSave();
      });
      await this.keeper.saveEnded();
    },
    setClockAhead: (seconds) => {
      this.clockAhead = seconds;
    },
  };

  constructor(
    private readonly options: EmbeddedChainOptions,
    private readonly folder: string,
    private readonly identity: ChainIdentity,
    private readonly keeper: ChainKeeper,
    /** Ends waiting and replaying. */
    private readonly abort: AbortController,
  ) {
    this.status = new StatusFile(options.home, () => this.describe());
  }

  get url(): string {
    return `http://127.0.0.1:${this.proxy?.port ?? 0}`;
  }

  get chainId(): number {
    return this.identity.chainId;
  }

  get pid(): number {
    return this.keeper.pid;
  }

  onExit(callback: (reason?: Error) => void): void {
    this.exitCallbacks.push(callback);
  }

  async start(): Promise<void> {
    await this.restart();
    try {
      this.proxy = await this.openPort();
    } catch (error) {
      this.stopping = true;
      await this.keeper.close();
      throw error;
    }
    await this.status.begin();
    this.loop = this.mineForever();
    this.options.log('info', 'chain.started', { pid: this.pid, url: this.url, chain_id: this.chainId });
  }

  async send(raw: string): Promise<string> {
    return this.retrying(() => this.exclusive(() => this.keeper.accept(raw)));
  }

  async read(method: string, params: readonly unknown[]): Promise<unknown> {
    return this.retrying(() => this.gate.pass(() => this.keeper.client.call(method, params)));
  }

  async stop(): Promise<void> {
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  private async shutDown(): Promise<void> {
    this.stopping = true;
    this.abort.abort();
    await this.loop;
    await this.proxy?.close();
    await this.exclusive(() => this.keeper.close());
    await this.status.end();
    this.options.log('info', 'chain.stopped', {});
    this.announceExit();
  }

  private async mineForever(): Promise<void> {
    const interval = this.options.blockIntervalMs ?? BLOCK_INTERVAL_MS;
    const heartbeat = this.options.heartbeatMs ?? HEARTBEAT_MS;
    while (!this.stopping) {
      const startedAt = performance.now();
      let used: number | undefined;
      try {
        await this.ready;
        await this.exclusive(async () => {
          used = this.keeper.pidIfRunning;
          if (this.keeper.hasWork || performance.now() - this.lastBlockAt >= heartbeat) await this.mine();
          await this.saveWhenDue();
        });
      } catch (error) {
        await this.handleTrouble(error, used);
      }
      const rest = Math.max(interval - (performance.now() - startedAt), 1);
      await sleep(rest, undefined, { signal: this.abort.signal }).catch(() => undefined);
    }
  }

  private async mine(): Promise<BlockHead> {
    const head = await this.keeper.mine(Math.floor(Date.now() / 1000) + this.clockAhead);
    this.lastBlockAt = performance.now();
    if (head.transactions.length > 0) this.lastWorkAt = this.lastBlockAt;
    return head;
  }

  private async saveWhenDue(): Promise<void> {
    const { keeper } = this;
    const isIdle = !keeper.hasWork && performance.now() - this.lastWorkAt >= IDLE_MS;
    const isDue =
      keeper.mustSave ||
      keeper.replayMs >= (isIdle ? IDLE_REPLAY_MS : REPLAY_MS_MAX) ||
      keeper.unsavedBlocks >= (this.options.snapshotBlocks ?? SNAPSHOT_BLOCKS);
    if (isDue && Date.now() >= keeper.saveAgainAt) await this.beginSave();
  }

  private async beginSave(): Promise<void> {
    const { keeper } = this;
    if (keeper.isSaving) return;
    await this.gate.whileClosed(READERS_MS_MAX, () => keeper.beginSave());
    void keeper.saveEnded().then(() => this.status.write());
  }

  private describe(): ChainStatus {
    const { snapshotBlock = null, saveFailure, fallbackSentence = null, replayMs } = this.keeper;
    const failure =
      saveFailure === undefined
        ? null
        : {
            since: Math.floor(saveFailure.since / 1000),
            times: saveFailure.times,
            reason: saveFailure.reason,
          };
    const replaySeconds = Math.round(replayMs / 100) / 10;
    return { url: this.url, snapshotBlock, replaySeconds, failure, fallback: fallbackSentence };
  }

  /** A node that is gone comes back by itself (see watch); anything else, a full disk say, needs a restart too. */
  private async handleTrouble(error: unknown, used: number | undefined): Promise<void> {
    if (this.stopping) return;
    this.options.log('error', 'chain.mining_failed', { message: messageOf(error) });
    if (error instanceof NodeGone) {
      // It may hang rather than be dead; its end is what starts the successor.
      await this.keeper.killNode(used);
      await sleep(50);
      return;
    }
    this.giveUp(error instanceof Error ? error : new Error(String(error)));
  }

  /** Restarts the node when it ends unasked. */
  private watch(node: AnvilProcess): void {
    node.onEnd(() => {
      if (this.stopping || !this.keeper.isCurrent(node)) return;
      this.options.log('error', 'chain.node_died', { pid: node.pid });
      this.ready = this.exclusive(() => this.restart());
      this.ready.catch((error: unknown) =>
        this.giveUp(error instanceof Error ? error : new Error(String(error))),
      );
    });
  }

  private async restart(): Promise<void> {
    while (!this.stopping) {
      const now = performance.now();
      this.restartsAt = [...this.restartsAt.filter((at) => at > now - 60_000), now];
      if (this.restartsAt.length > RESTARTS_PER_MINUTE_MAX) {
        throw new OperatorError(
          `The chain's node died ${this.restartsAt.length} times within a minute; see its log.`,
        );
      }
      try {
        this.watch(await this.keeper.restore());
        return;
      } catch (error) {
        if (error instanceof OperatorError) throw error;
        this.options.log('error', 'chain.restart_failed', { message: messageOf(error) });
        await sleep(200);
      }
    }
  }

  private async killNode(): Promise<void> {
    const { pid } = this;
    await this.keeper.killNode(pid);
    for (let waited = 0; waited < RESTART_WAIT_MS; waited += 10) {
      await sleep(10);
      await this.ready;
      if (this.keeper.pidIfRunning !== undefined && this.keeper.pidIfRunning !== pid) return;
    }
    throw new Error('the node did not come back');
  }

  /** Waits out a restart instead of failing: callers see a slow answer, not an error. */
  private async retrying<T>(work: () => Promise<T>): Promise<T> {
    const until = performance.now() + RESTART_WAIT_MS;
    for (;;) {
      try {
        await this.ready;
        return await work();
      } catch (error) {
        if (error instanceof NodeError || this.stopping || performance.now() > until) throw error;
        await sleep(20);
      }
    }
  }

  private exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async openPort(): Promise<RpcProxy> {
    if (this.options.port !== undefined) return RpcProxy.listen(this.options.port, this);
    const file = path.join(this.folder, 'port');
    const remembered = Number(await readTextIfPresent(file));
    const port = remembered > 0 && (await isPortFree(remembered)) ? remembered : await findFreePort();
    const proxy = await RpcProxy.listen(port, this);
    if (port !== remembered) await writeFileDurably(file, `${port}\n`, 0o644);
    return proxy;
  }

  private giveUp(reason: Error): void {
    if (this.stopping) return;
    this.stopping = true;
    this.abort.abort();
    this.options.log('error', 'chain.given_up', { message: reason.message });
    this.stopped = (async () => {
      await this.proxy?.close();
      await this.keeper.close();
      await this.status.end();
    })();
    this.announceExit(reason);
  }

  private announceExit(reason?: Error): void {
    for (const callback of this.exitCallbacks.splice(0)) callback(reason);
  }
}
