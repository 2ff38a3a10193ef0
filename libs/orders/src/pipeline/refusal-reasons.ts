import type { OrderKindName } from '#contracts';
import { formatKoreanMoment, refusal, type Words } from '#domain';
import { CANCELLATIONS, MERCHANT_CANCELLATIONS } from './cancel-routes.js';
import type { Order, OrderEnd, OrderRecord, OrderRefusal } from './order.js';

/** Refusals that time, money and officers cannot take away: they follow from the order and what its series is for ever. */
const FOR_GOOD = new Set(
  (
    [
      'amount_zero',
      'deadline_passed',
      'self_payment',
      'series_order',
      'expired',
      'payment_cap_exceeded',
      'gift_not_allowed',
      'circulation_not_allowed',
    ] as const
  ).map((key) => refusal(key).number),
);

/** Where the signer of an order cancels its number. Null: cancellations move nothing, so to sign another costs nothing. */
const CANCELLED_AT: Readonly<Record<OrderKindName, string | null>> = {
  payment: CANCELLATIONS,
  gift: CANCELLATIONS,
  refund: CANCELLATIONS,
  void: MERCHANT_CANCELLATIONS,
  circulation: MERCHANT_CANCELLATIONS,
  redemption: MERCHANT_CANCELLATIONS,
  cancellation: null,
  merchant_cancellation: null,
};

/** Whether the reason for a refusal, by its number, may be gone later. */
export function mayPass(refusalNumber: number): boolean {
  return !FOR_GOOD.has(refusalNumber);
}

/**
 * The platform submits an order once. What the contract refused for a reason that passes is valid to its deadline, though,
 * and its bytes are on the chain for anybody to submit: whoever signs another one before pays twice.
 */
function signAgain(deadline: number | null, cancelledAt: string): Words {
  const until = {
    ko: deadline === null ? '기한' : formatKoreanMoment(deadline, 'ko'),
    en: deadline === null ? 'its deadline' : formatKoreanMoment(deadline, 'en'),
  };
  return {
    ko: `누가 이 승인을 체인에 다시 내면 ${until.ko}까지는 처리될 수 있고, 그 뒤에는 처리되지 않습니다. 바로 다시 하려면 먼저 이 번호를 철회(/${cancelledAt})하고, 아니면 그때가 지난 뒤 새 번호로 다시 서명해 주세요.`,
    en: `This authorisation can still settle until ${until.en} if somebody submits it to the chain again, and not after that. To sign again at once, cancel its number first (/${cancelledAt}); else sign again with a new number when that time has passed.`,
  };
}

/**
 * What helps where the first of several series of a payment can give nothing now: it counts the number, so that the
 * contract takes nothing from the others. Undefined for other refusals.
 */
export function withoutFirst(
  { series, amount }: Pick<Order, 'series' | 'amount'>,
  { code, a, b }: Pick<OrderRefusal, 'a' | 'b'> & { readonly code: OrderEnd['code'] },
): Words | undefined {
  const [first] = series;
  const isEmpty = code === 'insufficient_balance' || code === 'daily_cap_exceeded';
  // Nothing is left there, and all of the amount is still to be paid.
  if (first === undefined || series.length < 2 || !isEmpty || a !== 0n || b !== amount) return undefined;
  return {
    ko: `처음에 적은 상품권 회차 ${first}번에서는 지금 쓸 수 있는 금액이 없습니다. 이 회차를 빼고 다시 승인해 주세요.`,
    en: `Series ${first}, which is listed first, can give nothing now. Leave it out and approve the payment again.`,
  };
}

/** Its number was used, by another order or a cancellation, or is behind the window: no later block takes it. */
function isUsedUp({ code, a, b }: Pick<OrderEnd, 'code' | 'a' | 'b'>): boolean {
  return code === 'replayed' && a <= b;
}

/** What the holder can do about the refusal of an order. */
export function nextAfter(
  order: Pick<OrderRecord, 'kind' | 'series' | 'amount' | 'deadline'>,
  { code, refusedOnAcceptance, a, b }: OrderEnd,
): Words {
  const leaveOut = withoutFirst(order, { code, a, b });
  if (leaveOut !== undefined) return leaveOut;
  const { number, where, ko, en } = refusal(code);
  const stillSettles = !refusedOnAcceptance && mayPass(number) && !isUsedUp({ code, a, b });
  const cancelledAt = CANCELLED_AT[order.kind];
  if (where === 'item' && stillSettles && cancelledAt !== null) return signAgain(order.deadline, cancelledAt);
  return { ko: ko.next, en: en.next };
}
