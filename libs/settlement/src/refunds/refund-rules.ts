import { callPayload } from '#chain';
import { encodeRefund, refundTransfer, storeTransfer, type Hex } from '#contracts';
import { judgeRefund } from '#domain';
import {
  HoldingPurse,
  loadHoldings,
  type AcceptanceRules,
  type HoldingPocket,
  type HoldingSituation,
} from '#payments';

/** Refunds at the door: the whole rest, where the statute says that it is due. */
export function refundRules(vouchers: Hex): AcceptanceRules<HoldingPocket, HoldingSituation, HoldingPurse> {
  return {
    kind: 'refund',
    load: (tx, orders) => loadHoldings(tx, 'refund', orders),
    openPurse: ({ account }, now) => new HoldingPurse(account, now),
    judge({ order, situation, purse, signedBy, now }) {
      const { amount, deadline, nonce, series } = order;
      const [seriesId = 0] = series;
      const ruling = judgeRefund({
        amount,
        deadline,
        nonce,
        now,
        signedBy,
        seriesId,
        series: purse.rulesOf(seriesId),
        account: situation.account,
        holding: purse.of(seriesId),
      });
      if (!ruling.ok) return ruling.refusal;
      purse.giveAway(seriesId, amount, nonce);
      return null;
    },
    pack(order) {
      const transfer = refundTransfer({ ...order, account: order.holder, series: order.series[0] ?? 0 });
      return callPayload(vouchers, encodeRefund([storeTransfer(transfer, order.proof)]));
    },
  };
}
