import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { ActRefusals, ActsRepository, AuditRepository } from '#access';
import { DeploymentModule } from '#node';
import { ExpiryEnqueuer, IssueListEnqueuer, IssueListsRepository } from '#issuance';
import { AccountKeysService, AccountsRepository } from '#residents';
import { PersistenceModule } from '#persistence';
import { HealthModule, Log, MetricsModule, ServiceConfig } from '#platform';
import { FiguresJob } from './figures.job.js';
import { IndexerJob } from './indexer.job.js';
import { IssueListJob } from './issue-list.job.js';
import { ReconcileJob } from './reconcile.job.js';
import { RelayerJob } from './relayer.job.js';
import { SettledWatch } from './settled-watch.js';
import { UpkeepJob } from './upkeep.job.js';

/** A module made for one configuration; a class of its own, so that several can live in one test process. */
export function workerModule(config: ServiceConfig, log: Log): Type {
  @Module({
    imports: [
      PersistenceModule.forRoot({
        url: config.databaseUrl,
        poolMax: config.databasePoolMax,
        applicationName: 'jangteo-worker',
        rights: { role: 'worker', mode: config.databaseRoles },
        testClock: config.testClock,
        onPoolError: (error) => log.warn('database.connection_lost', { message: error.message }),
      }),
      DeploymentModule.forRoot(),
      MetricsModule,
      HealthModule,
      settings(config, log),
    ],
    // Only what the jobs need: the controllers of the feature modules stay out of this process.
    providers: [
      ActsRepository,
      AuditRepository,
      ActRefusals,
      IssueListsRepository,
      IssueListEnqueuer,
      ExpiryEnqueuer,
      AccountsRepository,
      AccountKeysService,
      SettledWatch,
      IndexerJob,
      RelayerJob,
      IssueListJob,
      UpkeepJob,
      FiguresJob,
      ReconcileJob,
    ],
  })
  class WorkerModule {}
  return WorkerModule;
}

function settings(config: ServiceConfig, log: Log): DynamicModule {
  @Module({})
  class SettingsModule {}
  const providers = [
    { provide: ServiceConfig, useValue: config },
    { provide: Log, useValue: log },
  ];
  return { module: SettingsModule, global: true, providers, exports: [ServiceConfig, Log] };
}
