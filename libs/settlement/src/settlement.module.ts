import { Module } from '@nestjs/common';
import { OrderWatchModule } from '#payments';
import { RedemptionController } from './redemption.controller.js';
import { RefundController } from './refunds/refund.controller.js';
import { RefundService } from './refunds/refund.service.js';
import { RedemptionService } from './redemption.service.js';
import { MerchantBalanceController } from './merchant-balance.controller.js';

/**
 * Redemptions, merchant balances and refunds over HTTP. Needs PersistenceModule and DeploymentModule; the events of refunds are
 * told by PaymentsModule.
 */
@Module({
  imports: [OrderWatchModule],
  controllers: [RedemptionController, MerchantBalanceController, RefundController],
  providers: [RedemptionService, RefundService],
  exports: [RedemptionService, RefundService],
})
export class SettlementModule {}
