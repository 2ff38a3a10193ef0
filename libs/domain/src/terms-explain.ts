import { formatKoreanDate, parseInstant } from './calendar.js';
import { categoryName, categoryOfKey } from './category.js';
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
  const where = regionName(rule.area);
  const what = categoryWords(rule, lang);
  if (lang === 'ko') {
    const size = rule.maxSize === 'any' ? '' : ` (연 매출 ${sizeClassText(rule.maxSize, 'ko')})`;
    return `${where}: ${what}${size}에서 쓸 수 있습니다.`;
  }
  const size = rule.maxSize === 'any' ? '' : ` (annual sales ${sizeClassText(rule.maxSize, 'en')})`;
  return `In ${where} you can use it at: ${what}${size}.`;
}

function explainCaps(terms: Terms, lang: Lang): string[] {
  const sentences: readonly (readonly [amount: string, ko: string, en: string])[] = [
    [terms.caps.payment, '한 번에 {}까지 결제할 수 있습니다.', 'One payment is at most {}.'],
    [terms.caps.daily, '하루에 {}까지 쓸 수 있습니다.', 'You can spend at most {} a day.'],
    [terms.caps.holding, '한 사람이 {}까지 가질 수 있습니다.', 'One person can hold at most {}.'],
  ];
  return sentences
    .filter(([amount]) => amount !== '0')
    .map(([amount, ko, en]) => (lang === 'ko' ? ko : en).replace('{}', formatWon(BigInt(amount), lang)));
}

function percent(basisPoints: number): string {
  return `${basisPoints / 100}%`;
}

function explainPrice(terms: Terms, lang: Lang): string {
  const byFunders = 10_000 - terms.funding.resident;
  if (terms.kind === 'granted') return lang === 'ko' ? '지원금으로 지급됩니다.' : 'It is granted as support.';
  if (byFunders === 0) return lang === 'ko' ? '액면가로 삽니다.' : 'You buy it at face value.';
  return lang === 'ko'
    ? `${percent(byFunders)} 할인된 가격에 삽니다. 할인액은 공공 재원으로 부담합니다.`
    : `You buy it at ${percent(byFunders)} off; public funds pay the discount.`;
}

function explainRefund(terms: Terms, lang: Lang): string[] {
  const { thresholdPercent, unusedDays } = terms.refund;
  const sentences: string[] = [];
  if (unusedDays > 0) {
    sentences.push(
      lang === 'ko'
        ? `쓰지 않은 상품권은 산 날부터 ${unusedDays}일 안에 전액 환급받을 수 있습니다.`
        : `If you have not used it, you get all of your money back within ${unusedDays} days of buying.`,
    );
  }
  if (thresholdPercent > 0) {
    sentences.push(
      lang === 'ko'
        ? `${thresholdPercent}% 이상 쓰면 남은 금액 가운데 본인이 낸 돈을 환급받을 수 있습니다.`
        : `Once you have spent ${thresholdPercent}%, you can have your own money in the rest paid back.`,
    );
  }
  if (sentences.length === 0) {
    sentences.push(lang === 'ko' ? '현금으로 환급되지 않습니다.' : 'It is not refunded in cash.');
  }
  return sentences;
}

function explainFlags(terms: Terms, lang: Lang): string {
  if (terms.flags.gift)
    return lang === 'ko' ? '다른 사람에게 선물할 수 있습니다.' : 'You can give it to someone else.';
  return lang === 'ko' ? '다른 사람에게 선물할 수 없습니다.' : 'You cannot give it to someone else.';
}

/**
 * The terms in sentences a resident reads, in the order in which people ask: when, where, how much, at what
 * price, what of the rest. `regionName` turns a code into a name.
 */
export function explainTerms(terms: Terms, lang: Lang, regionName: RegionNames): string[] {
  const from = formatKoreanDate(parseInstant(terms.validFrom), lang);
  // The end is exclusive; people read the last day on which it works.
  const until = formatKoreanDate(parseInstant(terms.validUntil) - 1, lang);
  const validity =
    lang === 'ko' ? `${from}부터 ${until}까지 쓸 수 있습니다.` : `You can use it from ${from} to ${until}.`;
  return [
    validity,
    ...terms.rules.map((rule) => explainRule(rule, lang, regionName)),
    ...explainCaps(terms, lang),
    explainPrice(terms, lang),
    ...explainRefund(terms, lang),
    explainFlags(terms, lang),
  ];
}
