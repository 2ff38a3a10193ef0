import { packRedemption } from '#contracts';
import { judgeRedemption } from '#domain';
import {
  loadTakings,
  TakingsPurse,
  type AcceptanceRules,
  type TakingsPocket,
  type TakingsSituation,
} from '#payments';

/** Redemptions at the door; what was earned is owed, so neither pause, validity nor status matter. */
export const redemptionRules: AcceptanceRules<TakingsPocket, TakingsSituation, TakingsPurse> = {
  kind: 'redemption',
  load: (tx, orders) => loadTakings(tx, 'redemption', orders),
  openPurse: () => new TakingsPurse(),
  judge({ order, purse, signedBy, now }) {
    const { amount, deadline, nonce, series } = order;
    const [seriesId = 0] = series;
    const ruling = judgeRedemption({
      amount,
      deadline,
      nonce,
      now,
      signedBy,
      seriesId,
      seriesKnown: purse.rulesOf(seriesId) !== undefined,
      takings: purse.of(seriesId),
    });
    if (!ruling.ok) return ruling.refusal;
    purse.replay({ kind: 'redemption', series, amount, nonce, payment: null, byDevice: false });
    return null;
  },
  pack: (order) =>
    packRedemption({ ...order, merchant: order.holder, series: order.series[0] ?? 0 }, order.proof),
};
