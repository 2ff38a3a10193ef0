import { Injectable } from '@nestjs/common';
import type { ActArguments } from '#contracts';
import { JsonReader } from '../json-reader.js';
import { readReturnedIds } from './act-args.js';
import { ActSubjectsRepository } from './act-subjects.repository.js';
import { refusedAt } from './refused-at.js';

/** Fills in what the contract wants to see of redemptions that are to be taken back: their receipts. */
@Injectable()
export class RedemptionReturns {
  constructor(private readonly subjects: ActSubjectsRepository) {}

  /**
   * From { redemptions: ids }. Throws invalid_request, and return_invalid for a redemption that the chain has not
   * settled or that was taken back already.
   */
  async derive(authority: string, args: unknown): Promise<ActArguments['return_redemptions']> {
    const read = new JsonReader();
    const ids = readReturnedIds(read, args);
    read.done();
    const entries = [];
    for (const [index, id] of ids.entries()) {
      const found = await this.subjects.returnable(id);
      if (found === undefined || found.returned)
        throw refusedAt(`args.redemptions[${index}]`, 'return_invalid', { redemption: id });
      entries.push({ merchant: found.merchant, series: found.series, receipt: found.receipt });
    }
    return { authority, entries };
  }
}
