import { type DynamicModule, Global, Module } from '@nestjs/common';
import { useUnit } from '#domain';
import { Database } from '#persistence';
import { CurrentDeployment, loadDeployment } from './deployment.repository.js';

/** Gives every library the deployment it works with; refuses to start without one. */
@Global()
@Module({})
export class DeploymentModule {
  static forRoot(): DynamicModule {
    return {
      module: DeploymentModule,
      providers: [
        {
          provide: CurrentDeployment,
          inject: [Database],
          useFactory: async (db: Database) => {
            const deployment = await loadDeployment(db);
            if (!deployment) throw new Error('no contracts are deployed: run `jangteo deploy` first');
            useUnit(deployment.unit);
            return deployment;
          },
        },
      ],
      exports: [CurrentDeployment],
    };
  }
}
