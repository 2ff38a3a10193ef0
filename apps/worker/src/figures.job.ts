import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { readCursorBlock } from '#indexer';
import { ChainNode, CurrentDeployment, readChainStatus, snapshotHealth } from '#node';
import { HttpRelayNode, readBacklog, readKeys } from '#relayer';
import { Database } from '#persistence';
import { Log, messageOf, Metrics, Readiness, ServiceConfig } from '#platform';

const EVERY_MS = 5_000;

/**
 * Reads how far the chain's copy and the outbox are behind. A timer and not the scrape asks, so that many who scrape
 * do not become load. Every worker reports the same figures; when they can't be read they are missing, not old.
 */
@Injectable()
export class FiguresJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly gauges;
  private readonly snapshots;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;

  constructor(
    @Inject(Log) private readonly log: Log,
    private readonly db: Database,
    private readonly node: ChainNode,
    private readonly relayNode: HttpRelayNode,
    private readonly config: ServiceConfig,
    private readonly deployment: CurrentDeployment,
    private readonly readiness: Readiness,
    metrics: Metrics,
  ) {
    this.gauges = gaugesOf(metrics);
    this.snapshots = snapshotGaugesOf(metrics);
  }

  onApplicationBootstrap(): void {
    this.readiness.add('chain', async () => {
      await this.node.requireChain();
      const { home, chainRpcUrl } = this.config;
      return { chainId: this.deployment.chainId, ...(await snapshotHealth(home, chainRpcUrl)) };
    });
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
  }

  private look(): void {
    this.working ??= this.read().finally(() => {
      this.working = undefined;
    });
  }

  private async read(): Promise<void> {
    const { gauges } = this;
    // Alarms are written for "no data" as well; a gauge that keeps its last value would hide the trouble.
    const parts: [() => Promise<void>, () => void][] = [
      [
        () => this.readBacklog(),
        () => [gauges.waiting, gauges.submitted, gauges.oldest].forEach((one) => one.reset()),
      ],
      [
        () => this.readLag(),
        () => [gauges.block, gauges.lagBlocks, gauges.lagSeconds].forEach((one) => one.set(NaN)),
      ],
      [() => this.readKeys(), () => [gauges.open, gauges.drift].forEach((one) => one.reset())],
      [() => this.readSnapshots(), () => this.forgetSnapshots()],
    ];
    for (const [read, forget] of parts) {
      try {
        await read();
      } catch (error) {
        forget();
        this.log.warn('figures.failed', { message: messageOf(error) });
      }
    }
  }

  private async readBacklog(): Promise<void> {
    for (const { kind, waiting, submitted, oldestSeconds } of await readBacklog(this.db)) {
      this.gauges.waiting.set({ kind }, waiting);
      this.gauges.submitted.set({ kind }, submitted);
      this.gauges.oldest.set({ kind }, oldestSeconds);
    }
  }

  private async readLag(): Promise<void> {
    const [indexed, head] = await Promise.all([readCursorBlock(this.db), this.node.latest()]);
    this.gauges.block.set(Number(indexed?.number ?? 0));
    this.gauges.lagBlocks.set(Math.max(0, Number(head.number - (indexed?.number ?? 0n))));
    this.gauges.lagSeconds.set(indexed === null ? 0 : Math.max(0, head.timestamp - indexed.timestamp));
  }

  private async readKeys(): Promise<void> {
    for (const { relayer, open, nextNonce } of await readKeys(this.db)) {
      this.gauges.open.set({ relayer }, open);
      this.gauges.drift.set({ relayer }, nextNonce - (await this.relayNode.transactionCount(relayer)));
    }
  }

  /** Of an embedded chain alone: another node looks after its own. */
  private async readSnapshots(): Promise<void> {
    const status = await readChainStatus(this.config.home, this.config.chainRpcUrl);
    if (status === undefined) return this.forgetSnapshots();
    this.snapshots.failures.set(status.failure?.times ?? 0);
    this.snapshots.fellBack.set(status.fallback === null ? 0 : 1);
    this.snapshots.replay.set(status.replaySeconds);
  }

  private forgetSnapshots(): void {
    for (const gauge of Object.values(this.snapshots)) gauge.set(NaN);
  }
}

function snapshotGaugesOf(metrics: Metrics) {
  return {
    failures: metrics.gauge({
      name: 'jangteo_chain_snapshot_failures',
      help: 'Tries to store the embedded chain’s state since the last that succeeded: 0 while that works',
    }),
    fellBack: metrics.gauge({
      name: 'jangteo_chain_fell_back',
      help: '1 when the embedded chain was started without its newest snapshot, which could not be used',
    }),
    replay: metrics.gauge({
      name: 'jangteo_chain_replay_seconds',
      help: 'How long the embedded chain would repeat blocks if it were started now',
    }),
  };
}

function gaugesOf(metrics: Metrics) {
  const ofKind = ['kind'] as const;
  return {
    waiting: metrics.gauge({
      name: 'jangteo_outbox_waiting',
      help: 'Outbox rows that are in no transaction',
      labelNames: ofKind,
    }),
    submitted: metrics.gauge({
      name: 'jangteo_outbox_submitted',
      help: 'Outbox rows in a transaction that no indexed block contains',
      labelNames: ofKind,
    }),
    oldest: metrics.gauge({
      name: 'jangteo_outbox_oldest_seconds',
      help: 'Age of the oldest outbox row that the chain has not decided',
      labelNames: ofKind,
    }),
    block: metrics.gauge({ name: 'jangteo_indexer_block', help: 'Last block in the tables' }),
    lagBlocks: metrics.gauge({
      name: 'jangteo_indexer_lag_blocks',
      help: 'Blocks of the node that are not in the tables',
    }),
    lagSeconds: metrics.gauge({
      name: 'jangteo_indexer_lag_seconds',
      help: 'Time between the newest block in the tables and the newest of the node',
    }),
    open: metrics.gauge({
      name: 'jangteo_relayer_open_transactions',
      help: 'Transactions of the key that no indexed block contains',
      labelNames: ['relayer'],
    }),
    drift: metrics.gauge({
      name: 'jangteo_relayer_key_drift',
      help: 'Next nonce of the journal less next nonce on chain: 0 at rest, below 0 when somebody else uses the key',
      labelNames: ['relayer'],
    }),
  };
}
