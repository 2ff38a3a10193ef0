import { CATEGORIES } from '../category.js';
import type { Terms, TermsRule } from '../terms.js';
import { whereSentence } from './where-sentence.js';

const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  '4711': ['포항시', 'Pohang-si'],
  '47130': ['경주시', 'Gyeongju-si'],
};
const name = (code: string, lang: 'ko' | 'en') => NAMES[code]?.[lang === 'ko' ? 0 : 1] ?? code;
const say = (...rules: TermsRule[]) => {
  const terms = { rules } as unknown as Terms;
  return [whereSentence(terms, 'ko', name), whereSentence(terms, 'en', name)];
};
const rule = (more: Partial<TermsRule> = {}): TermsRule => ({
  area: '4711',
  categories: 'all',
  maxSize: 'any',
  ...more,
});

describe('the sentence of where', () => {
  it('names the place', () => {
    expect(say(rule())).toEqual(['포항시 등록 가게에서 써요.', 'At registered shops in Pohang-si.']);
  });

  it('names what is left out when it is little', () => {
    const categories = CATEGORIES.filter(({ allowed, key }) => allowed && key !== 'fuel').map(
      ({ key }) => key,
    );
    expect(say(rule({ categories }))).toEqual([
      '포항시 등록 가게에서 써요. 주유소·충전소에서는 못 써요.',
      'At registered shops in Pohang-si; not at: fuel and charging station.',
    ]);
  });

  it('names few kinds and counts many', () => {
    expect(say(rule({ categories: ['restaurant', 'cafe'] }))).toEqual([
      '포항시 음식점, 카페·제과에서 써요.',
      'At restaurant, café and bakery in Pohang-si.',
    ]);
    expect(say(rule({ categories: ['restaurant', 'grocery', 'butcher', 'bookshop'] }))).toEqual([
      '포항시 음식점, 식료품점 등 4개 업종에서 써요.',
      'At restaurant, grocery and more, 4 kinds of shop in Pohang-si.',
    ]);
  });

  it('names the largest shops that it is for, and says places with the same rule together', () => {
    expect(say(rule({ maxSize: 4 }), rule({ maxSize: 4, area: '47130' }))).toEqual([
      '포항시·경주시 연 매출 30억 원 이하 가게에서 써요.',
      'At registered shops in Pohang-si and Gyeongju-si with yearly sales up to KRW 3,000,000,000.',
    ]);
    expect(say(rule(), rule({ area: '47130', categories: ['academy'] }))[0]).toBe(
      '포항시 등록 가게, 경주시 학원·교습소에서 써요.',
    );
  });
});
