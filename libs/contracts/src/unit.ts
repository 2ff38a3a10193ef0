import type { Unit } from '#domain';
import { type Hex, toHex } from './bytes.js';

/** Numbers after which the first series and the first issue order of a deployment come; 0, or where one before it ended. */
export interface Starts {
  readonly series: number;
  readonly issueOrders: bigint;
}

export const STARTS_DEFAULT: Starts = { series: 0, issueOrders: 0n };

/** The unit as the constructor of Vouchers takes it and `unit()` answers it: code, digits, names. */
export function chainUnit({ code, digits, ko, en }: Unit): readonly [Hex, number, Hex, Hex] {
  return [padded(code, 3), digits, padded(ko, 32), padded(en, 32)];
}

/** UTF-8, filled up with zeros. Throws RangeError for a text that is longer. */
function padded(text: string, length: number): Hex {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > length) throw new RangeError(`${text} has more than ${length} bytes`);
  const word = new Uint8Array(length);
  word.set(bytes);
  return toHex(word);
}
