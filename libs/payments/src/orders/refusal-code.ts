import { ITEM_REFUSALS, type ItemRefusalKey } from '#domain';

const KEYS = new Map<number, ItemRefusalKey>(ITEM_REFUSALS.map(({ number, key }) => [number, key]));

/** The code behind the number of an item's refusal. Throws for a number that no version of the table ever had. */
export function itemRefusalKey(number: number): ItemRefusalKey {
  const key = KEYS.get(number);
  if (key === undefined) throw new Error(`no refusal of an item has number ${number}`);
  return key;
}

/** The number of a code as a filter gives it; undefined when it is none of an item's. */
export function itemRefusalNumber(code: string): number | undefined {
  return ITEM_REFUSALS.find(({ key }) => key === code)?.number;
}
