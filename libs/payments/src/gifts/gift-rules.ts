import { callPayload } from '#chain';
import { encodeGive, giftTransfer, storeTransfer, type Hex } from '#contracts';
import { judgeGift, type GiftReceiver } from '#domain';
import type { AcceptanceRules } from '../orders/acceptance.js';
import type { Order } from '../orders/order.js';
import { HoldingPurse, type HoldingPocket } from '../orders/purse.js';
import { loadHoldings, type HoldingSituation } from '../orders/situation.repository.js';
import { loadReceivers, type ReceiverRow } from './receiver.repository.js';

/** With what is known of the receiver, gifts that are on their way included. */
export type GiftSituation = HoldingSituation & { readonly to: GiftReceiver };

/** Gifts at the door. Decided one by one, because the receiver's caps bind what all givers give together. */
export function giftRules(vouchers: Hex): AcceptanceRules<HoldingPocket, GiftSituation, HoldingPurse> {
  return {
    kind: 'gift',
    async load(tx, orders, now) {
      const situations = await loadHoldings(tx, 'gift', orders);
      const receivers = await loadReceivers(tx, orders, now);
      return situations.map((situation, index) => {
        const receiver = receivers[index];
        if (receiver === undefined) throw new Error('a receiver for each gift');
        return { ...situation, to: receiverOf(situation, receiver) };
      });
    },
    openPurse: ({ account }, now) => new HoldingPurse(account, now),
    judge({ order, situation, purse, signedBy, now }) {
      const { amount, deadline, nonce, series, holder } = order;
      const [seriesId = 0] = series;
      const ruling = judgeGift({
        amount,
        deadline,
        nonce,
        now,
        signedBy,
        seriesId,
        series: purse.rulesOf(seriesId),
        giver: holder,
        receiver: receiverAddress(order),
        account: situation.account,
        holding: purse.of(seriesId),
        to: situation.to,
      });
      if (!ruling.ok) return ruling.refusal;
      purse.giveAway(seriesId, amount, nonce);
      return null;
    },
    pack(order) {
      const item = { ...order, giver: order.holder, receiver: receiverAddress(order) };
      const transfer = giftTransfer({ ...item, series: order.series[0] ?? 0 });
      return callPayload(vouchers, encodeGive([storeTransfer(transfer, order.proof)]));
    },
  };
}

function receiverOf({ other }: HoldingSituation, row: ReceiverRow): GiftReceiver {
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
