import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessModule } from '#access';
import { IssuanceModule } from '#issuance';
import { MerchantBalanceController } from './merchant-balance.controller.js';
import { MerchantProfileEntity } from './merchant-profile.entity.js';
import { MerchantsController } from './merchants.controller.js';
import { MerchantsRepository } from './merchants.repository.js';
import { MerchantsService } from './merchants.service.js';
import { ProfilesAttachment } from './profiles-attachment.js';

/** The register of merchants and what they have taken. Needs Database and CurrentDeployment. */
@Module({
  imports: [AccessModule, IssuanceModule, TypeOrmModule.forFeature([MerchantProfileEntity])],
  controllers: [MerchantsController, MerchantBalanceController],
  providers: [MerchantsRepository, MerchantsService, ProfilesAttachment],
})
export class MerchantsModule {}
