/** Series with their terms, and issuing to approved lists. */
export { IssuanceModule } from './issuance.module.js';
export { ExpiryCarrier } from './expiry-carrier.js';
export { IssueListCarrier } from './issue-list-carrier.js';
export { IssueListsRepository } from './issue-lists.repository.js';
export { IssueListDesk, LARGE_BODY_BYTES } from './lists/issue-list-desk.js';
export { RECIPIENTS_MAX } from './lists/recipients.js';
export { SeriesSummaryDto, type SeriesState } from './series.dto.js';
export { SeriesRepository, type SeriesRow } from './series.repository.js';
export { SeriesService } from './series.service.js';
