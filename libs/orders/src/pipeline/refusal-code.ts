import { ITEM_REFUSALS, refusal, type ItemRefusalKey } from '#domain';
import { NOT_RELAYED, type OrderEnd } from './order.js';

/** Number of the end that no contract decided. */
export const NOT_RELAYED_NUMBER = refusal(NOT_RELAYED).number;

const KEYS = new Map<number, ItemRefusalKey>(ITEM_REFUSALS.map(({ number, key }) => [number, key]));

/** The code behind the number of an order's refusal. Throws for a number that no version of the table ever had. */
export function orderRefusalKey(number: number): OrderEnd['code'] {
  if (number === NOT_RELAYED_NUMBER) return NOT_RELAYED;
  const key = KEYS.get(number);
  if (key === undefined) throw new Error(`no refusal of an item has number ${number}`);
  return key;
}

/** The number of a code as a filter gives it; undefined when it is none of an order's. */
export function orderRefusalNumber(code: string): number | undefined {
  if (code === NOT_RELAYED) return NOT_RELAYED_NUMBER;
  return ITEM_REFUSALS.find(({ key }) => key === code)?.number;
}
