import { callPayload } from '#chain';
import { circulationTransfer, encodeCirculate, storeTransfer, type Hex } from '#contracts';
import { judgeCirculation } from '#domain';
import type { AcceptanceRules } from '../orders/acceptance.js';
import type { Order } from '../orders/order.js';
import { ProjectedMerchantBalance, type MerchantBalanceEntry } from '../orders/projected-balances.js';
import { loadMerchantBalances, type MerchantContext } from '../orders/acceptance-context.repository.js';

/** Circulations at the door: what a merchant took, spent at another merchant. */
export function circulationRules(
  vouchers: Hex,
): AcceptanceRules<MerchantBalanceEntry, MerchantContext, ProjectedMerchantBalance> {
  return {
    kind: 'circulation',
    load: (tx, orders) => loadMerchantBalances(tx, 'circulation', orders),
    project: () => new ProjectedMerchantBalance(),
    judge({ order, context, balances, signedBy, now }) {
      const { amount, deadline, nonce, series, holder } = order;
      const [seriesId = 0] = series;
      const ruling = judgeCirculation({
        amount,
        deadline,
        nonce,
        now,
        signedBy,
        seriesId,
        series: balances.rulesOf(seriesId),
        sender: holder,
        recipient: recipientOf(order),
        account: context.account,
        senderMerchant: context.merchant,
        recipientMerchant: context.other,
        merchantBalance: balances.of(seriesId),
      });
      if (!ruling.ok) return ruling.refusal;
      balances.replay({ kind: 'circulation', series, amount, nonce, payment: null, byDevice: false });
      return null;
    },
    pack(order) {
      const item = { ...order, merchant: order.holder, recipient: recipientOf(order) };
      const transfer = circulationTransfer({ ...item, series: order.series[0] ?? 0 });
      return callPayload(vouchers, encodeCirculate([storeTransfer(transfer, order.proof)]));
    },
  };
}

function recipientOf({ id, other }: Order): Hex {
  if (other === null) throw new Error(`circulation ${id} has no recipient`);
  return other;
}
