import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { reconcile } from '#books';
import { ChainNode, CurrentDeployment } from '#node';
import { Database } from '#persistence';
import { Log, messageOf, Metrics, ServiceConfig } from '#platform';
import { IndexerJob } from './indexer.job.js';

/** The contract is asked for so many rows of each table: 2 s of a node's time. `jangteo reconcile` asks for all. */
const SAMPLE_ROWS = 2_000;
/** A statement that needs longer is broken off: this must not become the load. */
const STATEMENT_TIMEOUT_MS = 60_000;
const DIFFERENCES_LOGGED = 20;

/** Compares chain, tables and books again and again, in the process that leads. */
@Injectable()
export class ReconcileJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly differences;
  private readonly rows;
  private readonly doneAt;
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;

  constructor(
    @Inject(ServiceConfig) private readonly config: ServiceConfig,
    @Inject(Log) private readonly log: Log,
    private readonly db: Database,
    private readonly node: ChainNode,
    private readonly deployment: CurrentDeployment,
    private readonly indexer: IndexerJob,
    metrics: Metrics,
  ) {
    this.differences = metrics.gauge({
      name: 'jangteo_reconciliation_differences',
      help: 'Rows in which chain, tables and books differ, by the last comparison of this process; must be 0',
    });
    this.rows = metrics.gauge({
      name: 'jangteo_reconciliation_rows',
      help: 'Rows of the contract’s state that the last comparison looked at',
    });
    this.doneAt = metrics.gauge({
      name: 'jangteo_reconciliation_done_timestamp_seconds',
      help: 'When this process last finished a comparison; 0 = never',
    });
  }

  onApplicationBootstrap(): void {
    const { reconcileEverySeconds } = this.config;
    if (reconcileEverySeconds === 0) return;
    this.timer = setInterval(() => {
      this.working ??= this.compare().finally(() => {
        this.working = undefined;
      });
    }, reconcileEverySeconds * 1_000);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.working;
  }

  private async compare(): Promise<void> {
    if (!this.indexer.isLeader) return;
    const startedAt = performance.now();
    try {
      const { differences, rows, block } = await reconcile({
        db: this.db,
        node: this.node,
        deployment: this.deployment,
        sampleRows: SAMPLE_ROWS,
        statementTimeoutMs: STATEMENT_TIMEOUT_MS,
        signal: this.stopping.signal,
      });
      this.differences.set(differences.length);
      this.rows.set(rows);
      this.doneAt.set(Date.now() / 1000);
      const durationMs = Math.round(performance.now() - startedAt);
      const event = differences.length === 0 ? 'reconcile.agrees' : 'reconcile.differs';
      this.log[differences.length === 0 ? 'info' : 'error'](event, {
        blockNumber: Number(block),
        count: differences.length === 0 ? rows : differences.length,
        durationMs,
      });
      for (const { check, key, expected, found } of differences.slice(0, DIFFERENCES_LOGGED)) {
        this.log.error('reconcile.difference', {
          component: check,
          message: `${key}: expected ${expected}, found ${found}`,
        });
      }
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      this.log.warn('reconcile.failed', { message: messageOf(error) });
    }
  }
}
