import type { Won } from '../won.js';
import type { TakingsState } from './state.js';

/** Won of takings by how often they travelled: hops 0 (from residents), 1, 2, 3. */
export type TakingsParts = readonly [Won, Won, Won, Won];

const NOTHING: TakingsParts = [0n, 0n, 0n, 0n];

/** Won that a merchant could redeem of a series. */
export function redeemable({ balance, travelled }: Pick<TakingsState, 'balance' | 'travelled'>): Won {
  return travelled.reduce((sum, part) => sum + part, balance);
}

/** Won of it that may still travel to another merchant when takings may travel `hops` times. */
export function movable({ balance, travelled }: TakingsState, hops: number): Won {
  if (hops === 0) return 0n;
  return travelled.slice(0, hops - 1).reduce((sum, part) => sum + part, balance);
}

/**
 * What `amount` is taken from: what travelled most goes first, since it can be used for least; takings that travelled
 * more than `fromHop` times stay. Takes less than `amount` when there is less.
 */
export function mostTravelledFirst(takings: TakingsState, amount: Won, fromHop: number): TakingsParts {
  const parts: [Won, Won, Won, Won] = [...NOTHING];
  const byHop = [takings.balance, ...takings.travelled];
  let rest = amount;
  for (const hop of [3, 2, 1, 0] as const) {
    if (hop > fromHop) continue;
    const there = byHop[hop] ?? 0n;
    parts[hop] = there < rest ? there : rest;
    rest -= parts[hop];
  }
  return parts;
}
