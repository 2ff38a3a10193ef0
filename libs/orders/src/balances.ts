import { ORDER_KINDS } from './kinds/index.js';
import {
  ProjectedHoldings,
  ProjectedMerchantBalance,
  type HoldingEntry,
  type MerchantBalanceEntry,
} from './pipeline/projected-balances.js';
import { readReservations } from './pipeline/reservations.js';
import type { AccountState } from '#domain';

/**
 * What a resident holds when all that was accepted is settled.
 *
 * @param reserved see reservedBy
 * @param now Unix seconds
 */
export function projectHoldings(
  account: AccountState,
  entries: ReadonlyMap<number, HoldingEntry>,
  reserved: string | null,
  now: number,
): ProjectedHoldings {
  const balances = new ProjectedHoldings(account, now);
  balances.know(entries);
  for (const order of readReservations(reserved)) ORDER_KINDS.reserve('holding', balances, order);
  return balances;
}

/** The same of what a merchant took. */
export function projectMerchantBalances(
  entries: ReadonlyMap<number, MerchantBalanceEntry>,
  reserved: string | null,
): ProjectedMerchantBalance {
  const balances = new ProjectedMerchantBalance();
  balances.know(entries);
  for (const order of readReservations(reserved)) ORDER_KINDS.reserve('merchant_balance', balances, order);
  return balances;
}
