import { rm } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError, readTextIfPresent, syncFolder, writeFileDurably } from '#platform';

/** A restore that has begun and not ended: the home can't be trusted. */
export interface UnfinishedRestore {
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** The backup. */
  readonly file: string;
}

const fileOf = (home: string) => path.join(home, 'restore-unfinished.json');

/** @throws Error when it can't be written down: then nothing may be restored */
export async function markUnfinished(home: string, restore: UnfinishedRestore): Promise<void> {
  await writeFileDurably(fileOf(home), `${JSON.stringify(restore, null, 2)}\n`, 0o600);
}

/** The home is whole, or nothing of the restore is left. */
export async function unmarkUnfinished(home: string): Promise<void> {
  await rm(fileOf(home), { force: true });
  await syncFolder(home);
}

/** The restore that did not end here; undefined when there is none. */
export async function findUnfinished(home: string): Promise<UnfinishedRestore | undefined> {
  const text = await readTextIfPresent(fileOf(home));
  if (text === undefined) return undefined;
  const fields = fieldsOf(text);
  return { startedAt: String(fields.get('startedAt')), file: String(fields.get('file')) };
}

/** A mark that can't be read is a mark all the same. */
function fieldsOf(text: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
}

/** @throws OperatorError when the home was not restored whole */
export async function requireWholeHome(home: string): Promise<void> {
  const unfinished = await findUnfinished(home);
  if (unfinished === undefined) return;
  const { file, startedAt } = unfinished;
  throw new OperatorError(
    `${home} was not restored whole (${file}, begun ${startedAt}): run \`jangteo restore <file>\` again, which ` +
      'begins from nothing, or `npm run reset`.',
  );
}
