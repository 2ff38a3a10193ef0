import { Module } from '@nestjs/common';
import { ActChecks } from './acts/act-checks.js';
import { ActDraftsService } from './acts/act-drafts.service.js';
import { ActPresenter } from './acts/act-presenter.js';
import { ActRefusals } from './acts/act-refusals.js';
import { ActSubjectsRepository } from './acts/act-subjects.repository.js';
import { ActsController } from './acts/acts.controller.js';
import { ActsRepository } from './acts/acts.repository.js';
import { ActsService } from './acts/acts.service.js';
import { AttachmentHandlers } from './acts/attachment.js';
import { RedemptionReturns } from './acts/redemption-returns.js';
import { AuditRepository } from './audit/audit.repository.js';
import { AuthoritiesController } from './authorities/authorities.controller.js';
import { AuthoritiesRepository } from './authorities/authorities.repository.js';
import { RegionDirectory } from './regions/region-directory.js';
import { RegionsController } from './regions/regions.controller.js';

/** Regions, authorities with their officers, and the acts they sign. Needs Database and CurrentDeployment. */
@Module({
  controllers: [RegionsController, AuthoritiesController, ActsController],
  providers: [
    RegionDirectory,
    AuthoritiesRepository,
    AuditRepository,
    AttachmentHandlers,
    ActsRepository,
    ActSubjectsRepository,
    RedemptionReturns,
    ActChecks,
    ActsService,
    ActDraftsService,
    ActPresenter,
    ActRefusals,
  ],
  exports: [
    RegionDirectory,
    AttachmentHandlers,
    ActsService,
    ActRefusals,
    ActSubjectsRepository,
    AuditRepository,
  ],
})
export class AccessModule {}
