import { refusal } from '../refusals/table.js';
import type { ItemRefusalKey } from '../refusals/table.js';
import { refusalArgs } from '../refusals/text.js';

/** Why the contract would refuse an item, with what its event would say. */
export interface ItemRefusal {
  readonly code: ItemRefusalKey;
  readonly number: number;
  /** The two arguments of the contract's event; 0 when absent. */
  readonly a: bigint;
  readonly b: bigint;
  /** The same arguments by name, for problem documents. */
  readonly args: Readonly<Record<string, string | number>>;
}

/** What the contract would do with an item: settle it, with these effects, or refuse it. */
export type Ruling<Effects extends object = object> =
  ({ readonly ok: true } & Effects) | { readonly ok: false; readonly refusal: ItemRefusal };

/** What a single check found; undefined = nothing to refuse. */
export interface Found {
  readonly code: ItemRefusalKey;
  readonly a?: bigint;
  readonly b?: bigint;
}

/** The ruling that states what a check found. */
export function refused({ code, a = 0n, b = 0n }: Found): { ok: false; refusal: ItemRefusal } {
  return {
    ok: false,
    refusal: { code, number: refusal(code).number, a, b, args: refusalArgs(code, [a, b]) },
  };
}
