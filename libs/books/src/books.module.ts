import { Module } from '@nestjs/common';
import { BooksController } from './trial-balance/books.controller.js';
import { ReportDatabase } from '#persistence';
import { TrialBalanceRepository } from './trial-balance/trial-balance.repository.js';
import { TrialBalanceService } from './trial-balance/trial-balance.service.js';

/** Reads the books; needs the Database of the process (PersistenceModule). Writing is the indexer's. */
@Module({
  controllers: [BooksController],
  providers: [
    {
      // The trial balance is a report: it has their connections, which cannot write.
      provide: TrialBalanceRepository,
      inject: [ReportDatabase],
      useFactory: ({ db }: ReportDatabase) => new TrialBalanceRepository(db),
    },
    TrialBalanceService,
  ],
  exports: [TrialBalanceService],
})
export class BooksModule {}
