import { matchScope, MERCHANT_STATUS, scopeRulesOf, type ItemRefusalKey, type Won } from '#domain';
import type { DemoMerchant, DemoResident } from './plan.js';
import type { DemoSeries } from './series.js';

/** A series of the demo once it is published. */
export interface LiveSeries extends DemoSeries {
  /** Number on chain. */
  readonly id: number;
}

/** What a resident has of one series; changes as payments are planned. */
export interface SpendableHolding {
  readonly series: LiveSeries;
  balance: Won;
  /** Nonces below were used. */
  nextNonce: number;
  /** Won left under the daily cap; undefined = no cap. */
  dailyLeft: Won | undefined;
}

export interface ResidentHoldings {
  readonly resident: DemoResident;
  readonly holdings: readonly SpendableHolding[];
}

/** Largest amount that one payment from this holding may have. */
export function spendable(holding: SpendableHolding): Won {
  const cap = BigInt(holding.series.terms.caps.payment);
  const bounds = [holding.balance, ...(cap === 0n ? [] : [cap]), holding.dailyLeft ?? holding.balance];
  return bounds.reduce((least, bound) => (bound < least ? bound : least));
}

/** Notes a payment that will be settled. */
export function spend(holding: SpendableHolding, amount: Won): void {
  holding.balance -= amount;
  if (holding.dailyLeft !== undefined) holding.dailyLeft -= amount;
}

/** The next unused nonce. */
export function takeNonce(holding: SpendableHolding): number {
  return holding.nextNonce++;
}

/** Why this shop cannot take this series, or null: the rules of the terms and the shop's status. */
export function shopRefusal(series: DemoSeries, shop: DemoMerchant): ItemRefusalKey | null {
  if (shop.suspended) return 'merchant_not_active';
  const match = matchScope(scopeRulesOf(series.terms), shop);
  return match.ok ? null : match.code;
}

/** The shops by what they answer to each series; computed once per series and city. */
export class Shops {
  private readonly bySeries = new Map<string, Map<ItemRefusalKey | 'ok', DemoMerchant[]>>();

  constructor(private readonly all: readonly DemoMerchant[]) {}

  /** Shops where a payment with the series ends in `outcome`. */
  that(outcome: ItemRefusalKey | 'ok', series: DemoSeries): readonly DemoMerchant[] {
    let known = this.bySeries.get(series.key);
    if (known === undefined) {
      known = Map.groupBy(this.all, (shop) => shopRefusal(series, shop) ?? ('ok' as const));
      this.bySeries.set(series.key, known);
    }
    return known.get(outcome) ?? [];
  }
}

/** MERCHANT_STATUS that the demo gives a shop. */
export function statusOf(shop: DemoMerchant): number {
  return shop.suspended ? MERCHANT_STATUS.suspended : MERCHANT_STATUS.active;
}
