import { Global, Injectable, Module, type OnApplicationShutdown, type Type } from '@nestjs/common';
import { AccessModule } from '#access';
import { ChainNode, CurrentDeployment, DeploymentModule } from '#node';
import { BooksModule } from '#books';
import { IssuanceModule } from '#issuance';
import { MerchantsModule } from '#merchants';
import { migrations } from '#migrations';
import { PaymentsModule } from '#payments';
import { PersistenceModule, type RoleMode } from '#persistence';
import { HealthModule, Log, MetricsModule } from '#platform';
import { ReportingModule } from '#reporting';
import { ResidentsModule } from '#residents';
import { SettlementModule } from '#settlement';
import { ChainRepository } from './discovery/chain.repository.js';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { ProblemsController } from './discovery/problems.controller.js';
import { ApiReadiness } from './readiness.js';

const REPORT_POOL_MAX = 4;

export interface ApiOptions {
  readonly databaseUrl: string;
  readonly databasePoolMax: number;
  /** Default 4. */
  readonly reportPoolMax?: number;
  /** Default auto. */
  readonly databaseRoles?: RoleMode;
  /** Whether the clock may lead the real time; default false. */
  readonly testClock?: boolean;
  /** Asked for readiness alone: what the API answers comes from the database. */
  readonly chainRpcUrl: string;
  /** An idle database connection broke; the pool replaces it. */
  readonly onPoolError?: (error: Error) => void;
}

@Injectable()
class NodeCloser implements OnApplicationShutdown {
  constructor(private readonly node: ChainNode) {}

  onApplicationShutdown(): void {
    this.node.close();
  }
}

/** The whole API as one Nest module. */
export function createApiModule(options: ApiOptions, log: Log): Type {
  @Global()
  @Module({
    providers: [
      {
        provide: ChainNode,
        inject: [CurrentDeployment],
        useFactory: ({ chainId }: CurrentDeployment) =>
          ChainNode.connect({ url: options.chainRpcUrl, chainId, timeoutMs: 2_000 }),
      },
      NodeCloser,
      { provide: Log, useValue: log },
    ],
    exports: [ChainNode, Log],
  })
  class ProcessModule {}

  @Module({
    imports: [
      PersistenceModule.forRoot({
        url: options.databaseUrl,
        poolMax: options.databasePoolMax,
        applicationName: 'jangteo-api',
        rights: { role: 'api', mode: options.databaseRoles ?? 'auto' },
        testClock: options.testClock ?? false,
        reportPoolMax: options.reportPoolMax ?? REPORT_POOL_MAX,
        migrations,
        onPoolError: options.onPoolError,
      }),
      DeploymentModule.forRoot(),
      ProcessModule,
      HealthModule,
      MetricsModule,
      AccessModule,
      IssuanceModule,
      MerchantsModule,
      ResidentsModule,
      PaymentsModule.forRoot({ databaseUrl: options.databaseUrl }),
      SettlementModule,
      BooksModule,
      ReportingModule,
    ],
    controllers: [DiscoveryController, ProblemsController],
    providers: [ChainRepository, ApiReadiness],
  })
  class ApiModule {}
  return ApiModule;
}
