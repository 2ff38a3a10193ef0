import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from '#access';
import { IssuanceModule } from '#issuance';
import { JobsWorkerModule } from '#jobs';
import { DeploymentModule, NodeModule } from '#node';
import { PersistenceModule } from '#persistence';
import { type Environment, HealthModule, MetricsRouteModule, ServiceConfig, SettingsModule } from '#platform';
import { HttpRelayNode } from '#relayer';
import { ResidentsModule } from '#residents';
import { FiguresJob } from './figures.job.js';
import { IndexerJob } from './indexer.job.js';
import { IssueListJob } from './issue-list.job.js';
import { ReconcileJob } from './reconcile.job.js';
import { RelayerJob } from './relayer.job.js';
import { SettledWatch } from './settled-watch.js';
import { UpkeepJob } from './upkeep.job.js';

/** The worker: the same features as in the API without their routes, and the jobs. */
@Module({})
export class WorkerModule {
  static forRoot(env: Environment): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        SettingsModule.forRoot(env),
        PersistenceModule.forService({ applicationName: 'jangteo-worker', role: 'worker', reports: false }),
        DeploymentModule.forRoot(),
        NodeModule.forRoot(),
        HealthModule,
        MetricsRouteModule,
        JobsWorkerModule.forService(),
        AccessModule,
        IssuanceModule,
        ResidentsModule,
      ],
      providers: [
        {
          provide: HttpRelayNode,
          inject: [ServiceConfig],
          useFactory: ({ chainRpcUrl }: ServiceConfig) => new HttpRelayNode(chainRpcUrl),
        },
        SettledWatch,
        IndexerJob,
        RelayerJob,
        IssueListJob,
        UpkeepJob,
        FiguresJob,
        ReconcileJob,
      ],
    };
  }
}
