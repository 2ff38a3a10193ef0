/** The thread of IssueListDesk: reads lists of recipients and hashes them while the event loop serves others. */
import { parentPort } from 'node:worker_threads';
import { readListBody, type ListBody } from './list-body.js';
import { buildList, type BuiltList } from './recipients.js';

/** What the thread is asked. */
export type ListJob =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'build'; readonly packed: Uint8Array; readonly salt: string };

/** What it answers. */
export interface ListAnswers {
  readonly read: ListBody;
  readonly build: BuiltList;
}

function answer(job: ListJob): ListAnswers[ListJob['kind']] {
  return job.kind === 'build' ? buildList(job.packed, job.salt) : readListBody(job.bytes);
}

parentPort?.on('message', ({ id, job }: { readonly id: number; readonly job: ListJob }) => {
  try {
    parentPort?.postMessage({ id, value: answer(job) });
  } catch (error) {
    parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
