import type { Won } from '../won.js';
import type { MerchantBalanceState } from './state.js';

/** Won of merchant balances by how many hops they made: hops 0 (from residents), 1, 2, 3. */
export type AmountsByHop = readonly [Won, Won, Won, Won];

const NOTHING: AmountsByHop = [0n, 0n, 0n, 0n];

/** Won that a merchant could redeem of a series. */
export function redeemable({ balance, byHop }: Pick<MerchantBalanceState, 'balance' | 'byHop'>): Won {
  return byHop.reduce((sum, part) => sum + part, balance);
}

/** Won of it that may still hop to another merchant when merchant balances may hop `hops` times. */
export function movable({ balance, byHop }: MerchantBalanceState, hops: number): Won {
  if (hops === 0) return 0n;
  return byHop.slice(0, hops - 1).reduce((sum, part) => sum + part, balance);
}

/**
 * What `amount` is taken from: what made most hops goes first, since it can be used for least; merchant balances that hopped
 * more than `fromHop` times stay. Takes less than `amount` when there is less.
 */
export function mostHopsFirst(
  merchantBalance: Pick<MerchantBalanceState, 'balance' | 'byHop'>,
  amount: Won,
  fromHop: number,
): AmountsByHop {
  const parts: [Won, Won, Won, Won] = [...NOTHING];
  const byHop = [merchantBalance.balance, ...merchantBalance.byHop];
  let rest = amount;
  for (const hop of [3, 2, 1, 0] as const) {
    if (hop > fromHop) continue;
    const there = byHop[hop] ?? 0n;
    parts[hop] = there < rest ? there : rest;
    rest -= parts[hop];
  }
  return parts;
}
