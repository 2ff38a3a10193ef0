import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActChecks } from './acts/act-checks.js';
import { ActDraftsService } from './acts/act-drafts.service.js';
import { ActApprovalEntity } from './acts/act-approval.entity.js';
import { ActEntity } from './acts/act.entity.js';
import { ActPresenter } from './acts/act-presenter.js';
import { ActRefusals } from './acts/act-refusals.js';
import { ActSubjectsRepository } from './acts/act-subjects.repository.js';
import { ActsController } from './acts/acts.controller.js';
import { ActsRepository } from './acts/acts.repository.js';
import { ActsService } from './acts/acts.service.js';
import { ListEntries } from './acts/list-entries.js';
import { AttachmentHandlers } from './acts/attachment.js';
import { OfficerChecks } from './acts/officer-checks.js';
import { SeriesChecks } from './acts/series-checks.js';
import { RedemptionReturns } from './acts/redemption-returns.js';
import { AnchorsController } from './anchors/anchors.controller.js';
import { AnchorsRepository } from './anchors/anchors.repository.js';
import { SeriesExtensions } from './acts/series-extensions.js';
import { AuditEntryEntity } from './audit/audit-entry.entity.js';
import { AuditRepository } from './audit/audit.repository.js';
import { AuthoritiesController } from './authorities/authorities.controller.js';
import { AuthoritiesRepository } from './authorities/authorities.repository.js';
import { OfficerChangesRepository } from './authorities/officer-changes.repository.js';
import { OfficerChangesService } from './authorities/officer-changes.service.js';
import { HandOversRepository } from './hand-overs/hand-overs.repository.js';
import { RegionEntity } from './regions/region.entity.js';
import { RegionDirectory } from './regions/region-directory.js';
import { RegionsController } from './regions/regions.controller.js';

/** Regions, authorities with their officers, and the acts they sign. Needs PersistenceModule and DeploymentModule. */
@Module({
  imports: [TypeOrmModule.forFeature([RegionEntity, ActEntity, ActApprovalEntity, AuditEntryEntity])],
  providers: [
    RegionDirectory,
    AuthoritiesRepository,
    AnchorsRepository,
    OfficerChangesRepository,
    OfficerChangesService,
    AuditRepository,
    AttachmentHandlers,
    ActsRepository,
    ActSubjectsRepository,
    HandOversRepository,
    ListEntries,
    RedemptionReturns,
    SeriesExtensions,
    OfficerChecks,
    SeriesChecks,
    ActChecks,
    ActsService,
    ActDraftsService,
    ActPresenter,
    ActRefusals,
  ],
  exports: [
    RegionDirectory,
    AuthoritiesRepository,
    AnchorsRepository,
    OfficerChangesRepository,
    OfficerChangesService,
    AttachmentHandlers,
    ActsRepository,
    ActsService,
    ActDraftsService,
    ActPresenter,
    ActRefusals,
    ActSubjectsRepository,
    HandOversRepository,
    AuditRepository,
  ],
})
export class AccessModule {}

/** The same over HTTP. */
@Module({
  imports: [AccessModule],
  controllers: [RegionsController, AuthoritiesController, ActsController, AnchorsController],
})
export class AccessHttpModule {}
