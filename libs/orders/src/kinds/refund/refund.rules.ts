import { callPayload } from '#relayer';
import { encodeRefund, refundTransfer, storeTransfer } from '#contracts';
import { judgeRefund } from '#domain';
import { loadHoldings, type HoldingContext } from '../../pipeline/acceptance-context.repository.js';
import type { AcceptanceRules } from '../../pipeline/kind.js';
import { onlySeries } from '../../pipeline/order.js';
import { ProjectedHoldings, type HoldingEntry } from '../../pipeline/projected-balances.js';

/** Refunds: the whole rest, where the statute says that it is due. */
export const refundRules: AcceptanceRules<HoldingEntry, HoldingContext, ProjectedHoldings> = {
  load: (tx, orders, now) => loadHoldings(tx, orders, now),
  project: ({ account }, now) => new ProjectedHoldings(account, now),
  judge({ order, context, balances, signedBy, now }) {
    const { amount, deadline, nonce } = order;
    const seriesId = onlySeries(order);
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
    return ruling.ok ? null : ruling.refusal;
  },
  reserve: (balances, { series, amount, nonce }) => balances.giveAway(series[0] ?? 0, amount, nonce),
  pack(order, _context, vouchers) {
    const sides = { account: order.holder, series: onlySeries(order) };
    const transfer = refundTransfer({ ...order, ...sides, order: order.reference });
    return callPayload(vouchers, encodeRefund([storeTransfer(transfer, order.proof)]));
  },
};
