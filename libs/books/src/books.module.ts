import { Module } from '@nestjs/common';
import { BooksController } from './trial-balance/books.controller.js';
import { TrialBalanceRepository } from './trial-balance/trial-balance.repository.js';
import { TrialBalanceService } from './trial-balance/trial-balance.service.js';

/** Reads the books; needs the Database of the process (PersistenceModule). Writing is the indexer's. */
@Module({
  controllers: [BooksController],
  providers: [TrialBalanceRepository, TrialBalanceService],
  exports: [TrialBalanceService],
})
export class BooksModule {}
