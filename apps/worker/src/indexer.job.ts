import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { booksProjectors } from '#books';
import { ChainNode, chainProjectors, CurrentDeployment, Indexer, type IndexerStep } from '#chain';
import { Database } from '#persistence';
import { Log, Metrics, Readiness, ServiceConfig } from '#platform';

/** An indexer that has not finished a step for so long is not working. */
const SILENT_MS_MAX = 15_000;

/** Copies the chain into the tables while this process is the leader. */
@Injectable()
export class IndexerJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly node: ChainNode;
  private readonly indexer: Indexer;
  private last: IndexerStep | undefined;
  private lastAt = Date.now();
  private leads = false;

  constructor(
    @Inject(ServiceConfig) config: ServiceConfig,
    @Inject(Log) private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
    db: Database,
    deployment: CurrentDeployment,
  ) {
    this.node = ChainNode.connect({ url: config.chainRpcUrl, chainId: deployment.chainId });
    this.indexer = new Indexer({
      db,
      databaseUrl: config.databaseUrl,
      node: this.node,
      deployment,
      projectors: [...chainProjectors(), ...booksProjectors()],
      finalityDepth: config.finalityDepth,
      hooks: {
        onStep: (step) => this.onStep(step),
        onRollback: (from, ancestor) =>
          log.warn('indexer.rolled_back', { fromBlock: Number(from), toBlock: Number(ancestor) }),
        onLeadership: (leads) => {
          this.leads = leads;
          log.info(leads ? 'indexer.leads' : 'indexer.stands_by');
        },
        onError: (error, willRetry) =>
          log[willRetry ? 'warn' : 'error']('indexer.failed', { message: error.message, error }),
      },
    });
  }

  onApplicationBootstrap(): void {
    this.measure();
    this.readiness.add('indexer', async () => {
      if (this.leads && Date.now() - this.lastAt > SILENT_MS_MAX) throw new Error('the indexer is stuck');
      return {
        leads: this.leads,
        block: Number(this.last?.cursor ?? 0),
        lagBlocks: this.last?.lagBlocks ?? 0,
      };
    });
    this.indexer.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.indexer.stop();
    this.node.close();
  }

  private onStep(step: IndexerStep): void {
    this.last = step;
    this.lastAt = Date.now();
    if (step.events === 0) return;
    this.log.debug('indexer.step', {
      toBlock: Number(step.cursor ?? 0),
      count: step.events,
      durationMs: Math.round(step.durationMs),
    });
  }

  private measure(): void {
    const figures = {
      jangteo_indexer_block: ['Last block in the tables', () => Number(this.last?.cursor ?? 0)],
      jangteo_indexer_lag_blocks: [
        'Blocks of the node that are not in the tables',
        () => this.last?.lagBlocks ?? 0,
      ],
      jangteo_indexer_lag_seconds: [
        'Age of the newest indexed block against the head',
        () => this.last?.lagSeconds ?? 0,
      ],
    } satisfies Record<string, [string, () => number]>;
    for (const [name, [help, read]] of Object.entries(figures)) {
      const gauge = this.metrics.gauge({ name, help });
      // Read when asked, so that a stuck indexer shows its last state.
      Object.assign(gauge, { collect: () => gauge.set(read()) });
    }
  }
}
