import type { Lang } from '#domain';
import { unit } from './unit.js';

const KOREAN_DIGITS = ['', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구'];
const KOREAN_TENS = ['', '십', '백', '천'];
const KOREAN_GROUPS = ['', '만', '억', '조', '경'];
const SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const GROUPS = ['', 'thousand', 'million', 'billion', 'trillion', 'quadrillion'];

/** A sum as a voice says it: "만 이천 원", "twelve thousand won". Cents follow after the unit's name. */
export function spokenMoney(amount: bigint, lang: Lang, of = unit()): string {
  const part = 10n ** BigInt(of.digits);
  const [whole, rest] = [amount / part, amount % part];
  const name = lang === 'ko' ? of.ko : of.spoken;
  const text = `${spokenNumber(whole, lang)} ${name}`;
  return rest === 0n ? text : `${text} ${spokenNumber(rest, lang)}`;
}

/** @param number 0 or more; RangeError otherwise */
export function spokenNumber(number: bigint, lang: Lang): string {
  if (number < 0n) throw new RangeError('only what is not negative is spoken');
  if (lang === 'ko') return korean(number);
  return english(number);
}

function korean(number: bigint): string {
  if (number === 0n) return '영';
  const groups: string[] = [];
  for (let rest = number, index = 0; rest > 0n; rest /= 10_000n, index += 1) {
    const group = Number(rest % 10_000n);
    if (group === 0) continue;
    // 10,000 is "만", not "일만"; 100 million and more are counted.
    const text = group === 1 && index === 1 && rest === 1n ? '' : koreanGroup(group);
    groups.unshift(`${text}${KOREAN_GROUPS[index] ?? ''}`);
  }
  return groups.join(' ');
}

function koreanGroup(group: number): string {
  return String(group)
    .split('')
    .toReversed()
    .map((digit, place) => {
      if (digit === '0') return '';
      const name = digit === '1' && place > 0 ? '' : (KOREAN_DIGITS[Number(digit)] ?? '');
      return `${name}${KOREAN_TENS[place] ?? ''}`;
    })
    .toReversed()
    .join('');
}

function english(number: bigint): string {
  if (number === 0n) return 'zero';
  const groups: string[] = [];
  for (let rest = number, index = 0; rest > 0n; rest /= 1_000n, index += 1) {
    const group = Number(rest % 1_000n);
    if (group > 0) groups.unshift([englishGroup(group), GROUPS[index] ?? ''].filter(Boolean).join(' '));
  }
  return groups.join(' ');
}

function englishGroup(group: number): string {
  const hundreds = Math.floor(group / 100);
  const rest = group % 100;
  const tens =
    rest < 20
      ? rest === 0
        ? ''
        : (SMALL[rest] ?? '')
      : [TENS[Math.floor(rest / 10)], rest % 10 === 0 ? '' : SMALL[rest % 10]].filter(Boolean).join('-');
  if (hundreds === 0) return tens;
  return [`${SMALL[hundreds]} hundred`, tens].filter(Boolean).join(' and ');
}
