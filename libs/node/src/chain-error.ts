/**
 * What the caller can do about a failure of the node: try again, change the request, or stop, because only a person can
 * help (another chain, a node without a standard method).
 */
export type ChainErrorAction = 'retry' | 'fix' | 'stop';

/** A failure at the chain, grouped by what the caller must do. */
export class ChainError extends Error {
  constructor(
    readonly action: ChainErrorAction,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ChainError';
  }
}
