import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { Indexer, type IndexerStep } from '#indexer';
import { ledgerProjectors } from '#ledger';
import { ChainNode, CurrentDeployment } from '#node';
import { Database } from '#persistence';
import { Log, Metrics, Readiness, ServiceConfig } from '#platform';
import { SettledWatch } from './settled-watch.js';

/** An indexer that has not finished a step for so long is not working. */
const SILENT_MS_MAX = 15_000;

/** Copies the chain into the tables while this process is the leader. */
@Injectable()
export class IndexerJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly indexer: Indexer;
  private last: IndexerStep | undefined;
  private lastAt = performance.now();
  private leads = false;
  private failure: Error | undefined;
  private readonly failed = Promise.withResolvers<Error>();

  constructor(
    @Inject(ServiceConfig) config: ServiceConfig,
    @Inject(Log) private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
    watch: SettledWatch,
    db: Database,
    node: ChainNode,
    deployment: CurrentDeployment,
  ) {
    this.indexer = new Indexer({
      db,
      databaseUrl: config.databaseUrl,
      node,
      deployment,
      projectors: ledgerProjectors(),
      finalityDepth: config.finalityDepth,
      hooks: {
        onStep: (step) => this.onStep(step),
        onApplied: (batch) => watch.applied(batch),
        onReorg: (from, ancestor) =>
          log.warn('indexer.reorg', { fromBlock: Number(from), toBlock: Number(ancestor) }),
        onLeadership: (leads) => {
          this.leads = leads;
          log.info(leads ? 'indexer.leads' : 'indexer.stands_by');
        },
        onError: (error, willRetry) => {
          log[willRetry ? 'warn' : 'error']('indexer.failed', { message: error.message, error });
          if (!willRetry) this.fail(error);
        },
      },
    });
  }

  onApplicationBootstrap(): void {
    const leads = this.metrics.gauge({
      name: 'jangteo_indexer_leads',
      help: '1 in the process that copies the chain; the sum over all workers has to be 1',
    });
    Object.assign(leads, { collect: () => leads.set(this.leads ? 1 : 0) });
    this.readiness.add('indexer', async () => {
      if (this.failure) throw this.failure;
      if (this.leads && performance.now() - this.lastAt > SILENT_MS_MAX)
        throw new Error('the indexer is stuck');
      return {
        leads: this.leads,
        block: Number(this.last?.cursor ?? 0),
        lagBlocks: this.last?.lagBlocks ?? 0,
      };
    });
    this.indexer.start();
  }

  /** Whether this process is the one that copies the chain. */
  get isLeader(): boolean {
    return this.leads;
  }

  /**
   * Resolves when indexing ended for good (another chain, for example). The process should end then: another worker
   * leads, and a restarted one may find the fault mended.
   */
  get whenFailed(): Promise<Error> {
    return this.failed.promise;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.indexer.stop();
  }

  private fail(error: Error): void {
    this.failure = error;
    this.failed.resolve(error);
  }

  private onStep(step: IndexerStep): void {
    this.last = step;
    this.lastAt = performance.now();
    if (step.events === 0) return;
    this.log.debug('indexer.step', {
      toBlock: Number(step.cursor ?? 0),
      count: step.events,
      durationMs: Math.round(step.durationMs),
    });
  }
}
