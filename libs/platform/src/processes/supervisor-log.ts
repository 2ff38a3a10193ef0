/** One structured line of a supervisor: a level, a fixed event name and its fields. */
export type SupervisorLog = (
  level: 'info' | 'warn' | 'error',
  event: string,
  fields?: Readonly<Record<string, string | number | boolean | undefined>>,
) => void;

/** Says nothing; for tests and short-lived commands. */
export const silentLog: SupervisorLog = () => undefined;

/** A failure the operator can act on: the message says what is wrong and what to do, and needs no stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system or database error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
