import { formatWon } from './won.js';
import type { Lang, Won } from './won.js';

/**
 * Upper bounds of a merchant's annual sales by size class. 0.3, 0.5, 1 and 3 bn are the bands of the reduced
 * card fees (Specialised Credit Finance Act); 3 bn is the ministry's limit since 2023, 1.0–1.5 bn some cities'.
 */
export const SIZE_CLASS_SALES_MAX: readonly Won[] = [
  300_000_000n,
  500_000_000n,
  1_000_000_000n,
  1_500_000_000n,
  3_000_000_000n,
];

/** The class above the last bound. */
export const SIZE_CLASS_MAX = SIZE_CLASS_SALES_MAX.length;

/** The class of the ministry's limit: annual sales of at most 3 bn won. */
export const SIZE_CLASS_STATUTORY = 4;

/** In a scope rule: no limit of size. */
export const SIZE_ANY = 255;

/** Class of a merchant with these annual sales, re-checked in January and July. */
export function sizeClassOf(annualSales: Won): number {
  const index = SIZE_CLASS_SALES_MAX.findIndex((bound) => annualSales <= bound);
  return index === -1 ? SIZE_CLASS_MAX : index;
}

/** Words for a class, as "up to …"; for the last class "above …", for SIZE_ANY "no limit". */
export function sizeClassText(sizeClass: number, lang: Lang): string {
  const bound = SIZE_CLASS_SALES_MAX[sizeClass];
  if (bound !== undefined)
    return lang === 'ko' ? `${shortWon(bound)} 이하` : `up to ${formatWon(bound, lang)}`;
  if (sizeClass === SIZE_ANY) return lang === 'ko' ? '제한 없음' : 'no limit';
  const last = SIZE_CLASS_SALES_MAX.at(-1) ?? 0n;
  return lang === 'ko' ? `${shortWon(last)} 초과` : `above ${formatWon(last, lang)}`;
}

/** Korean readers count in 억 (100 million): 1,500,000,000 is "15억 원". */
function shortWon(amount: Won): string {
  return `${amount / 100_000_000n}억 원`;
}
