import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { type Environment, loadServiceConfig, ServiceConfig } from './config.js';

const SETTINGS = 'settings';

/**
 * Nest's ConfigModule over this platform's reading of the environment: a process whose environment makes no sense does
 * not start, and says everything that is wrong. Inject `ServiceConfig`.
 */
@Global()
@Module({})
export class SettingsModule {
  /** @throws ConfigError when the application is created */
  static forRoot(env: Environment): DynamicModule {
    return {
      module: SettingsModule,
      imports: [
        ConfigModule.forRoot({
          // What reads .env files is the shell, or `node --env-file`: a forgotten file must not steer a service.
          ignoreEnvFile: true,
          validate: () => ({ [SETTINGS]: loadServiceConfig(env) }),
        }),
      ],
      providers: [
        {
          provide: ServiceConfig,
          inject: [ConfigService],
          useFactory: (config: ConfigService) => config.getOrThrow<ServiceConfig>(SETTINGS),
        },
      ],
      exports: [ServiceConfig],
    };
  }
}
