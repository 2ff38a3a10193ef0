import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import type { RegionNames } from '#domain';
import { CallerGuard, RouteCallers } from './callers.js';
import { KnownQueries } from './known-queries.js';
import { Log } from './logging.js';
import { ProblemFilter, REGION_NAMES } from './problem.filter.js';
import { PublicUrl } from './public-url.js';
import { RequestValidationPipe } from './validation.js';

export interface HttpAppModuleOptions {
  readonly log: Log;
  readonly regionName?: RegionNames;
}

/** The root of every application: what holds for all routes of all its modules. */
@Module({})
export class HttpAppModule {
  static forRoot(root: Type | DynamicModule, { log, regionName }: HttpAppModuleOptions): DynamicModule {
    const providers: Provider[] = [
      { provide: Log, useValue: log },
      RouteCallers,
      PublicUrl,
      { provide: APP_GUARD, useClass: CallerGuard },
      { provide: APP_GUARD, useClass: KnownQueries },
      { provide: APP_PIPE, useClass: RequestValidationPipe },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ];
    if (regionName !== undefined) providers.push({ provide: REGION_NAMES, useValue: regionName });
    return {
      module: HttpAppModule,
      global: true,
      imports: [DiscoveryModule, root],
      providers,
      exports: [Log, PublicUrl],
    };
  }
}
