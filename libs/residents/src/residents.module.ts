import { Module } from '@nestjs/common';
import { IssuanceModule } from '#issuance';
import { AccountKeysController } from './account-keys.controller.js';
import { AccountKeysService } from './account-keys.service.js';
import { AccountsController } from './accounts.controller.js';
import { AccountsRepository } from './accounts.repository.js';
import { AccountsService } from './accounts.service.js';

/** Accounts of residents. Needs PersistenceModule and DeploymentModule. */
@Module({
  imports: [IssuanceModule],
  providers: [AccountsRepository, AccountsService, AccountKeysService],
  exports: [AccountsRepository, AccountsService, AccountKeysService],
})
export class ResidentsModule {}

/** The same over HTTP. */
@Module({ imports: [ResidentsModule], controllers: [AccountsController, AccountKeysController] })
export class ResidentsHttpModule {}
