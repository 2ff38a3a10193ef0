/**
 * A value that breaks a rule of the domain. `code` is stable; the message is for developers and logs, screens
 * take their words from the refusal table.
 */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'DomainError';
  }
}
