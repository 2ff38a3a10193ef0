import { type DynamicModule, Global, Module } from '@nestjs/common';
import { chooseRole } from '#persistence';
import { ServiceConfig } from '#platform';
import { JobHandlers } from './job-handlers.js';
import { JobQueueOptions, JobRunner } from './job-runner.js';
import { JobTriesRepository } from './job-tries.repository.js';
import { Jobs } from './jobs.js';

/** `Jobs` for whoever starts them, and `JobHandlers` for features that do them. Needs PersistenceModule. */
@Global()
@Module({ providers: [Jobs, JobHandlers], exports: [Jobs, JobHandlers] })
export class JobsModule {}

/** The same in a worker process, which does the jobs. */
@Module({})
export class JobsWorkerModule {
  static forService(): DynamicModule {
    return {
      module: JobsWorkerModule,
      imports: [JobsModule],
      providers: [
        JobTriesRepository,
        {
          provide: JobQueueOptions,
          inject: [ServiceConfig],
          useFactory: async ({ databaseUrl, databaseRoles }: ServiceConfig): Promise<JobQueueOptions> => ({
            url: databaseUrl,
            role: await chooseRole(databaseUrl, 'worker', databaseRoles),
          }),
        },
        JobRunner,
      ],
    };
  }
}
