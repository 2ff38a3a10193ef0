/** A row that is not as it must be. */
export interface Difference {
  /** Which rule: 'holding on chain', 'books: vouchers held', … */
  readonly check: string;
  /** Which row, readable: 'series 3, account 0x…'. */
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}
