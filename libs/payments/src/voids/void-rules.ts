import { callPayload } from '#chain';
import { encodeVoidPayments, storeTransfer, voidTransfer, type Hex } from '#contracts';
import { judgeVoid, type VoidReceipt } from '#domain';
import type { AcceptanceRules } from '../orders/acceptance.js';
import type { Order } from '../orders/order.js';
import { TakingsPurse, type TakingsPocket } from '../orders/purse.js';
import { loadTakings, type TakingsSituation } from '../orders/situation.repository.js';
import { findReceipt, type PaymentReceipt } from './receipt.repository.js';

/** With the payment that is to be taken back; undefined when it is not final. */
export type VoidSituation = TakingsSituation & { readonly paid: PaymentReceipt | undefined };

/** Voids at the door. The merchant need not bring the receipt: it is built from the copy of the chain. */
export function voidRules(vouchers: Hex): AcceptanceRules<TakingsPocket, VoidSituation, TakingsPurse> {
  return {
    kind: 'void',
    async load(tx, orders) {
      const situations = await loadTakings(tx, 'void', orders);
      const all: VoidSituation[] = [];
      for (const [index, situation] of situations.entries()) {
        const { payment = null, series = [] } = orders[index] ?? {};
        const paid = payment === null ? undefined : await findReceipt(tx, payment, series[0] ?? 0);
        all.push({ ...situation, paid });
      }
      return all;
    },
    openPurse: () => new TakingsPurse(),
    judge({ order, situation, purse, signedBy, now }) {
      const { amount, deadline, nonce, series, payment } = order;
      const [seriesId = 0] = series;
      const ruling = judgeVoid({
        amount,
        deadline,
        nonce,
        now,
        signedBy,
        seriesId,
        seriesKnown: purse.rulesOf(seriesId) !== undefined,
        receipt: receiptOf(order, situation, purse),
        takings: purse.of(seriesId),
      });
      if (!ruling.ok) return ruling.refusal;
      purse.replay({ kind: 'void', series, amount, nonce, payment, byDevice: false });
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

function receiptOf({ holder, other, payment, series }: Order, { paid }: VoidSituation, purse: TakingsPurse) {
  const receipt: VoidReceipt = {
    batch: Number(paid?.receipt.batch ?? 0n),
    proven: paid !== undefined && paid.merchant === holder && paid.payer === other,
    amount: paid?.receipt.amount ?? 0n,
    day: paid?.receipt.day ?? 0,
    voided: (paid?.voided ?? 0n) + purse.takenBack(payment ?? '', series[0] ?? 0),
  };
  return receipt;
}
