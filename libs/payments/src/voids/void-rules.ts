import { callPayload } from '#chain';
import { encodeVoidPayments, storeTransfer, voidTransfer, type Hex } from '#contracts';
import { judgeVoid, type VoidReceipt } from '#domain';
import type { AcceptanceRules } from '../orders/acceptance.js';
import type { Order } from '../orders/order.js';
import { ProjectedMerchantBalance, type MerchantBalanceEntry } from '../orders/projected-balances.js';
import { loadMerchantBalances, type MerchantContext } from '../orders/acceptance-context.repository.js';
import { findReceipt, type PaymentReceipt } from './receipt.repository.js';

/** With the payment that is to be taken back; undefined when it is not final. */
export type VoidContext = MerchantContext & { readonly paid: PaymentReceipt | undefined };

/** Voids at the door. The merchant need not bring the receipt: it is built from the copy of the chain. */
export function voidRules(
  vouchers: Hex,
): AcceptanceRules<MerchantBalanceEntry, VoidContext, ProjectedMerchantBalance> {
  return {
    kind: 'void',
    async load(tx, orders) {
      const contexts = await loadMerchantBalances(tx, 'void', orders);
      const all: VoidContext[] = [];
      for (const [index, context] of contexts.entries()) {
        const { payment = null, series = [] } = orders[index] ?? {};
        const paid = payment === null ? undefined : await findReceipt(tx, payment, series[0] ?? 0);
        all.push({ ...context, paid });
      }
      return all;
    },
    project: () => new ProjectedMerchantBalance(),
    judge({ order, context, balances, signedBy, now }) {
      const { amount, deadline, nonce, series, payment } = order;
      const [seriesId = 0] = series;
      const ruling = judgeVoid({
        amount,
        deadline,
        nonce,
        now,
        signedBy,
        seriesId,
        seriesKnown: balances.rulesOf(seriesId) !== undefined,
        receipt: receiptOf(order, context, balances),
        merchantBalance: balances.of(seriesId),
      });
      if (!ruling.ok) return ruling.refusal;
      balances.replay({ kind: 'void', series, amount, nonce, payment, byDevice: false });
      return null;
    },
    pack(order, { paid }) {
      const { holder: merchant, other, payment, series } = order;
      if (other === null || payment === null || paid === undefined) {
        throw new Error(`void ${order.id} has no payment`);
      }
      const item = voidTransfer({ ...order, merchant, payer: other, payment, series: series[0] ?? 0 });
      const stored = storeTransfer(item, order.proof);
      return callPayload(vouchers, encodeVoidPayments([{ stored, receipt: paid.receipt }]));
    },
  };
}

function receiptOf(
  { holder, other, payment, series }: Order,
  { paid }: VoidContext,
  balances: ProjectedMerchantBalance,
) {
  const receipt: VoidReceipt = {
    batch: Number(paid?.receipt.batch ?? 0n),
    proven: paid !== undefined && paid.merchant === holder && paid.payer === other,
    amount: paid?.receipt.amount ?? 0n,
    day: paid?.receipt.day ?? 0,
    voided: (paid?.voided ?? 0n) + balances.takenBack(payment ?? '', series[0] ?? 0),
  };
  return receipt;
}
