import { Injectable } from '@nestjs/common';
import type { Won } from '#domain';
import {
  type BalanceRow,
  type BooksFilter,
  type SeriesTotalRow,
  TrialBalanceRepository,
} from './trial-balance.repository.js';

/** The books of a filter at one block; both sums are always equal. */
export interface TrialBalance {
  /** The last block that is posted, null before the first. */
  readonly block: bigint | null;
  /** By account and funder. */
  readonly lines: readonly BalanceRow[];
  /** The same by series. */
  readonly series: readonly SeriesTotalRow[];
  readonly debit: Won;
  readonly credit: Won;
}

@Injectable()
export class TrialBalanceService {
  constructor(private readonly repository: TrialBalanceRepository) {}

  /** Sums of the filter's series, read at one moment. An unknown authority or series has no lines. */
  of(filter: BooksFilter): Promise<TrialBalance> {
    return this.repository.atOneMoment(async (tx) => {
      const lines = await this.repository.balances(tx, filter);
      const series = await this.repository.seriesTotals(tx, filter);
      const block = await this.repository.indexedBlock(tx);
      const debit = lines.reduce((sum, line) => sum + line.debit, 0n);
      const credit = lines.reduce((sum, line) => sum + line.credit, 0n);
      if (debit !== credit) throw new Error(`the books are out of balance: debit ${debit}, credit ${credit}`);
      return { block, lines, series, debit, credit };
    });
  }
}
