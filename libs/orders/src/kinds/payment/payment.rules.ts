import { packPayment } from '#contracts';
import { judgePayment } from '#domain';
import { loadHoldings, type HoldingContext } from '../../pipeline/acceptance-context.repository.js';
import type { AcceptanceRules } from '../../pipeline/kind.js';
import { otherSide } from '../../pipeline/order.js';
import { ProjectedHoldings, type HoldingEntry } from '../../pipeline/projected-balances.js';

/** Payments: loaded by one statement, decided by the domain's copy of the contract's checks. */
export const paymentRules: AcceptanceRules<HoldingEntry, HoldingContext, ProjectedHoldings> = {
  load: (tx, orders, now) => loadHoldings(tx, orders, now),
  project: ({ account }, now) => new ProjectedHoldings(account, now),
  judge({ order, context, balances, signedBy, now }) {
    const { amount, nonce, deadline, holder, series } = order;
    const ruling = judgePayment({
      payer: holder,
      payee: otherSide(order),
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
    return ruling.ok ? null : ruling.refusal;
  },
  reserve: (balances, { series, amount, nonce }) => balances.pay(series, amount, nonce),
  pack: (order) =>
    packPayment(
      { ...order, order: order.reference, payer: order.holder, merchant: otherSide(order) },
      order.proof,
    ),
};
