import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessModule } from '#access';
import { IssueListAttachment } from './issue-list-attachment.js';
import { IssueListEnqueuer } from './issue-list-enqueuer.js';
import { IssueListsController } from './issue-lists.controller.js';
import { IssueListsRepository } from './issue-lists.repository.js';
import { IssueOrdersController } from './issue-orders.controller.js';
import { IssueOrdersRepository } from './issue-orders.repository.js';
import { IssueOrdersService } from './issue-orders.service.js';
import { IssueListReader } from './lists/issue-list-reader.js';
import { ExpiryEnqueuer } from './expiry-enqueuer.js';
import { TokenController } from './token.controller.js';
import { SeriesController } from './series.controller.js';
import { SeriesRepository } from './series.repository.js';
import { SeriesService } from './series.service.js';
import { TermsAttachment } from './terms-attachment.js';
import { TermsDocumentEntity } from './terms-document.entity.js';
import { TermsRepository } from './terms.repository.js';

/** Series and issue lists. Needs PersistenceModule and DeploymentModule. */
@Module({
  imports: [AccessModule, TypeOrmModule.forFeature([TermsDocumentEntity])],
  providers: [
    SeriesRepository,
    SeriesService,
    TermsRepository,
    TermsAttachment,
    IssueListsRepository,
    IssueListAttachment,
    IssueListReader,
    IssueListEnqueuer,
    IssueOrdersRepository,
    IssueOrdersService,
    ExpiryEnqueuer,
  ],
  exports: [
    SeriesService,
    SeriesRepository,
    IssueListsRepository,
    IssueListReader,
    IssueListEnqueuer,
    IssueOrdersService,
    ExpiryEnqueuer,
  ],
})
export class IssuanceModule {}

/** The same over HTTP. */
@Module({
  imports: [IssuanceModule],
  controllers: [SeriesController, IssueListsController, IssueOrdersController, TokenController],
})
export class IssuanceHttpModule {}
