import { codeOf, messageOf, OperatorError } from '#platform';

/** What the system and PostgreSQL (SQLSTATE) say when there is no room left. */
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', '53100']);

/** Whether something failed because there was no room for it. */
export function isDiskFull(error: unknown): boolean {
  return DISK_FULL.has(codeOf(error) ?? '');
}

/** An error in words for the person at the terminal; with its stack only when it is a defect of the platform. */
export function explain(error: unknown, home: string): string {
  if (error instanceof OperatorError) return error.message;
  if (isDiskFull(error)) {
    return (
      `The disk that holds ${home} is full (${messageOf(error)}). Nothing that was accepted is lost. ` +
      'Make room, or set JANGTEO_HOME to a folder on another disk, then start again.'
    );
  }
  return (error instanceof Error ? error.stack : undefined) ?? messageOf(error);
}
