import { Injectable } from '@nestjs/common';
import type { ActArguments } from '#contracts';
import { ProblemException } from '#platform';
import { JsonReader } from '../json-reader.js';
import { readReturnedIds } from './act-args.js';
import { ActSubjectsRepository } from './act-subjects.repository.js';

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
    if (new Set(ids).size < ids.length)
      read.refuse('args.redemptions', {
        ko: '같은 환전을 두 번 적을 수 없습니다.',
        en: 'must not name one twice',
      });
    read.done();
    const entries = [];
    for (const id of ids) {
      const found = await this.subjects.returnable(id);
      if (found === undefined || found.returned)
        throw new ProblemException('return_invalid', { args: { redemption: id } });
      entries.push({ merchant: found.merchant, series: found.series, receipt: found.receipt });
    }
    return { authority, entries };
  }
}
