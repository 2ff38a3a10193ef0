import { callPayload } from '#chain';
import { encodeGive, giftTransfer, storeTransfer, type Hex } from '#contracts';
import { judgeGift, type GiftReceiver } from '#domain';
import type { AcceptanceRules } from '../orders/acceptance.js';
import type { Order } from '../orders/order.js';
import { ProjectedHoldings, type HoldingEntry } from '../orders/projected-balances.js';
import { loadHoldings, type HoldingContext } from '../orders/acceptance-context.repository.js';
import { loadReceivers, type ReceiverRow } from './receiver.repository.js';

/** With what is known of the receiver, gifts that are on their way included. */
export type GiftContext = HoldingContext & { readonly to: GiftReceiver };

/** Gifts at the door. Decided one by one, because the receiver's caps bind what all givers give together. */
export function giftRules(vouchers: Hex): AcceptanceRules<HoldingEntry, GiftContext, ProjectedHoldings> {
  return {
    kind: 'gift',
    async load(tx, orders, now) {
      const contexts = await loadHoldings(tx, 'gift', orders);
      const receivers = await loadReceivers(tx, orders, now);
      return contexts.map((context, index) => {
        const receiver = receivers[index];
        if (receiver === undefined) throw new Error('a receiver for each gift');
        return { ...context, to: receiverOf(context, receiver) };
      });
    },
    project: ({ account }, now) => new ProjectedHoldings(account, now),
    judge({ order, context, balances, signedBy, now }) {
      const { amount, deadline, nonce, series, holder } = order;
      const [seriesId = 0] = series;
      const ruling = judgeGift({
        amount,
        deadline,
        nonce,
        now,
        signedBy,
        seriesId,
        series: balances.rulesOf(seriesId),
        giver: holder,
        receiver: receiverAddress(order),
        account: context.account,
        holding: balances.of(seriesId),
        to: context.to,
      });
      if (!ruling.ok) return ruling.refusal;
      balances.giveAway(seriesId, amount, nonce);
      return null;
    },
    pack(order) {
      const item = { ...order, giver: order.holder, receiver: receiverAddress(order) };
      const transfer = giftTransfer({ ...item, series: order.series[0] ?? 0 });
      return callPayload(vouchers, encodeGive([storeTransfer(transfer, order.proof)]));
    },
  };
}

function receiverOf({ other }: HoldingContext, row: ReceiverRow): GiftReceiver {
  const { frozen, balance, coming, month, gifts } = row;
  return {
    frozen,
    merchantStatus: other?.status ?? 0,
    balance: balance + coming,
    gifts: { month, amount: gifts + row.coming_of_authority },
  };
}

function receiverAddress({ id, other }: Order): Hex {
  if (other === null) throw new Error(`gift ${id} has no receiver`);
  return other;
}
