/** The process behind IssueListReader: reads lists of recipients and hashes them while the event loop serves others. */
import { readListBody, type ListBody } from './list-body.js';
import { buildList, type BuiltList } from './recipients.js';

/** What the helper is asked. */
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

process.on('message', ({ id, job }: { readonly id: number; readonly job: ListJob }) => {
  try {
    process.send?.({ id, value: answer(job) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
// Whoever asked is gone; a signal for the group is the launcher's to handle.
process.on('disconnect', () => process.exit());
