import { formatKoreanDate, formatKoreanEnd, parseInstant } from './calendar.js';
import { categoryName, categoryOfKey } from './category.js';
import { BASIS_POINTS } from './funding.js';
import type { RegionNames } from './refusals/text.js';
import { sizeClassText } from './size-class.js';
import type { Terms, TermsRule } from './terms.js';
import { formatWon } from './won.js';
import type { Lang } from './won.js';

function categoryWords(rule: TermsRule, lang: Lang): string {
  if (rule.categories === 'all') return lang === 'ko' ? '모든 등록 가맹점' : 'every registered merchant';
  const names = rule.categories.map((key) => categoryName(categoryOfKey(key)?.id ?? -1, lang));
  return names.join(', ');
}

function explainRule(rule: TermsRule, lang: Lang, regionName: RegionNames): string {
  const where = regionName(rule.area, lang);
  const what = categoryWords(rule, lang);
  if (lang === 'ko') {
    const size = rule.maxSize === 'any' ? '' : ` (연 매출 ${sizeClassText(rule.maxSize, 'ko')})`;
    return `${where}: ${what}${size}에서 쓸 수 있습니다.`;
  }
  const size = rule.maxSize === 'any' ? '' : ` (annual sales ${sizeClassText(rule.maxSize, 'en')})`;
  return `In ${where} you can use it at: ${what}${size}.`;
}

/** One sentence of an amount; none when there is no cap. */
function capSentence(amount: string, lang: Lang, ko: string, en: string): string[] {
  return amount === '0' ? [] : [(lang === 'ko' ? ko : en).replace('{}', formatWon(BigInt(amount), lang))];
}

function explainDailyCaps({ caps, audience }: Terms, lang: Lang): string[] {
  const { none, phone, real_name: realName } = caps.daily;
  // Company accounts have the cap of the best identified.
  if (audience === 'companies' || (none === phone && phone === realName)) {
    return capSentence(realName, lang, '하루에 {}까지 쓸 수 있습니다.', 'You can spend at most {} a day.');
  }
  const words = (amount: string): string => {
    if (amount === '0') return lang === 'ko' ? '제한 없음' : 'no limit';
    return formatWon(BigInt(amount), lang);
  };
  return [
    lang === 'ko'
      ? `하루에 쓸 수 있는 금액: 본인 확인 전 ${words(none)}, 휴대전화 확인 ${words(phone)}, 실명 확인 ${words(realName)}.`
      : `What you can spend a day: ${words(none)} before identification, ${words(phone)} with a confirmed phone, ${words(realName)} with a confirmed name.`,
  ];
}

function explainCaps(terms: Terms, lang: Lang): string[] {
  const { payment, holding, purchaseMonth, purchaseYear } = terms.caps;
  return [
    ...capSentence(payment, lang, '한 번에 {}까지 결제할 수 있습니다.', 'One payment is at most {}.'),
    ...explainDailyCaps(terms, lang),
    ...capSentence(holding, lang, '한 사람이 {}까지 가질 수 있습니다.', 'One person can hold at most {}.'),
    ...capSentence(
      purchaseMonth,
      lang,
      '이 지자체의 상품권을 모두 합해 한 달(1일부터 말일까지)에 {}까지 살 수 있습니다.',
      'Of all vouchers of this authority together you can buy at most {} in a calendar month.',
    ),
    ...capSentence(
      purchaseYear,
      lang,
      '이 지자체의 상품권을 모두 합해 한 해(1월부터 12월까지)에 {}까지 살 수 있습니다.',
      'Of all vouchers of this authority together you can buy at most {} in a calendar year.',
    ),
  ];
}

function percent(basisPoints: number): string {
  return `${basisPoints / 100}%`;
}

function explainPrice(terms: Terms, lang: Lang): string {
  const byFunders = BASIS_POINTS - terms.funding.resident;
  if (terms.kind === 'granted') return lang === 'ko' ? '지원금으로 지급됩니다.' : 'It is granted as support.';
  if (terms.audience === 'companies') {
    return lang === 'ko' ? '법인이 액면가로 사는 상품권입니다.' : 'It is sold to companies at face value.';
  }
  if (byFunders === 0) return lang === 'ko' ? '액면가로 삽니다.' : 'You buy it at face value.';
  return lang === 'ko'
    ? `${percent(byFunders)} 할인된 가격에 삽니다. 할인액은 공공 재원으로 부담합니다.`
    : `You buy it at ${percent(byFunders)} off; public funds pay the discount.`;
}

/** What of a refunded won is paid out: the buyer's own money. */
function explainOwnPart(terms: Terms, lang: Lang): string {
  const own = percent(terms.funding.resident);
  if (terms.funding.resident === BASIS_POINTS) return lang === 'ko' ? '남은 금액 전부를' : 'all of the rest';
  return lang === 'ko'
    ? `남은 금액 가운데 본인이 낸 돈(${own})을`
    : `your own money in the rest (${own} of it)`;
}

function explainRefund(terms: Terms, lang: Lang): string[] {
  const { thresholdPercent, unusedDays } = terms.refund;
  const own = explainOwnPart(terms, lang);
  const sentences: string[] = [];
  if (unusedDays > 0) {
    sentences.push(
      lang === 'ko'
        ? `하나도 쓰지 않았으면 마지막으로 받은 날부터 ${unusedDays}일 안에 낸 돈을 모두 환급받을 수 있습니다.`
        : `If you have used none of it, you can have all the money you paid back within ${unusedDays} days of last receiving any.`,
    );
  }
  if (thresholdPercent > 0) {
    sentences.push(
      lang === 'ko'
        ? `받은 금액의 ${thresholdPercent}% 이상을 쓰면 ${own} 환급받을 수 있습니다.`
        : `Once you have spent ${thresholdPercent}% of what you received, you can have ${own} paid back.`,
    );
  }
  if (sentences.length === 0) {
    sentences.push(lang === 'ko' ? '현금으로 환급되지 않습니다.' : 'It is not refunded in cash.');
  }
  return sentences;
}

function explainGifts({ flags, caps }: Terms, lang: Lang): string[] {
  if (!flags.gift) {
    return [lang === 'ko' ? '다른 사람에게 선물할 수 없습니다.' : 'You cannot give it to someone else.'];
  }
  return [
    lang === 'ko' ? '다른 사람에게 선물할 수 있습니다.' : 'You can give it to someone else.',
    ...capSentence(
      caps.giftMonth,
      lang,
      '이 지자체의 상품권은 모두 합해 한 달에 {}까지 선물받을 수 있습니다.',
      'Of all vouchers of this authority together one person can be given at most {} in a calendar month.',
    ),
  ];
}

function explainCirculation({ circulation }: Terms, lang: Lang): string {
  if (circulation === 0) {
    return lang === 'ko'
      ? '가맹점은 받은 상품권을 환전만 할 수 있습니다.'
      : 'Merchants can only redeem what they take.';
  }
  const times = circulation === 1 ? 'once' : `${circulation} times`;
  return lang === 'ko'
    ? `가맹점은 받은 상품권을 다른 가맹점에서 다시 쓸 수 있고, ${circulation}번까지 이어질 수 있습니다.`
    : `Merchants can spend what they take at other merchants; it can be passed on ${times} at most.`;
}

function explainExtension(terms: Terms, lang: Lang, validUntil: number | undefined): string[] {
  if (validUntil === undefined || validUntil <= parseInstant(terms.validUntil)) return [];
  const until = formatKoreanEnd(validUntil, lang);
  return [
    lang === 'ko'
      ? `유효기간이 ${until}까지로 연장되었습니다.`
      : `It was extended: you can use it until ${until}.`,
  ];
}

/**
 * The terms in sentences a resident reads, in the order in which people ask: when, where, how much, at what
 * price, what of the rest, to whom it may go. `regionName` turns a code into a name.
 *
 * @param validUntil end of the series' validity as the chain has it, Unix seconds; officers may have extended it
 */
export function explainTerms(
  terms: Terms,
  lang: Lang,
  regionName: RegionNames,
  validUntil?: number,
): string[] {
  const from = formatKoreanDate(parseInstant(terms.validFrom), lang);
  const until = formatKoreanEnd(parseInstant(terms.validUntil), lang);
  const validity =
    lang === 'ko'
      ? `${from}부터 ${until}까지 쓸 수 있습니다.`
      : `You can use it from ${from} until ${until}.`;
  return [
    validity,
    ...explainExtension(terms, lang, validUntil),
    ...terms.rules.map((rule) => explainRule(rule, lang, regionName)),
    ...explainCaps(terms, lang),
    explainPrice(terms, lang),
    ...explainRefund(terms, lang),
    ...explainGifts(terms, lang),
    explainCirculation(terms, lang),
  ];
}
