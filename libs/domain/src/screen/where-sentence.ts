import { CATEGORIES, categoryName, categoryOfKey } from '../category.js';
import type { RegionNames } from '../refusals/text.js';
import { sizeClassText } from '../size-class.js';
import type { Terms, TermsRule } from '../terms.js';
import type { Lang } from '../won.js';

/** So many names are read in one go; longer lists are counted. */
const NAMES_MAX = 3;

/**
 * Where a series can be spent, in one or two short sentences for a card. The rules in full are explainTerms'.
 *
 * @param regionName short names ("포항시"): those of the smallest part
 */
export function whereSentence(terms: Terms, lang: Lang, regionName: RegionNames): string {
  const groups = groupsOf(terms.rules);
  const places = groups.map(({ areas, rule }) => {
    const where = areas.map((area) => regionName(area, lang));
    return lang === 'ko' ? koreanPlace(where, rule) : englishPlace(where, rule);
  });
  const never = groups.length === 1 ? neverOf(groups[0]?.rule) : [];
  return lang === 'ko' ? koreanSentence(places, never) : englishSentence(places, never);
}

interface Group {
  readonly areas: readonly string[];
  readonly rule: TermsRule;
}

/** Rules that differ in their area alone are said together. */
function groupsOf(rules: readonly TermsRule[]): Group[] {
  const groups = new Map<string, { areas: string[]; rule: TermsRule }>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.categories, rule.maxSize]);
    const group = groups.get(key) ?? { areas: [], rule };
    group.areas.push(rule.area);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Categories that may be merchants and that a rule leaves out, when they are few; else none are named. */
function neverOf(rule: TermsRule | undefined): readonly number[] {
  if (rule === undefined || rule.categories === 'all') return [];
  const taken = new Set(rule.categories);
  const left = CATEGORIES.filter(({ allowed, key }) => allowed && !taken.has(key)).map(({ id }) => id);
  return left.length <= NAMES_MAX ? left : [];
}

function isNearlyAll(rule: TermsRule): boolean {
  return rule.categories === 'all' || neverOf(rule).length > 0;
}

/** Categories by name when they are few, else the first two and how many there are. */
function kinds(rule: TermsRule, lang: Lang): string {
  const names = (rule.categories === 'all' ? [] : rule.categories).map((key) =>
    categoryName(categoryOfKey(key)?.id ?? -1, lang),
  );
  if (names.length <= NAMES_MAX) return names.join(', ');
  const first = names.slice(0, 2).join(', ');
  return lang === 'ko'
    ? `${first} 등 ${names.length}개 업종`
    : `${first} and more, ${names.length} kinds of shop`;
}

function koreanPlace(where: readonly string[], rule: TermsRule): string {
  const size = rule.maxSize === 'any' ? '' : `연 매출 ${sizeClassText(rule.maxSize, 'ko')} `;
  const what = isNearlyAll(rule) ? `${size === '' ? '등록 ' : size}가게` : `${size}${kinds(rule, 'ko')}`;
  return `${where.join('·')} ${what}`;
}

function koreanSentence(places: readonly string[], never: readonly number[]): string {
  const where = `${places.join(', ')}에서 써요.`;
  if (never.length === 0) return where;
  return `${where} ${never.map((id) => categoryName(id, 'ko')).join(', ')}에서는 못 써요.`;
}

function englishPlace(where: readonly string[], rule: TermsRule): string {
  const what = isNearlyAll(rule) ? 'registered shops' : kinds(rule, 'en').toLowerCase();
  const size = rule.maxSize === 'any' ? '' : ` with yearly sales ${sizeClassText(rule.maxSize, 'en')}`;
  return `${what} in ${listed(where, 'and')}${size}`;
}

function englishSentence(places: readonly string[], never: readonly number[]): string {
  const not = never.map((id) => categoryName(id, 'en').toLowerCase());
  return `At ${places.join('; ')}${not.length === 0 ? '' : `; not at: ${not.join(', ')}`}.`;
}

function listed(names: readonly string[], word: string): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
