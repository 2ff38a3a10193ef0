import { Injectable } from '@nestjs/common';
import { CurrentDeployment } from '#node';
import { issueChunkId } from '#relayer';
import { IssueListsRepository } from './issue-lists.repository.js';

/** Chunks read and put into the outbox at a time, about 200 kB of calldata: payments are relayed between two steps. */
const CHUNKS_PER_STEP = 25;

/**
 * Puts the chunks of approved issue lists into the outbox. Run it after new blocks (NOTIFY jangteo_block) and now
 * and then: it finds by itself what is missing, and running it twice, or in two processes, changes nothing.
 */
@Injectable()
export class IssueListEnqueuer {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly lists: IssueListsRepository,
  ) {}

  /** Returns how many chunks are new in the outbox. */
  async runOnce(): Promise<number> {
    let added = 0;
    for (const { act, issueOrder, chunks } of await this.lists.unfinished()) {
      const ids = Array.from({ length: chunks }, (_unused, index) => issueChunkId(issueOrder, index));
      const absent = await this.lists.absentFromOutbox(ids);
      for (let first = 0; first < absent.length; first += CHUNKS_PER_STEP) {
        const step = await this.lists.chunks(act, absent.slice(first, first + CHUNKS_PER_STEP));
        const rows = step.map((chunk) => ({ id: issueChunkId(issueOrder, chunk.index), issueOrder, chunk }));
        added += await this.lists.enqueue(this.deployment.vouchers, rows);
      }
    }
    return added;
  }
}
