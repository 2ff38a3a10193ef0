import { Module } from '@nestjs/common';
import { IssuanceModule } from '#issuance';
import { AccountsController } from './accounts.controller.js';
import { AccountsRepository } from './accounts.repository.js';
import { AccountsService } from './accounts.service.js';

/** Accounts of residents. Needs Database and CurrentDeployment. */
@Module({
  imports: [IssuanceModule],
  controllers: [AccountsController],
  providers: [AccountsRepository, AccountsService],
})
export class ResidentsModule {}
