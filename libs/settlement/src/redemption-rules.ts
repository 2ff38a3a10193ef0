import { packRedemption } from '#contracts';
import { judgeRedemption } from '#domain';
import {
  loadMerchantBalances,
  ProjectedMerchantBalance,
  type AcceptanceRules,
  type MerchantBalanceEntry,
  type MerchantContext,
} from '#payments';

/** Redemptions at the door; what was earned is owed, so neither pause, validity nor status matter. */
export const redemptionRules: AcceptanceRules<
  MerchantBalanceEntry,
  MerchantContext,
  ProjectedMerchantBalance
> = {
  kind: 'redemption',
  load: (tx, orders) => loadMerchantBalances(tx, 'redemption', orders),
  project: () => new ProjectedMerchantBalance(),
  judge({ order, balances, signedBy, now }) {
    const { amount, deadline, nonce, series } = order;
    const [seriesId = 0] = series;
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
    if (!ruling.ok) return ruling.refusal;
    balances.replay({ kind: 'redemption', series, amount, nonce, payment: null, byDevice: false });
    return null;
  },
  pack: (order) =>
    packRedemption({ ...order, merchant: order.holder, series: order.series[0] ?? 0 }, order.proof),
};
