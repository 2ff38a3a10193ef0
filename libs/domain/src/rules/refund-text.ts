import { dayBounds, formatKoreanDate } from '../calendar.js';
import { formatWon } from '../won.js';
import type { Lang } from '../won.js';
import type { RefundStatement } from './refund.js';

/** A refund in sentences: what was spent, what would be paid out and how that is reckoned, and what is missing. */
export function explainRefundStatement(statement: RefundStatement, lang: Lang): string[] {
  return [spending(statement, lang), payout(statement, lang), verdict(statement, lang)];
}

function spending({ received, spent, balance, spentPercent }: RefundStatement, lang: Lang): string {
  const [all, gone, rest] = [received, spent, balance].map((amount) => formatWon(amount, lang));
  return lang === 'ko'
    ? `받은 금액 ${all} 가운데 ${gone}(${spentPercent}%)을 썼고 ${rest}이 남았습니다.`
    : `Of ${all} received you have spent ${gone} (${spentPercent}%); ${rest} is left.`;
}

function payout({ balance, residentShare, own, toFunders }: RefundStatement, lang: Lang): string {
  const [rest, mine, theirs] = [balance, own, toFunders].map((amount) => formatWon(amount, lang));
  const share = `${residentShare / 100}%`;
  if (toFunders === 0n) {
    return lang === 'ko' ? `환급되는 금액: ${mine}.` : `Paid back to you: ${mine}.`;
  }
  return lang === 'ko'
    ? `환급되는 금액: ${rest} × ${share}(본인이 낸 비율) = ${mine}. 나머지 ${theirs}은 할인에 쓰인 공공 재원으로 돌아갑니다.`
    : `Paid back to you: ${rest} × ${share} (your own share) = ${mine}. The other ${theirs} was the public discount and goes back.`;
}

function verdict(statement: RefundStatement, lang: Lang): string {
  const { due, balance, neededPercent, stillToSpend } = statement;
  if (balance === 0n) return lang === 'ko' ? '환급할 잔액이 없습니다.' : 'There is nothing left to refund.';
  if (due === 'spent') {
    return lang === 'ko'
      ? `${neededPercent}% 이상을 써서 지금 환급받을 수 있습니다.`
      : `You have spent at least ${neededPercent}%, so you can have it now.`;
  }
  if (due === 'unused') return unusedVerdict(statement, lang);
  if (neededPercent > 0) {
    const more = formatWon(stillToSpend, lang);
    return lang === 'ko'
      ? `아직 환급받을 수 없습니다. ${more}을 더 쓰면(${neededPercent}%) 환급받을 수 있습니다.`
      : `It is not due yet. Spend ${more} more (${neededPercent}%) and you can have it.`;
  }
  if (statement.unusedUntil === undefined)
    return lang === 'ko'
      ? '이 상품권은 현금으로 환급되지 않습니다.'
      : 'This voucher is not refunded in cash.';
  return lang === 'ko'
    ? '쓰기 시작했거나 환급 기간이 지나 현금으로 환급되지 않습니다.'
    : 'It is not refunded in cash: some of it is used, or the days for it are over.';
}

function unusedVerdict({ unusedUntil = 0 }: RefundStatement, lang: Lang): string {
  const day = formatKoreanDate(dayBounds(unusedUntil).from, lang);
  return lang === 'ko'
    ? `하나도 쓰지 않아 ${day}까지 전액 환급받을 수 있습니다.`
    : `You have used none of it, so you can have it until ${day}.`;
}
