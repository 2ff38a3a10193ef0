import { callPayload } from '#relayer';
import { encodeGive, giftTransfer, storeTransfer } from '#contracts';
import { judgeGift, type GiftReceiver } from '#domain';
import { loadHoldings, type HoldingContext } from '../../pipeline/acceptance-context.repository.js';
import type { AcceptanceRules } from '../../pipeline/kind.js';
import { onlySeries, otherSide } from '../../pipeline/order.js';
import { ProjectedHoldings, type HoldingEntry } from '../../pipeline/projected-balances.js';
import { loadReceivers, type ReceiverRow } from './receiver.repository.js';

/** With what is known of the receiver, accepted and undecided gifts included. */
export type GiftContext = HoldingContext & { readonly to: GiftReceiver };

/** Gifts. Decided one by one, because the receiver's caps bind what all givers give together. */
export const giftRules: AcceptanceRules<HoldingEntry, GiftContext, ProjectedHoldings> = {
  async load(tx, orders, now) {
    const contexts = await loadHoldings(tx, orders, now);
    const receivers = await loadReceivers(tx, orders, now);
    return contexts.map((context, index) => {
      const receiver = receivers[index];
      if (receiver === undefined) throw new Error('a receiver for each gift');
      return { ...context, to: receiverOf(context, receiver) };
    });
  },
  project: ({ account }, now) => new ProjectedHoldings(account, now),
  judge({ order, context, balances, signedBy, now }) {
    const { amount, deadline, nonce, holder } = order;
    const seriesId = onlySeries(order);
    const ruling = judgeGift({
      amount,
      deadline,
      nonce,
      now,
      signedBy,
      seriesId,
      series: balances.rulesOf(seriesId),
      giver: holder,
      receiver: otherSide(order),
      account: context.account,
      holding: balances.of(seriesId),
      to: context.to,
    });
    return ruling.ok ? null : ruling.refusal;
  },
  reserve: (balances, { series, amount, nonce }) => balances.giveAway(series[0] ?? 0, amount, nonce),
  pack(order, _context, vouchers) {
    const sides = { giver: order.holder, receiver: otherSide(order), series: onlySeries(order) };
    const transfer = giftTransfer({ ...order, ...sides, order: order.reference });
    return callPayload(vouchers, encodeGive([storeTransfer(transfer, order.proof)]));
  },
};

function receiverOf({ other }: HoldingContext, row: ReceiverRow): GiftReceiver {
  const { balance, coming, month, gifts } = row;
  return {
    frozenUntil: Number(row.frozen_until),
    isContract: row.is_contract,
    company: row.company,
    merchantStatus: other?.status ?? 0,
    balance: balance + coming,
    gifts: { month, amount: gifts + row.coming_of_authority },
  };
}
