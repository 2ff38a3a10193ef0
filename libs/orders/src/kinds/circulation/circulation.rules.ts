import { callPayload } from '#relayer';
import { circulationTransfer, encodeCirculate, storeTransfer } from '#contracts';
import { judgeCirculation } from '#domain';
import { loadMerchantBalances, type MerchantContext } from '../../pipeline/acceptance-context.repository.js';
import type { AcceptanceRules } from '../../pipeline/kind.js';
import { onlySeries, otherSide } from '../../pipeline/order.js';
import { ProjectedMerchantBalance, type MerchantBalanceEntry } from '../../pipeline/projected-balances.js';

/** Circulations: what made most hops goes first, and what made as many as the series allows stays. */
export const circulationRules: AcceptanceRules<
  MerchantBalanceEntry,
  MerchantContext,
  ProjectedMerchantBalance
> = {
  load: (tx, orders, now) => loadMerchantBalances(tx, orders, now),
  project: () => new ProjectedMerchantBalance(),
  judge({ order, context, balances, signedBy, now }) {
    const { amount, deadline, nonce, holder } = order;
    const seriesId = onlySeries(order);
    const ruling = judgeCirculation({
      amount,
      deadline,
      nonce,
      now,
      signedBy,
      seriesId,
      series: balances.rulesOf(seriesId),
      sender: holder,
      recipient: otherSide(order),
      account: context.account,
      senderMerchant: context.merchant,
      recipientMerchant: context.other,
      merchantBalance: balances.of(seriesId),
    });
    return ruling.ok ? null : ruling.refusal;
  },
  reserve(balances, { series, amount, nonce }) {
    const [seriesId = 0] = series;
    balances.take(seriesId, amount, nonce, (balances.rulesOf(seriesId)?.hops ?? 0) - 1);
  },
  pack(order, _context, vouchers) {
    const sides = { merchant: order.holder, recipient: otherSide(order), series: onlySeries(order) };
    const transfer = circulationTransfer({ ...order, ...sides, order: order.reference });
    return callPayload(vouchers, encodeCirculate([storeTransfer(transfer, order.proof)]));
  },
};
