import { callPayload } from '#chain';
import { encodeRefund, refundTransfer, storeTransfer, type Hex } from '#contracts';
import { judgeRefund } from '#domain';
import {
  ProjectedHoldings,
  loadHoldings,
  type AcceptanceRules,
  type HoldingEntry,
  type HoldingContext,
} from '#payments';

/** Refunds at the door: the whole rest, where the statute says that it is due. */
export function refundRules(vouchers: Hex): AcceptanceRules<HoldingEntry, HoldingContext, ProjectedHoldings> {
  return {
    kind: 'refund',
    load: (tx, orders) => loadHoldings(tx, 'refund', orders),
    project: ({ account }, now) => new ProjectedHoldings(account, now),
    judge({ order, context, balances, signedBy, now }) {
      const { amount, deadline, nonce, series } = order;
      const [seriesId = 0] = series;
      const ruling = judgeRefund({
        amount,
        deadline,
        nonce,
        now,
        signedBy,
        seriesId,
        series: balances.rulesOf(seriesId),
        account: context.account,
        holding: balances.of(seriesId),
      });
      if (!ruling.ok) return ruling.refusal;
      balances.giveAway(seriesId, amount, nonce);
      return null;
    },
    pack(order) {
      const transfer = refundTransfer({ ...order, account: order.holder, series: order.series[0] ?? 0 });
      return callPayload(vouchers, encodeRefund([storeTransfer(transfer, order.proof)]));
    },
  };
}
