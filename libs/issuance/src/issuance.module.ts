import { Module } from '@nestjs/common';
import { AccessModule } from '#access';
import { IssueListAttachment } from './issue-list-attachment.js';
import { IssueListCarrier } from './issue-list-carrier.js';
import { IssueListsController } from './issue-lists.controller.js';
import { IssueListsRepository } from './issue-lists.repository.js';
import { SeriesController } from './series.controller.js';
import { SeriesRepository } from './series.repository.js';
import { SeriesService } from './series.service.js';
import { TermsAttachment } from './terms-attachment.js';
import { TermsRepository } from './terms.repository.js';

/** Series and issue lists. Needs Database and CurrentDeployment. */
@Module({
  imports: [AccessModule],
  controllers: [SeriesController, IssueListsController],
  providers: [
    SeriesRepository,
    SeriesService,
    TermsRepository,
    TermsAttachment,
    IssueListsRepository,
    IssueListAttachment,
    IssueListCarrier,
  ],
  exports: [SeriesService, SeriesRepository, IssueListCarrier],
})
export class IssuanceModule {}
