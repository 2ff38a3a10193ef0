/** Series with their terms, and issuing to approved lists. */
export { IssuanceHttpModule, IssuanceModule } from './issuance.module.js';
export { ExpiryEnqueuer } from './expiry-enqueuer.js';
export { IssueListEnqueuer } from './issue-list-enqueuer.js';
export { IssueListsRepository } from './issue-lists.repository.js';
export { IssueListReader, LARGE_BODY_BYTES } from './lists/issue-list-reader.js';
export { RECIPIENTS_MAX } from './lists/recipients.js';
export { SeriesSummaryDto, type SeriesState } from './series.dto.js';
export { SeriesRepository, type SeriesRow } from './series.repository.js';
export { SeriesService } from './series.service.js';
export { issuanceProjector } from './projection/issuance.projector.js';
export { seriesTotalProjector } from './projection/series-total.projector.js';
export { seriesProjector } from './projection/series.projector.js';
