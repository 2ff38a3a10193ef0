import { packRedemption } from '#contracts';
import { judgeRedemption } from '#domain';
import { loadMerchantBalances, type MerchantContext } from '../../pipeline/acceptance-context.repository.js';
import type { AcceptanceRules } from '../../pipeline/kind.js';
import { onlySeries } from '../../pipeline/order.js';
import { ProjectedMerchantBalance, type MerchantBalanceEntry } from '../../pipeline/projected-balances.js';

/** However often it changed hands. */
const ALL_HOPS = 3;

/** Redemptions; what was earned is owed, so neither pause, validity nor status matter. */
export const redemptionRules: AcceptanceRules<
  MerchantBalanceEntry,
  MerchantContext,
  ProjectedMerchantBalance
> = {
  load: (tx, orders, now) => loadMerchantBalances(tx, orders, now),
  project: () => new ProjectedMerchantBalance(),
  judge({ order, balances, signedBy, now }) {
    const { amount, deadline, nonce } = order;
    const seriesId = onlySeries(order);
    const ruling = judgeRedemption({
      amount,
      deadline,
      nonce,
      now,
      signedBy,
      seriesId,
      seriesKnown: balances.rulesOf(seriesId) !== undefined,
      merchantBalance: balances.of(seriesId),
    });
    return ruling.ok ? null : ruling.refusal;
  },
  reserve: (balances, { series, amount, nonce }) => balances.take(series[0] ?? 0, amount, nonce, ALL_HOPS),
  pack(order) {
    const terms = { merchant: order.holder, series: onlySeries(order), order: order.reference };
    return packRedemption({ ...order, ...terms }, order.proof);
  },
};
