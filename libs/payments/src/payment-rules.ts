import { packPayment } from '#contracts';
import { judgePayment } from '#domain';
import type { AcceptanceRules } from './orders/acceptance.js';
import type { Order } from './orders/order.js';
import { HoldingPurse, type HoldingPocket } from './orders/purse.js';
import { loadHoldings, type HoldingSituation } from './orders/situation.repository.js';

/** Payments at the door: loaded by one statement, decided by the domain's copy of the contract's checks. */
export const paymentRules: AcceptanceRules<HoldingPocket, HoldingSituation, HoldingPurse> = {
  kind: 'payment',
  load: (tx, orders) => loadHoldings(tx, 'payment', orders),
  openPurse: ({ account }, now) => new HoldingPurse(account, now),
  judge({ order, situation, purse, signedBy, now }) {
    const { amount, nonce, deadline, holder, series } = order;
    const ruling = judgePayment({
      payer: holder,
      payee: merchantOf(order),
      sources: series.map((seriesId) => ({
        seriesId,
        series: purse.rulesOf(seriesId),
        holding: purse.of(seriesId),
      })),
      amount,
      nonce,
      deadline,
      now,
      signedBy,
      merchant: situation.other,
      account: situation.account,
    });
    if (!ruling.ok) return ruling.refusal;
    purse.pay(ruling.parts, series[0] ?? 0, nonce);
    return null;
  },
  pack: (order) => packPayment({ ...order, payer: order.holder, merchant: merchantOf(order) }, order.proof),
};

function merchantOf({ id, other }: Order): string {
  if (other === null) throw new Error(`payment ${id} has no merchant`);
  return other;
}
