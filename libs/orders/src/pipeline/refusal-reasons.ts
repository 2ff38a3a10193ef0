import { refusal } from '#domain';
import type { OrderEnd } from './order.js';

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

/** Whether the reason for a refusal, by its number, may be gone later. */
export function mayPass(refusalNumber: number): boolean {
  return !FOR_GOOD.has(refusalNumber);
}

/** What the contract refused keeps its answer, also when the reason is gone: the platform submits an order once. */
const SIGN_AGAIN = {
  ko: '이 승인의 결과는 바뀌지 않습니다. 사유가 없어진 뒤 새 번호로 다시 서명해 보내 주세요.',
  en: 'This authorisation keeps its answer. Once the reason is gone, sign again with a new number.',
} as const;

/** What the holder can do about a refusal. */
export function nextAfter({ code, refusedOnAcceptance }: OrderEnd): {
  readonly ko: string;
  readonly en: string;
} {
  const { number, where, ko, en } = refusal(code);
  if (where === 'item' && !refusedOnAcceptance && mayPass(number)) return SIGN_AGAIN;
  return { ko: ko.next, en: en.next };
}
