import { packPayment } from '#contracts';
import {
  explainPayment,
  koreanDayIndex,
  unpackScopeRule,
  type PaymentMerchant,
  type PaymentSeries,
  type ScopeRule,
} from '#domain';
import type { Queryable } from '#persistence';
import type { AcceptanceRules, Situation } from './orders/acceptance.js';
import type { Order, OrderRefusal } from './orders/order.js';
import type { Purse, PurseState } from './orders/purse.js';
import { loadPaymentRows, type PaymentRow } from './payment.repository.js';

/** Everything that the contract would look at. */
export interface PaymentSituation extends Situation {
  readonly series: PaymentSeries | undefined;
  readonly merchant: PaymentMerchant | undefined;
  readonly frozen: boolean;
}

/** Payments at the door: loaded by one statement, decided by the domain's copy of the contract's checks. */
export const paymentRules: AcceptanceRules<PaymentSituation> = {
  kind: 'payment',
  async load(tx: Queryable, orders: readonly Order[], now: number): Promise<PaymentSituation[]> {
    const today = koreanDayIndex(now);
    return (await loadPaymentRows(tx, orders)).map((row) => situationOf(row, today));
  },
  explain(order: Order, situation: PaymentSituation, purse: Purse, now: number): OrderRefusal | null {
    const { series, merchant, frozen } = situation;
    return explainPayment({
      payer: order.holder,
      payee: order.merchant,
      seriesId: BigInt(order.series),
      amount: order.amount,
      nonce: order.nonce,
      deadline: order.deadline,
      now,
      series,
      merchant,
      holding: {
        balance: purse.balance,
        window: purse.window,
        day: koreanDayIndex(now),
        spentToday: purse.spentToday,
      },
      payerFrozen: frozen,
      signatureValid: order.signed,
    });
  },
  pack(order: Order): Uint8Array {
    return packPayment({ ...order, payer: order.holder }, order.signature);
  },
};

function situationOf(row: PaymentRow, today: number): PaymentSituation {
  return {
    known: row.known,
    purse: purseOf(row, today),
    pending: row.pending,
    series: seriesOf(row),
    merchant: merchantOf(row),
    frozen: row.frozen,
  };
}

function purseOf(row: PaymentRow, today: number): PurseState | undefined {
  const { balance, top, window_bits: bits, day, spent_today: spent } = row;
  if (balance === null || top === null || bits === null) return undefined;
  return {
    balance,
    window: { top: Number(top), bitmap: BigInt.asUintN(64, bits) },
    spentToday: day === today && spent !== null ? spent : 0n,
  };
}

function seriesOf(row: PaymentRow): PaymentSeries | undefined {
  const { valid_from: from, valid_until: until, payment_cap: cap, daily_cap: daily, rules } = row;
  if (from === null || until === null || cap === null || daily === null || rules === null) return undefined;
  return {
    validFrom: Number(from),
    validUntil: Number(until),
    pausedUntil: Number(row.paused_until ?? 0n),
    paymentCap: cap,
    dailyCap: daily,
    rules: rulesOf(rules),
  };
}

function merchantOf({ region, category, size, status }: PaymentRow): PaymentMerchant | undefined {
  if (region === null || category === null || size === null || status === null) return undefined;
  return { region, category, size, status };
}

const unpacked = new Map<string, readonly ScopeRule[]>();
/** More series than one installation has at once; the cache only saves work. */
const UNPACKED_MAX = 1_000;

/** A series never changes, so its rules are unpacked once; the packed words are the key, whatever the chain loses. */
function rulesOf(packed: string): readonly ScopeRule[] {
  let rules = unpacked.get(packed);
  if (rules === undefined) {
    rules = packed.split(',').map((word) => unpackScopeRule(BigInt(word)));
    if (unpacked.size >= UNPACKED_MAX) unpacked.clear();
    unpacked.set(packed, rules);
  }
  return rules;
}
