import { koreanDayIndex } from '../calendar.js';
import { isFresh, use } from '../replay-window.js';
import type { ReplayWindow } from '../replay-window.js';
import type { Won } from '../won.js';
import { mostHopsFirst } from './merchant-balance.js';
import type { HoldingState, MerchantBalanceState } from './state.js';

/*
 * The arithmetic of what accepted orders leave when they are settled. The contract decides: after a reorg more may be
 * promised than is there for a moment, so nothing here goes below zero or throws.
 */

/** The state once a promised nonce is used. */
export function withNonce<State extends { readonly window: ReplayWindow }>(
  state: State,
  nonce: number,
): State {
  return isFresh(state.window, nonce) ? { ...state, window: use(state.window, nonce) } : state;
}

/** A holding once `amount` won of it are spent at `now`, in unix seconds. */
export function spentFrom(holding: HoldingState, amount: Won, now: number): HoldingState {
  const today = koreanDayIndex(now);
  return {
    ...holding,
    balance: lessAtMost(holding.balance, amount),
    day: today,
    spentToday: (holding.day === today ? holding.spentToday : 0n) + amount,
  };
}

/** A holding once `amount` won of it are given to another resident or refunded: what was received falls as well. */
export function givenFrom(holding: HoldingState, amount: Won, now: number): HoldingState {
  return { ...spentFrom(holding, amount, now), received: lessAtMost(holding.received, amount) };
}

/** A merchant's balance once `amount` won that made at most `fromHop` hops leave it, most hops first. */
export function takenFrom(
  merchantBalance: MerchantBalanceState,
  amount: Won,
  fromHop: number,
): MerchantBalanceState {
  const [zero, one, two, three] = mostHopsFirst(merchantBalance, amount, fromHop);
  const [first, second, third] = merchantBalance.byHop;
  return {
    ...merchantBalance,
    balance: merchantBalance.balance - zero,
    byHop: [first - one, second - two, third - three],
  };
}

function lessAtMost(there: Won, amount: Won): Won {
  return there > amount ? there - amount : 0n;
}
