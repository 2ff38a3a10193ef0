import type { ActArguments, ActKind, Role } from './act-types.js';
import type { Fields } from './fields.js';

/** Which contract an act calls. */
export type ActTarget = 'authorities' | 'vouchers';

/** Who may do an act of one kind, what it calls, and how its arguments look on chain. */
export interface ActDescription<K extends ActKind> {
  readonly target: ActTarget;
  readonly method: string;
  /** of its officers; where it depends on the arguments, a function of them */
  readonly role: Role | ((args: ActArguments[K]) => Role);
  /** won that choose the band of a treasurer's act */
  readonly amount: (args: ActArguments[K]) => bigint;
  /** what the authority approved before on the same Korean day chooses the band as well */
  readonly ofDay?: true;
  /** how many officers, where the contract asks for a number of its own instead of the authority's thresholds */
  readonly officers?: (args: ActArguments[K]) => number;
  /** how many officers at least, besides the authority's thresholds; default one */
  readonly atLeast?: (args: ActArguments[K]) => number;
  /** arguments of the Solidity function after `authority` */
  readonly toChain: (args: ActArguments[K]) => readonly unknown[];
  readonly fromChain: (authority: string, values: Fields) => ActArguments[K];
}

/** Descriptions of some kinds. */
export type ActDescriptions<Kinds extends ActKind> = { readonly [K in Kinds]: ActDescription<K> };

/** Of an act at which no won are at stake. */
export const noWon = () => 0n;
