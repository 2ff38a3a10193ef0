/** Who may do what: regions, authorities and their officers, signed acts, the audit trail. */
export { AccessHttpModule, AccessModule } from './access.module.js';
export { readActArguments, readNoArguments, readSeriesArgument } from './acts/act-args.js';
export { describeActs } from './acts/act-schemas.js';
export { SigningDomainDto, TYPED_DATA_TYPES } from './acts/acts.dto.js';
export { ActEntity } from './acts/act.entity.js';
export { ActRefusals, type RefusedAct } from './acts/act-refusals.js';
export { ActSubjectsRepository } from './acts/act-subjects.repository.js';
export { officerSignature as keySignature } from './acts/officer-signature.js';
export { ActsRepository, type ActFailure } from './acts/acts.repository.js';
export { ActsService, type ActView, type Proposal } from './acts/acts.service.js';
export {
  AttachmentHandlers,
  attachmentSchemas,
  saltField,
  type DraftWarning,
  normalAttachment,
  putAttachmentParts,
  type AttachmentHandler,
  type PreparedAttachment,
  SALT_BYTES,
} from './acts/attachment.js';
export { anchorsProjector } from './projection/anchors.projector.js';
export { areasOf } from './authorities/authorities.repository.js';
export { refuseDivided } from './authorities/authority-filter.js';
export { OfficerChangesService } from './authorities/officer-changes.service.js';
export { AuditRepository, type AuditEntry } from './audit/audit.repository.js';
export { HandOverDto, MovingDto, showMoving } from './hand-overs/hand-over.dto.js';
export {
  handOverOf,
  HandOversRepository,
  newestHandOver,
  type HandOverRow,
  type MoveRow,
} from './hand-overs/hand-overs.repository.js';
export { JsonReader } from './json-reader.js';
export { enqueueCall } from './signed-calls.js';
export { RegionEntity } from './regions/region.entity.js';
export { RegionDirectory } from './regions/region-directory.js';
export { authoritiesProjector } from './projection/authorities.projector.js';
export { skippedEntriesProjector } from './projection/skipped-entries.projector.js';
export { placesProjector } from './projection/places.projector.js';
export { handOverProjector } from './projection/hand-overs.projector.js';
export { officerChangesProjector } from './projection/officer-changes.projector.js';
