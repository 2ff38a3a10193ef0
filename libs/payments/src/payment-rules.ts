import { packPayment } from '#contracts';
import { judgePayment } from '#domain';
import type { AcceptanceRules } from './orders/acceptance.js';
import type { Order } from './orders/order.js';
import { ProjectedHoldings, type HoldingEntry } from './orders/projected-balances.js';
import { loadHoldings, type HoldingContext } from './orders/acceptance-context.repository.js';

/** Payments at the door: loaded by one statement, decided by the domain's copy of the contract's checks. */
export const paymentRules: AcceptanceRules<HoldingEntry, HoldingContext, ProjectedHoldings> = {
  kind: 'payment',
  load: (tx, orders) => loadHoldings(tx, 'payment', orders),
  project: ({ account }, now) => new ProjectedHoldings(account, now),
  judge({ order, context, balances, signedBy, now }) {
    const { amount, nonce, deadline, holder, series } = order;
    const ruling = judgePayment({
      payer: holder,
      payee: merchantOf(order),
      sources: series.map((seriesId) => ({
        seriesId,
        series: balances.rulesOf(seriesId),
        holding: balances.of(seriesId),
      })),
      amount,
      nonce,
      deadline,
      now,
      signedBy,
      merchant: context.other,
      account: context.account,
    });
    if (!ruling.ok) return ruling.refusal;
    balances.pay(ruling.parts, series[0] ?? 0, nonce);
    return null;
  },
  pack: (order) => packPayment({ ...order, payer: order.holder, merchant: merchantOf(order) }, order.proof),
};

function merchantOf({ id, other }: Order): string {
  if (other === null) throw new Error(`payment ${id} has no merchant`);
  return other;
}
