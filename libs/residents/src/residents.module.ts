import { Module } from '@nestjs/common';
import { IssuanceModule } from '#issuance';
import { AccountKeysController } from './account-keys.controller.js';
import { AccountKeysService } from './account-keys.service.js';
import { AccountsController } from './accounts.controller.js';
import { AccountsRepository } from './accounts.repository.js';
import { AccountsService } from './accounts.service.js';

/** Accounts of residents. Needs Database and CurrentDeployment. */
@Module({
  imports: [IssuanceModule],
  controllers: [AccountsController, AccountKeysController],
  providers: [AccountsRepository, AccountsService, AccountKeysService],
  exports: [AccountKeysService],
})
export class ResidentsModule {}
