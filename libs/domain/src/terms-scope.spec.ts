import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { CATEGORIES, categoryOfKey } from './category.js';
import { RegionCatalogue } from './regions/region-catalogue.js';
import { matchScope, unpackScopeRule } from './scope.js';
import type { ScopedMerchant } from './scope.js';
import { termsToChain } from './terms.js';
import type { TermsRule } from './terms.js';
import { explainTerms } from './terms-explain.js';
import { requireTerms } from './terms-parse.js';

/** How real programmes say where their vouchers may be spent, from the terms to the contract's words. */
const catalogue = RegionCatalogue.parse(
  readFileSync('data/regions.tsv', 'utf8'),
  readFileSync('data/regions-history.tsv', 'utf8'),
);
const id = (key: string): number => categoryOfKey(key)?.id ?? -1;

const NINE = ['4711', '47130', '47150', '47170', '47190', '47210', '47230', '47250', '47280'];
const GYEONGSAN = '47290';

function termsOf(authority: string, rules: readonly TermsRule[]) {
  return requireTerms({
    schema: 'jangteo.terms/1',
    authority,
    programme: { ko: '지역상품권', en: 'Local voucher' },
    kind: 'sold',
    validFrom: '2026-01-01T00:00:00+09:00',
    validUntil: '2031-01-01T00:00:00+09:00',
    rules,
    budget: '1000000000',
    funding: { resident: 9000, city: 1000 },
  });
}

interface Example {
  readonly name: string;
  readonly authority: string;
  readonly rules: readonly TermsRule[];
  /** The programme's rule in its own words, reckoned independently of prefixes and sets. */
  readonly accepts: (merchant: ScopedMerchant, names: string) => boolean;
  readonly says: readonly string[];
}

const small = ({ size }: ScopedMerchant): boolean => size <= 4;

const EXAMPLES: readonly Example[] = [
  {
    name: 'city only',
    authority: '47130',
    rules: [{ area: '47130', categories: 'all', maxSize: 4 }],
    accepts: (merchant, names) => names.includes('경주시') && small(merchant),
    says: ['경상북도 경주시: 모든 등록 가맹점 (연 매출 30억 원 이하)에서 쓸 수 있습니다.'],
  },
  {
    name: 'province-wide',
    authority: '47',
    rules: [{ area: '47', categories: 'all', maxSize: 'any' }],
    accepts: (_, names) => names.includes('경상북도'),
    says: ['경상북도: 모든 등록 가맹점에서 쓸 수 있습니다.'],
  },
  {
    name: 'city only, but academies province-wide, postnatal care province-wide without size limit',
    authority: '41500',
    rules: [
      { area: '41500', categories: 'all', maxSize: 4 },
      { area: '41', categories: ['academy', 'exam_fee'], maxSize: 4 },
      { area: '41', categories: ['postnatal_care'], maxSize: 'any' },
    ],
    accepts: (merchant, names) =>
      (names.includes('이천시') && small(merchant)) ||
      (names.includes('경기도') &&
        [id('academy'), id('exam_fee')].includes(merchant.category) &&
        small(merchant)) ||
      (names.includes('경기도') && merchant.category === id('postnatal_care')),
    says: [
      '경기도 이천시: 모든 등록 가맹점 (연 매출 30억 원 이하)에서 쓸 수 있습니다.',
      '경기도: 학원·교습소, 시험 응시료 (연 매출 30억 원 이하)에서 쓸 수 있습니다.',
      '경기도: 산후조리원에서 쓸 수 있습니다.',
    ],
  },
  {
    name: 'nine cities that accept each other’s vouchers',
    authority: '47170',
    rules: catalogue.areasOf(NINE).map((area) => ({ area, categories: 'all', maxSize: 4 })),
    accepts: (merchant, names) =>
      /포항시|경주시|김천시|안동시|구미시|영주시|영천시|상주시|문경시/.test(names) && small(merchant),
    says: [
      '경상북도 포항시·경주시·김천시·안동시·구미시: 모든 등록 가맹점 (연 매출 30억 원 이하)에서 쓸 수 있습니다.',
      ...['영주시', '영천시', '상주시', '문경시'].map(
        (city) => `경상북도 ${city}: 모든 등록 가맹점 (연 매출 30억 원 이하)에서 쓸 수 있습니다.`,
      ),
    ],
  },
  {
    name: 'one ward of a city with wards',
    authority: '4711',
    rules: [{ area: '47111', categories: 'all', maxSize: 4 }],
    accepts: (merchant, names) => names.includes('포항시 남구') && small(merchant),
    says: ['경상북도 포항시 남구: 모든 등록 가맹점 (연 매출 30억 원 이하)에서 쓸 수 있습니다.'],
  },
  {
    name: 'a whole city with wards',
    authority: '4711',
    rules: [{ area: '4711', categories: 'all', maxSize: 4 }],
    accepts: (merchant, names) => names.includes('포항시') && small(merchant),
    says: ['경상북도 포항시: 모든 등록 가맹점 (연 매출 30억 원 이하)에서 쓸 수 있습니다.'],
  },
];

describe('where vouchers may be spent', () => {
  const places = catalogue.rows.map((row) => row.code).filter((code) => code.length > 2);
  // The places around the examples as often as all the others together.
  const near = places.filter((code) => /^(47|415)/.test(code));
  const merchant = fc.record({
    region: fc
      .tuple(
        fc.oneof(fc.constantFrom(...places), fc.constantFrom(...near)),
        fc.constantFrom('', '104', '10125'),
      )
      .map(([code, rest]) => (code.length === 5 ? code + rest : code)),
    category: fc.oneof(
      fc.constantFrom(id('academy'), id('exam_fee'), id('postnatal_care')),
      fc.constantFrom(...CATEGORIES.filter(({ allowed }) => allowed).map((category) => category.id)),
    ),
    size: fc.nat(5),
  });

  it.each(EXAMPLES)('$name', ({ authority, rules, accepts, says }) => {
    const terms = termsOf(authority, rules);
    const onChain = termsToChain(terms).rules.map(unpackScopeRule);
    fc.assert(
      fc.property(merchant, (shop) => {
        expect(matchScope(onChain, shop).ok).toBe(accepts(shop, catalogue.name(shop.region)));
      }),
      { numRuns: 2_000 },
    );
    const lines = explainTerms(terms, 'ko', (code) => catalogue.name(code));
    expect(lines.slice(1, 1 + rules.length)).toEqual(says);
  });

  it('never on what may never be a merchant', () => {
    const never = CATEGORIES.filter(({ allowed }) => !allowed);
    expect(never.length).toBeGreaterThan(0);
    for (const { authority, rules } of EXAMPLES) {
      const onChain = termsToChain(termsOf(authority, rules)).rules.map(unpackScopeRule);
      for (const { id: category } of never) {
        const match = matchScope(onChain, { region: onChain[0]?.area ?? '', category, size: 0 });
        expect(match).toMatchObject({ ok: false, code: 'wrong_category' });
      }
    }
  });
});

describe('areasOf', () => {
  it('fits nine cities into five rules and leaves the tenth out', () => {
    expect(catalogue.areasOf(NINE)).toEqual(['471', '47210', '47230', '47250', '47280']);
    expect(catalogue.areasOf([...NINE, GYEONGSAN])).toEqual(['471', '472']);
  });

  it('keeps single places as they are', () => {
    expect(catalogue.areasOf(['47130'])).toEqual(['47130']);
    expect(catalogue.areasOf(['47111', '47113'])).toEqual(['4711']);
    expect(catalogue.areasOf(['47111'])).toEqual(['47111']);
    expect(catalogue.areasOf(['4713010400', '4713010400'])).toEqual(['4713010400']);
    expect(catalogue.areasOf(['47130', '4713010400'])).toEqual(['47130']);
    expect(catalogue.areasOf(['47', '47130'])).toEqual(['47']);
    expect(catalogue.areasOf([])).toEqual([]);
  });

  it('holds every region that was asked for, and no other', () => {
    const leaves = catalogue.rows.filter((row) => catalogue.children(row.code).length === 0);
    const some = fc.subarray(
      catalogue.rows.map((row) => row.code),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(some, (codes) => {
        const areas = catalogue.areasOf(codes);
        for (const { code } of leaves) {
          expect(areas.some((area) => code.startsWith(area))).toBe(codes.some((one) => code.startsWith(one)));
        }
      }),
      { numRuns: 30 },
    );
  });
});
