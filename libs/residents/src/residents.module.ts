import { Module } from '@nestjs/common';
import { AccessModule } from '#access';
import { IssuanceModule } from '#issuance';
import { AccountKeysController } from './account-keys.controller.js';
import { AccountKeysService } from './account-keys.service.js';
import { AccountsController } from './accounts.controller.js';
import { AccountsRepository } from './accounts.repository.js';
import { AccountsService } from './accounts.service.js';
import { MovesController } from './moves.controller.js';
import { MovesService } from './moves.service.js';

/** Accounts of residents. Needs PersistenceModule and DeploymentModule. */
@Module({
  imports: [AccessModule, IssuanceModule],
  providers: [AccountsRepository, AccountsService, AccountKeysService, MovesService],
  exports: [AccountsRepository, AccountsService, AccountKeysService, MovesService],
})
export class ResidentsModule {}

/** The same over HTTP. */
@Module({
  imports: [ResidentsModule],
  controllers: [AccountsController, AccountKeysController, MovesController],
})
export class ResidentsHttpModule {}
