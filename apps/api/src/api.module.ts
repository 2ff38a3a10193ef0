import { type DynamicModule, Module } from '@nestjs/common';
import { AccessHttpModule } from '#access';
import { BooksModule } from '#books';
import { IssuanceHttpModule } from '#issuance';
import { MerchantsModule } from '#merchants';
import { migrations } from '#migrations';
import { DeploymentModule, NodeModule } from '#node';
import { OrdersModule } from '#orders';
import { PersistenceModule } from '#persistence';
import { ClientLimits, type Environment, HealthModule, MetricsModule, SettingsModule } from '#platform';
import { ReportingModule } from '#reporting';
import { ResidentsHttpModule } from '#residents';
import { ChainRepository } from './discovery/chain.repository.js';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { ProblemsController } from './discovery/problems.controller.js';
import { ApiReadiness } from './readiness.js';
import { SharedLimits } from './shared-limits.js';

/** The node is asked for readiness and for keys alone; no request waits longer for it. */
const NODE_TIMEOUT_MS = 2_000;

/** The API: every feature over HTTP. */
@Module({})
export class ApiModule {
  static forRoot(env: Environment, limits: ClientLimits): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        SettingsModule.forRoot(env),
        PersistenceModule.forService({
          applicationName: 'jangteo-api',
          role: 'api',
          reports: true,
          migrations,
        }),
        DeploymentModule.forRoot(),
        NodeModule.forRoot(NODE_TIMEOUT_MS),
        HealthModule,
        MetricsModule,
        AccessHttpModule,
        IssuanceHttpModule,
        MerchantsModule,
        ResidentsHttpModule,
        OrdersModule.forService(),
        BooksModule,
        ReportingModule,
      ],
      controllers: [DiscoveryController, ProblemsController],
      providers: [ChainRepository, ApiReadiness, SharedLimits, { provide: ClientLimits, useValue: limits }],
    };
  }
}
