import { callPayload } from '#relayer';
import { encodeVoidPayments, storeTransfer, voidTransfer } from '#contracts';
import { judgeVoid, type VoidReceipt } from '#domain';
import { loadMerchantBalances, type MerchantContext } from '../../pipeline/acceptance-context.repository.js';
import type { AcceptanceRules } from '../../pipeline/kind.js';
import { onlySeries, type Order } from '../../pipeline/order.js';
import { ProjectedMerchantBalance, type MerchantBalanceEntry } from '../../pipeline/projected-balances.js';
import { findReceipt, type PaymentReceipt } from './receipt.repository.js';

/** With the payment that is to be taken back; undefined when it is not final. */
export type VoidContext = MerchantContext & { readonly paid: PaymentReceipt | undefined };

/** Voids. The merchant need not send the receipt: it is built from the copy of the chain. */
export const voidRules: AcceptanceRules<MerchantBalanceEntry, VoidContext, ProjectedMerchantBalance> = {
  async load(tx, orders, now) {
    const contexts = await loadMerchantBalances(tx, orders, now);
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
    const { amount, deadline, nonce } = order;
    const seriesId = onlySeries(order);
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
    return ruling.ok ? null : ruling.refusal;
  },
  reserve: (balances, { payment, series, amount, nonce }) =>
    balances.takeBack(payment, series[0] ?? 0, amount, nonce),
  pack(order, { paid }, vouchers) {
    const { payment, reference } = order;
    if (payment === null || paid === undefined) throw new Error(`void ${order.id} has no payment`);
    const sides = { merchant: order.holder, payment, series: onlySeries(order) };
    const transfer = voidTransfer({ ...order, ...sides, order: reference }, paid.payer);
    const stored = storeTransfer(transfer, order.proof);
    return callPayload(vouchers, encodeVoidPayments([{ stored, receipt: paid.receipt }]));
  },
};

function receiptOf(
  { holder, payment, series }: Order,
  { paid }: VoidContext,
  balances: ProjectedMerchantBalance,
) {
  const receipt: VoidReceipt = {
    batch: Number(paid?.receipt.batch ?? 0n),
    proven: paid?.merchant === holder,
    amount: paid?.receipt.amount ?? 0n,
    day: paid?.receipt.day ?? 0,
    voided: (paid?.voided ?? 0n) + balances.takenBack(payment ?? '', series[0] ?? 0),
  };
  return receipt;
}
