import { type Database, Listener } from '#persistence';
import { silentLog, type SupervisorLog } from '#platform';
import type { CurrentDeployment, Signer } from '#node';
import { keyLock } from './key-lock.js';
import { OrphanedKeyRecovery } from './orphaned-key-recovery.js';
import { OUTBOX_CHANNEL } from './outbox.js';
import type { RelayNode } from './relay-node.js';
import { RelayRepository } from './relay.repository.js';
import { type OnRefused, type OnSubmitted, RelayerKeyWorker } from './relayer-key-worker.js';
import { ReorgHandler } from './reorg-handler.js';
import { Wake } from './wake.js';

export interface RelayerOptions {
  /** For LISTEN and the ownership of keys, which need connections of their own. */
  readonly databaseUrl: string;
  readonly db: Database;
  readonly node: RelayNode;
  /** In the same order in every process: the place of a key says whose orders it relays. Keys work side by side. */
  readonly signers: readonly Signer[];
  readonly deployment: Pick<CurrentDeployment, 'chainId' | 'vouchers'>;
  /** Called for acts and chunks that the contract would refuse, inside the transaction that ends them. */
  readonly onRefused?: OnRefused;
  /** Called for every transaction once it is journalled. */
  readonly onSubmitted?: OnSubmitted;
  readonly log?: SupervisorLog;
  /** Most items of a batch, 1..400; default 400. */
  readonly itemsMax?: number;
  /** Most open transactions of a key; default 8 (a block of 150 M gas takes nine full batches). */
  readonly inFlightMax?: number;
  /** Pause after a batch that was not full; default 100 ms, less than half of what blocks are apart. */
  readonly batchDelayMs?: number;
  /** A key takes over rows that another key has left waiting for so long; default 5 s, more than a full queue takes. */
  readonly takeoverAfterMs?: number;
  /** How long to sleep without a notification; default 500 ms. */
  readonly idleMs?: number;
  /** How often journal and chain are compared; default 500 ms. */
  readonly checkMs?: number;
  /** An open transaction is sent again after this time; default 3 s. */
  readonly resendMs?: number;
  /** A mined transaction leaves the journal after so many blocks; default 2,000, as decided outbox rows. */
  readonly keepBlocks?: number;
  /** How often to look for journals of keys that no process has any more; default 5 s. */
  readonly orphanScanMs?: number;
}

/**
 * Submits the outbox to the chain. Every transaction is journalled, together with its rows, before it is sent, so that a crash at any point is resumed from the journal; the contract settles each item once, whatever is
 * sent how often. Any number of processes may run one: a key is worked by one of them at a time.
 */
export class Relayer {
  private readonly wake: { readonly all: Wake[]; call(): void };
  private readonly workers: RelayerKeyWorker[];
  private readonly recovery: OrphanedKeyRecovery;
  private readonly listener: Listener;
  private running: Promise<unknown> | undefined;

  constructor(options: RelayerOptions) {
    const all = options.signers.map(() => new Wake());
    this.wake = { all, call: () => all.forEach((wake) => wake.call()) };
    const repository = new RelayRepository(options.db);
    const log = options.log ?? silentLog;
    const settings = {
      chainId: options.deployment.chainId,
      vouchers: options.deployment.vouchers,
      itemsMax: options.itemsMax ?? 400,
      inFlightMax: options.inFlightMax ?? 8,
      batchDelayMs: options.batchDelayMs ?? 100,
      idleMs: options.idleMs ?? 500,
      checkMs: options.checkMs ?? 500,
      resendMs: options.resendMs ?? 3_000,
      keepBlocks: options.keepBlocks ?? 2_000,
      onRefused: options.onRefused ?? (() => Promise.resolve()),
      onSubmitted: options.onSubmitted,
      log,
    };
    const reorgs = new ReorgHandler(options.node, repository, settings);
    this.workers = options.signers.map((signer, place) => {
      const lock = keyLock(options.databaseUrl, signer.address);
      const share = { place, of: options.signers.length, takeoverAfterMs: options.takeoverAfterMs ?? 5_000 };
      const wake = all[place] ?? new Wake();
      return new RelayerKeyWorker(signer, options.node, repository, lock, reorgs, wake, share, settings);
    });
    this.recovery = new OrphanedKeyRecovery(
      new Set(options.signers.map(({ address }) => address)),
      options.node,
      repository,
      reorgs,
      { ...settings, databaseUrl: options.databaseUrl, orphanScanMs: options.orphanScanMs ?? 5_000 },
    );
    this.listener = new Listener({
      url: options.databaseUrl,
      channels: [OUTBOX_CHANNEL],
      onNotification: () => this.wake.call(),
      onConnected: () => this.wake.call(),
      onError: (error) => log('warn', 'relayer.listen_failed', { reason: error.message }),
    });
  }

  /** How many of the keys this process works for now; the others belong to another process. */
  get keysOwned(): number {
    return this.workers.filter(({ isOwned }) => isOwned).length;
  }

  /** Returns when it listens; the work goes on until stop(). Can be started once. */
  async start(): Promise<void> {
    if (this.running !== undefined) throw new Error('a relayer is started once');
    await this.listener.start();
    this.running = Promise.all([...this.workers.map((worker) => worker.run()), this.recovery.run()]);
  }

  /** Ends after the transactions in hand are journalled; what is open is resumed by the next start. */
  async stop(): Promise<void> {
    this.workers.forEach((worker) => worker.stop());
    this.recovery.stop();
    await this.listener.stop();
    await this.running;
  }
}
