import type { ApiRefusalKey, ItemRefusalKey } from '../refusals/table.js';
import type { ScreenText } from './types.js';

/** Refusals that residents and merchants meet: all of items, and those of the servers. */
export type ScreenKey =
  ItemRefusalKey | Extract<ApiRefusalKey, 'order_not_carried' | 'rate_limited' | 'too_many_under_way'>;

const PAY_AGAIN: ScreenText = [
  { ko: '결제하지 못했어요.', en: 'The payment didn’t go through.' },
  { ko: '빠져나간 돈은 없으니 다시 결제해 주세요.', en: 'No money was taken; please pay again.' },
];
const OTHER_DEVICE: ScreenText = [
  { ko: '다른 기기에서 먼저 결제했어요.', en: 'Another device paid first.' },
  { ko: '내역에 없으면 다시 결제해 주세요.', en: 'If it isn’t in your history, pay again.' },
];
const NO_SUCH_SHOP: ScreenText = [
  { ko: '지금은 상품권을 받을 수 없는 가게예요.', en: 'This shop can’t take vouchers now.' },
  { ko: '가까운 가게를 보여 드릴게요.', en: 'Here are shops nearby.' },
];
const PASSKEY: ScreenText = [
  { ko: '지문·얼굴·화면 잠금으로 확인해 주세요.', en: 'Please confirm with your passkey.' },
];
const LATER: ScreenText = [
  { ko: '잠시 뒤에 다시 해 주세요.', en: 'Try again shortly.' },
  { ko: '처리된 것은 없어요.', en: 'Nothing was done.' },
];

/** One entry for each; `ko` and `en` of the refusal table stay for API, receipts and console. */
export const REFUSAL_SCREENS: Readonly<Record<ScreenKey, ScreenText>> = {
  signature_invalid: [
    { ko: '확인이 제대로 되지 않았어요.', en: 'That confirmation didn’t work.' },
    { ko: '한 번 더 확인해 주세요.', en: 'Please confirm again.' },
  ],
  deadline_passed: PAY_AGAIN,
  order_not_carried: PAY_AGAIN,
  replayed: OTHER_DEVICE,
  series_order: OTHER_DEVICE,
  series_paused: [
    { ko: '{until}까지 잠시 쓸 수 없는 상품권이에요.', en: 'This voucher is paused until {until}.' },
    { ko: '잔액은 그대로 있어요.', en: 'Your balance is unchanged.' },
  ],
  not_yet_valid: [{ ko: '{from}부터 쓸 수 있어요.', en: 'You can use it from {from}.' }],
  expired: [
    { ko: '{until}에 끝난 상품권이에요.', en: 'It ended on {until}.' },
    { ko: '남은 내 몫은 {claim}까지 환급받을 수 있어요.', en: 'Claim your share until {claim}.' },
  ],
  merchant_unknown: NO_SUCH_SHOP,
  merchant_not_active: NO_SUCH_SHOP,
  wrong_region: [
    { ko: '{allowed}에서만 쓸 수 있는 상품권이에요.', en: 'This voucher works in {allowed} only.' },
    { ko: '이 가게는 {region}에 있어요.', en: 'This shop is in {region}.' },
  ],
  wrong_category: [
    { ko: '{category}에서는 쓸 수 없는 상품권이에요.', en: 'This voucher can’t be used for: {category}.' },
  ],
  merchant_too_large: [
    {
      ko: '연 매출 {max_size}인 가게에서만 쓸 수 있어요.',
      en: 'It works only in shops with yearly sales {max_size}.',
    },
  ],
  insufficient_balance: [
    { ko: '{short}[이/가] 부족해요.', en: 'You’re {short} short.' },
    {
      ko: '{balance}만 상품권으로 내고 나머지는 따로 내세요.',
      en: 'Pay {balance} by voucher and the rest another way.',
    },
  ],
  payment_cap_exceeded: [
    { ko: '한 번에 {cap}까지 결제할 수 있어요.', en: 'One payment can be at most {cap}.' },
  ],
  daily_cap_exceeded: [
    { ko: '오늘은 {left} 더 쓸 수 있어요.', en: 'You can spend {left} more today.' },
    { ko: '밤 12시에 다시 채워져요.', en: 'It resets at midnight.' },
  ],
  device_limit_exceeded: PASSKEY,
  owner_key_needed: PASSKEY,
  account_frozen: [
    { ko: '지갑 사용이 멈춰 있어요. 잔액은 안전해요.', en: 'Your wallet is on hold. Your balance is safe.' },
    { ko: '{help}로 전화해 주세요.', en: 'Call {help}.' },
  ],
  holding_cap_exceeded: [
    { ko: '{left}까지만 더 가질 수 있어요.', en: 'You can hold {left} more.' },
    { ko: '조금 쓰고 다시 해 주세요.', en: 'Spend some first.' },
  ],
  month_cap_exceeded: [
    { ko: '이번 달에는 {left} 더 살 수 있어요.', en: 'You can buy {left} more this month.' },
    { ko: '다음 달 1일에 다시 채워져요.', en: 'It resets on the 1st.' },
  ],
  year_cap_exceeded: [{ ko: '올해는 {left} 더 살 수 있어요.', en: 'You can buy {left} more this year.' }],
  budget_exceeded: [
    { ko: '할인 예산이 모두 쓰였어요.', en: 'The discount budget is used up.' },
    { ko: '낸 돈이 있으면 모두 돌려드려요.', en: 'Anything you paid is returned in full.' },
  ],
  buyer_not_eligible: [
    { ko: '이 지갑으로는 받을 수 없는 상품권이에요.', en: 'This wallet can’t receive this voucher.' },
  ],
  home_outside: [
    { ko: '{authority} 주민만 받을 수 있어요.', en: 'Only residents of {authority}.' },
    { ko: '이사했다면 주소를 다시 확인해 주세요.', en: 'If you moved, confirm your address again.' },
  ],
  gift_not_allowed: [{ ko: '본인만 쓸 수 있는 상품권이에요.', en: 'Only you can use this voucher.' }],
  gift_cap_exceeded: [
    {
      ko: '받는 분이 이번 달에 {left}까지 더 받을 수 있어요.',
      en: 'They can receive {left} more this month.',
    },
  ],
  gift_to_merchant: [{ ko: '가게에는 선물 대신 결제를 해 주세요.', en: 'Pay a shop instead of giving.' }],
  refund_not_due: [
    { ko: '아직 환급받을 수 없어요.', en: 'A refund isn’t due yet.' },
    { ko: '{more}[을/를] 더 쓰면 환급받을 수 있어요.', en: 'Spend {more} more and you can have a refund.' },
  ],
  refund_not_whole: [
    { ko: '잔액이 바뀌었어요.', en: 'The balance changed.' },
    { ko: '금액을 다시 보고 신청해 주세요.', en: 'Look at it again.' },
  ],
  void_exceeds_payment: [
    { ko: '취소할 수 있는 금액은 {left}[이에요/예요].', en: 'You can take back {left}.' },
  ],
  receipt_unknown: [
    { ko: '이 결제를 찾지 못했어요.', en: 'We can’t find this payment.' },
    { ko: '내역에서 다시 골라 주세요.', en: 'Choose it again.' },
  ],
  circulation_not_allowed: [
    { ko: '다른 가게에서 쓸 수 없는 상품권이에요.', en: 'This can’t be spent at other shops.' },
    { ko: '입금으로 받아 주세요.', en: 'Take the payout.' },
  ],
  hop_limit_reached: [
    { ko: '다른 가게에서 {available}까지 쓸 수 있어요.', en: 'You can spend {available} at other shops.' },
  ],
  insufficient_merchant_balance: [
    { ko: '지금 받을 수 있는 금액은 {balance}[이에요/예요].', en: 'You can take out {balance} now.' },
  ],
  self_payment: [{ ko: '내 가게에는 결제할 수 없어요.', en: 'You can’t pay your own shop.' }],
  amount_zero: [{ ko: '{least} 이상 넣어 주세요.', en: 'Enter at least {least}.' }],
  series_unknown: [{ ko: '상품권을 다시 골라 주세요.', en: 'Choose the voucher again.' }],
  receiver_is_contract: [
    { ko: '보낼 수 없는 곳이에요.', en: 'That can’t receive vouchers.' },
    { ko: '받는 분을 확인해 주세요.', en: 'Check who it is for.' },
  ],
  nothing_to_cancel: [
    { ko: '이미 처리되어 되돌릴 수 없어요.', en: 'It was already done and can’t be undone.' },
    { ko: '내역을 확인해 주세요.', en: 'Look at your history.' },
  ],
  rate_limited: LATER,
  too_many_under_way: LATER,
};
