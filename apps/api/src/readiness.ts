import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChainNode, CurrentDeployment, snapshotHealth } from '#node';
import { Database } from '#persistence';
import { Readiness, ServiceConfig } from '#platform';
import { ChainRepository } from './discovery/chain.repository.js';

/** The answers are older than people expect when the indexer is so far behind the node, in blocks. */
const LAG_BLOCKS_MAX = 30n;

/** What this process needs to serve: a migrated database, the right chain, and an indexer that keeps up. */
@Injectable()
export class ApiReadiness implements OnModuleInit {
  constructor(
    private readonly config: ServiceConfig,
    private readonly readiness: Readiness,
    private readonly db: Database,
    private readonly deployment: CurrentDeployment,
    private readonly node: ChainNode,
    private readonly chain: ChainRepository,
  ) {}

  onModuleInit(): void {
    this.readiness.add('database', async () => {
      await this.db.query('SELECT 1');
    });
    this.readiness.add('migrations', async () => {
      if (!(await this.db.isMigrated())) throw new Error('migrations are missing');
    });
    this.readiness.add('chain', async () => {
      await this.node.requireChain();
      const { home, chainRpcUrl } = this.config;
      return { chainId: this.deployment.chainId, ...(await snapshotHealth(home, chainRpcUrl)) };
    });
    this.readiness.add('indexer', async () => {
      const [head, indexed] = await Promise.all([this.node.latest(), this.chain.indexedBlock()]);
      const lag = head.number - (indexed?.number ?? 0n);
      if (lag > LAG_BLOCKS_MAX) throw new Error(`the indexer is ${lag} blocks behind`);
      return { blocksBehind: Number(lag) };
    });
  }
}
