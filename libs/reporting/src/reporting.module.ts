import { Module } from '@nestjs/common';
import { AccessModule } from '#access';
import { IssuanceModule } from '#issuance';
import { ReportRowsRepository } from './report-rows.repository.js';
import { ReportsController } from './reports.controller.js';
import { ReportsRepository } from './reports.repository.js';
import { ReportsService } from './reports.service.js';

/** Reports whose every figure opens to its rows. Needs Database and CurrentDeployment. */
@Module({
  imports: [AccessModule, IssuanceModule],
  controllers: [ReportsController],
  providers: [ReportsRepository, ReportRowsRepository, ReportsService],
})
export class ReportingModule {}
