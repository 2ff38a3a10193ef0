import { packRedemption } from '#contracts';
import { isFresh, refusal, type ItemRefusalKey } from '#domain';
import type { AcceptanceRules, Order, OrderRefusal, Purse, Situation } from '#payments';
import { loadRedemptionRows } from './redemption.repository.js';

/** What the contract would look at: what was earned is owed, so neither pause, validity nor status matter. */
export interface RedemptionSituation extends Situation {
  readonly seriesExists: boolean;
}

/** Redemptions at the door; pending ones reserve takings. */
export const redemptionRules: AcceptanceRules<RedemptionSituation> = {
  kind: 'redemption',
  async load(tx, orders): Promise<RedemptionSituation[]> {
    const rows = await loadRedemptionRows(tx, orders);
    return rows.map(({ known, pending, series_exists: seriesExists, balance, top, window_bits: bits }) => ({
      known,
      pending,
      seriesExists,
      purse:
        balance === null || top === null || bits === null
          ? undefined
          : { balance, window: { top: Number(top), bitmap: BigInt.asUintN(64, bits) }, spentToday: 0n },
    }));
  },
  explain: explainRedemption,
  pack: (order) => packRedemption(order, order.signature),
};

/** The contract's checks of `redeem`, in its order; null when it would settle. `now` in Unix seconds. */
export function explainRedemption(
  order: Order,
  { seriesExists }: Pick<RedemptionSituation, 'seriesExists'>,
  { balance, window }: Pick<Purse, 'balance' | 'window'>,
  now: number,
): OrderRefusal | null {
  const { amount, deadline, series, signed, nonce } = order;
  if (amount === 0n) return refused('amount_zero');
  if (now > deadline) return refused('deadline_passed', BigInt(deadline), BigInt(now));
  if (!seriesExists) return refused('series_unknown', BigInt(series));
  if (!signed) return refused('signature_invalid');
  if (!isFresh(window, nonce)) return refused('replayed', BigInt(nonce), BigInt(window.top));
  if (amount > balance) return refused('insufficient_takings', balance, amount);
  return null;
}

function refused(code: ItemRefusalKey, a = 0n, b = 0n): OrderRefusal {
  return { code, number: refusal(code).number, a, b };
}
