import { type Database, Listener } from '#persistence';
import { silentLog, type SupervisorLog } from '#platform';
import type { CurrentDeployment, Signer } from '#node';
import { Executor } from './orphaned-key-recovery.js';
import { KeyOwnership } from './key-ownership.js';
import { Lane, type OnCarried, type OnRefused } from './relayer-key-worker.js';
import { OUTBOX_CHANNEL } from './outbox.js';
import { LostTail } from './reorg-handler.js';
import type { RelayNode } from './relay-node.js';
import { RelayRepository } from './relay.repository.js';
import { Wake } from './wake.js';

export interface RelayerOptions {
  /** For LISTEN and the ownership of keys, which need connections of their own. */
  readonly databaseUrl: string;
  readonly db: Database;
  readonly node: RelayNode;
  /** One lane each; lanes work side by side. In the same order in every process: it says which key carries whose. */
  readonly signers: readonly Signer[];
  readonly deployment: Pick<CurrentDeployment, 'chainId' | 'vouchers'>;
  /** Told of acts and chunks that the contract would refuse, inside the transaction that ends them. */
  readonly onRefused?: OnRefused;
  /** Told of every transaction once it is journalled. */
  readonly onCarried?: OnCarried;
  readonly log?: SupervisorLog;
  /** Most items of a batch, 1..400; default 400. */
  readonly itemsMax?: number;
  /** Most open transactions of a key; default 8 (a block of 150 M gas takes nine full batches). */
  readonly inFlightMax?: number;
  /** Pause after a batch that was not full; default 100 ms, less than half of what blocks are apart. */
  readonly lingerMs?: number;
  /** A key takes what another one left lying for so long; default 5 s, more than a full queue takes. */
  readonly patienceMs?: number;
  /** How long to sleep when nobody wakes; default 500 ms. */
  readonly idleMs?: number;
  /** How often journal and chain are compared; default 500 ms. */
  readonly checkMs?: number;
  /** An open transaction is sent again after this time; default 3 s. */
  readonly resendMs?: number;
  /** A mined transaction leaves the journal after so many blocks; default 2,000, as decided outbox rows. */
  readonly keepBlocks?: number;
  /** How often to look for journals of keys that nobody has any more; default 5 s. */
  readonly estatesMs?: number;
}

/**
 * Carries the outbox to the chain. Every transaction is journalled, together with the rows it carries, before it is
 * sent, so that a crash at any point is resumed from the journal; the contract settles each item once, whatever is
 * sent how often. Any number of processes may run one: a key is worked by one of them at a time.
 */
export class Relayer {
  private readonly wake: { readonly all: Wake[]; call(): void };
  private readonly lanes: Lane[];
  private readonly executor: Executor;
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
      lingerMs: options.lingerMs ?? 100,
      idleMs: options.idleMs ?? 500,
      checkMs: options.checkMs ?? 500,
      resendMs: options.resendMs ?? 3_000,
      keepBlocks: options.keepBlocks ?? 2_000,
      onRefused: options.onRefused ?? (() => Promise.resolve()),
      onCarried: options.onCarried,
      log,
    };
    const tail = new LostTail(options.node, repository, settings);
    this.lanes = options.signers.map((signer, place) => {
      const ownership = new KeyOwnership(options.databaseUrl, signer.address);
      const share = { place, of: options.signers.length, patienceMs: options.patienceMs ?? 5_000 };
      const wake = all[place] ?? new Wake();
      return new Lane(signer, options.node, repository, ownership, tail, wake, share, settings);
    });
    this.executor = new Executor(
      new Set(options.signers.map(({ address }) => address)),
      options.node,
      repository,
      tail,
      { ...settings, databaseUrl: options.databaseUrl, estatesMs: options.estatesMs ?? 5_000 },
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
    return this.lanes.filter(({ isOwned }) => isOwned).length;
  }

  /** Returns when it listens; the work goes on until stop(). Can be started once. */
  async start(): Promise<void> {
    if (this.running !== undefined) throw new Error('a relayer is started once');
    await this.listener.start();
    this.running = Promise.all([...this.lanes.map((lane) => lane.run()), this.executor.run()]);
  }

  /** Ends after the transactions in hand are journalled; what is open is resumed by the next start. */
  async stop(): Promise<void> {
    this.lanes.forEach((lane) => lane.stop());
    this.executor.stop();
    await this.listener.stop();
    await this.running;
  }
}
