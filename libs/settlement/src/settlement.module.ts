import { type DynamicModule, Module } from '@nestjs/common';
import { OrderWatchModule } from '#payments';
import { RedemptionController } from './redemption.controller.js';
import { RedemptionService, SETTLEMENT_OPTIONS, type SettlementOptions } from './redemption.service.js';
import { TakingsController } from './takings.controller.js';

/** Redemptions and takings over HTTP. Needs PersistenceModule and DeploymentModule. */
@Module({})
export class SettlementModule {
  static forRoot(options: SettlementOptions = {}): DynamicModule {
    return {
      module: SettlementModule,
      imports: [OrderWatchModule],
      controllers: [RedemptionController, TakingsController],
      providers: [{ provide: SETTLEMENT_OPTIONS, useValue: options }, RedemptionService],
      exports: [RedemptionService],
    };
  }
}
