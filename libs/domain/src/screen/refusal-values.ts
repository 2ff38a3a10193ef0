import { unpackRegion } from '../regions/region.js';
import { type RefusalArgs, type RefusalValue, typedArgs } from '../refusals/args.js';
import type { ArgType } from '../refusals/types.js';
import { REFUSAL_SCREENS, type ScreenKey } from './refusal-screen.js';
import type { ScreenText, ScreenValue, ScreenValues } from './types.js';

export function isScreenKey(key: string): key is ScreenKey {
  return Object.hasOwn(REFUSAL_SCREENS, key);
}

/** The sentences of a refusal, with their values still to be written. */
export interface RefusalScreen {
  readonly text: ScreenText;
  readonly values: ScreenValues;
}

/** Names of sentences for values that the refusal calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  paused_until: 'until',
  valid_until: 'until',
  valid_from: 'from',
  merchant_region: 'region',
  allowed_region: 'allowed',
};

/**
 * What a resident or a merchant reads for a refusal. Sentences whose values are unknown are left out.
 *
 * @param args of the refusal, by name or in the chain's order
 * @param more what the refusal itself does not know: `claim` (last day for claims), `help` (telephone), `more` (what is
 *   still to be spent), `least` (smallest amount)
 */
export function refusalScreen(key: ScreenKey, args: RefusalArgs, more: ScreenValues = {}): RefusalScreen {
  const values: Record<string, ScreenValue> = { ...more };
  for (const { name, type, value } of typedArgs(key, args)) {
    const shown = screenValue(type, value);
    if (shown !== undefined) values[NAMES[name] ?? name] = shown;
  }
  const [balance, amount] = [values['balance'], values['amount']];
  if (balance?.type === 'money' && amount?.type === 'money' && amount.amount > balance.amount)
    values['short'] = { type: 'money', amount: amount.amount - balance.amount };
  const text = REFUSAL_SCREENS[key].filter(({ ko }) =>
    [...ko.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => values[name] !== undefined),
  );
  return { text, values };
}

function screenValue(type: ArgType, value: RefusalValue): ScreenValue | undefined {
  switch (type) {
    case 'won':
      return { type: 'money', amount: BigInt(value) };
    case 'time':
    case 'moment':
      return { type: 'time', at: Number(value) };
    case 'end':
      return { type: 'end', at: Number(value) };
    case 'region':
      return { type: 'region', code: typeof value === 'string' ? value : unpackRegion(BigInt(value)) };
    case 'category':
      return { type: 'category', id: Number(value) };
    case 'size':
      return { type: 'size', size: Number(value) };
    default:
      return undefined;
  }
}
