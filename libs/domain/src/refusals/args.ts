import { refusal } from './table.js';
import type { RefusalKey } from './table.js';
import type { ArgType } from './types.js';

export type RefusalValue = bigint | number | string;
/** Values by name, or in the chain's order (event arguments a, b; custom error arguments). */
export type RefusalArgs = Readonly<Record<string, RefusalValue>> | readonly RefusalValue[];

/** A value of a refusal with what the table says of it. */
export interface TypedArg {
  readonly name: string;
  readonly type: ArgType;
  readonly value: RefusalValue;
}

function isPositional(args: RefusalArgs): args is readonly RefusalValue[] {
  return Array.isArray(args);
}

const ARG_TYPES: readonly ArgType[] = [
  'won',
  'count',
  'time',
  'moment',
  'end',
  'region',
  'category',
  'size',
  'status',
  'role',
  'refusal',
  'text',
];

/** The values that are given, in the table's order. */
export function typedArgs(key: RefusalKey, args: RefusalArgs): TypedArg[] {
  return refusal(key).args.flatMap((spec, index) => {
    const [name = '', word = ''] = spec.split(':');
    const type = ARG_TYPES.find((known) => known === word) ?? 'text';
    const value = isPositional(args) ? args[index] : args[name];
    return value === undefined ? [] : [{ name, type, value }];
  });
}
