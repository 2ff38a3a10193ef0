import { ACCOUNT_ACT_REFUSALS } from './account-acts.js';
import { API_REFUSALS } from './api.js';
import { AUTHORITY_REFUSALS } from './authority-acts.js';
import { ITEM_REFUSALS } from './items.js';
import { OFFICER_REFUSALS } from './officer-acts.js';
import { PLACE_REFUSALS } from './place-acts.js';
import { SERIES_END_REFUSALS } from './series-end.js';
import type { RefusalEntry } from './types.js';
import { VOUCHER_REFUSALS } from './voucher-acts.js';
import { VOUCHER_ORDER_REFUSALS } from './voucher-orders.js';

/** Every refusal of the product, one row each; chain, servers and screens all read this. */
export const REFUSALS = [
  ...ITEM_REFUSALS,
  ...AUTHORITY_REFUSALS,
  ...OFFICER_REFUSALS,
  ...PLACE_REFUSALS,
  ...ACCOUNT_ACT_REFUSALS,
  ...VOUCHER_REFUSALS,
  ...VOUCHER_ORDER_REFUSALS,
  ...SERIES_END_REFUSALS,
  ...API_REFUSALS,
] as const;

export type ItemRefusalKey = (typeof ITEM_REFUSALS)[number]['key'];
export type ActRefusalKey = (
  | typeof AUTHORITY_REFUSALS
  | typeof OFFICER_REFUSALS
  | typeof PLACE_REFUSALS
  | typeof ACCOUNT_ACT_REFUSALS
  | typeof VOUCHER_REFUSALS
  | typeof VOUCHER_ORDER_REFUSALS
  | typeof SERIES_END_REFUSALS
)[number]['key'];
export type ApiRefusalKey = (typeof API_REFUSALS)[number]['key'];
export type RefusalKey = ItemRefusalKey | ActRefusalKey | ApiRefusalKey;

const BY_KEY = new Map<string, RefusalEntry>(REFUSALS.map((entry) => [entry.key, entry]));
const BY_NUMBER = new Map<number, RefusalEntry>(REFUSALS.map((entry) => [entry.number, entry]));
const BY_SOLIDITY = new Map<string, RefusalEntry>(REFUSALS.map((entry) => [entry.solidity, entry]));

/** True for a code of the table; use it to parse codes that come from outside. */
export function isRefusalKey(key: string): key is RefusalKey {
  return BY_KEY.has(key);
}

/** The row of a code. */
export function refusal(key: RefusalKey): RefusalEntry {
  const entry = BY_KEY.get(key);
  if (entry === undefined) throw new Error(`no refusal ${key}`);
  return entry;
}

/** The code that a batch event's number stands for; undefined for 0 (settled) and unknown numbers. */
export function refusalKeyOfNumber(number: number): RefusalKey | undefined {
  const key = BY_NUMBER.get(number)?.key;
  return key !== undefined && isRefusalKey(key) ? key : undefined;
}

/** The code of a custom error by its Solidity name; undefined when the table does not know it. */
export function refusalKeyOfError(solidityName: string): RefusalKey | undefined {
  const key = BY_SOLIDITY.get(solidityName)?.key;
  return key !== undefined && isRefusalKey(key) ? key : undefined;
}
