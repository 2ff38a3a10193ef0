import * as fc from 'fast-check';
import { ALL_CATEGORIES, CATEGORIES, categoriesOf, categoryOfKey, categorySet, setHas } from './category.js';
import { packRegion } from './regions/region.js';
import { matchScope, packScopeRule, unpackScopeRule } from './scope.js';
import type { ScopeRule } from './scope.js';
import { SIZE_ANY, sizeClassOf, sizeClassText } from './size-class.js';

const id = (key: string): number => categoryOfKey(key)?.id ?? -1;
const academy = id('academy');
const restaurant = id('restaurant');
const postnatal = id('postnatal_care');

/** Home city only, academies province-wide, postnatal care province-wide without size limit (domain.md). */
const RULES: ScopeRule[] = [
  { area: '41500', categories: ALL_CATEGORIES, maxSize: 4 },
  { area: '41', categories: categorySet([academy]), maxSize: 4 },
  { area: '41', categories: categorySet([postnatal]), maxSize: SIZE_ANY },
];

describe('categories', () => {
  it('have unique ids and keys in 128 bits', () => {
    expect(new Set(CATEGORIES.map((category) => category.id)).size).toBe(CATEGORIES.length);
    expect(new Set(CATEGORIES.map((category) => category.key)).size).toBe(CATEGORIES.length);
    expect(CATEGORIES.every((category) => category.id >= 0 && category.id <= 127)).toBe(true);
  });

  it('"all" leaves out exactly the never-allowed ones', () => {
    for (const category of CATEGORIES) expect(setHas(ALL_CATEGORIES, category.id)).toBe(category.allowed);
    expect(setHas(ALL_CATEGORIES, 127)).toBe(true);
  });

  it('sets and lists are the same thing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(127)), (ids) => {
        expect(categoriesOf(categorySet(ids))).toEqual(ids.toSorted((a, b) => a - b));
      }),
    );
    expect(() => categorySet([128])).toThrow(expect.objectContaining({ code: 'category_invalid' }));
  });
});

describe('size class', () => {
  it.each([
    [0n, 0],
    [300_000_000n, 0],
    [300_000_001n, 1],
    [1_000_000_000n, 2],
    [1_500_000_000n, 3],
    [3_000_000_000n, 4],
    [3_000_000_001n, 5],
  ])('of %p won a year is %p', (sales, expected) => {
    expect(sizeClassOf(sales)).toBe(expected);
  });

  it('reads as words', () => {
    expect(sizeClassText(4, 'ko')).toBe('30억 원 이하');
    expect(sizeClassText(5, 'en')).toBe('above KRW 3,000,000,000');
    expect(sizeClassText(SIZE_ANY, 'ko')).toBe('제한 없음');
  });
});

describe('scope rules', () => {
  const rule = fc.record({
    area: fc.constantFrom('', '41', '4111', '41500', '4150025', '41500253', '4150025321'),
    categories: fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }),
    maxSize: fc.nat(255),
  });

  it('pack into one slot: categories, region, size', () => {
    const packed = packScopeRule({ area: '47130', categories: 0b101n, maxSize: 4 });
    expect(packed).toBe((4n << 176n) | (0x471300000005n << 128n) | 0b101n);
  });

  it('unpack to what was packed', () => {
    fc.assert(
      fc.property(rule, (one) => {
        expect(unpackScopeRule(packScopeRule(one))).toEqual(one);
      }),
    );
  });

  it('refuse what is no rule', () => {
    expect(() => packScopeRule({ area: '47', categories: 0n, maxSize: 4 })).toThrow();
    expect(() => packScopeRule({ area: '47', categories: 1n, maxSize: 256 })).toThrow();
    expect(() => unpackScopeRule(1n << 184n)).toThrow();
    expect(() => unpackScopeRule(packRegion('47') << 128n)).toThrow('without categories');
  });

  it.each([
    ['a restaurant at home', '41500', restaurant, 4, null],
    ['a restaurant in the neighbourhood', '41500253', restaurant, 0, null],
    ['an academy elsewhere in the province', '41110', academy, 4, null],
    ['a huge postnatal centre in the province', '41110', postnatal, 200, null],
    [
      'a restaurant elsewhere in the province',
      '41110',
      restaurant,
      0,
      ['wrong_category', BigInt(restaurant), 0n],
    ],
    [
      'an academy in another province',
      '47130',
      academy,
      0,
      ['wrong_region', packRegion('47130'), packRegion('41500')],
    ],
    ['a large restaurant at home', '41500', restaurant, 5, ['merchant_too_large', 5n, 4n]],
    ['a large academy', '41110', academy, 5, ['merchant_too_large', 5n, 4n]],
  ] as const)('judge %s', (_, region, category, size, refusal) => {
    const match = matchScope(RULES, { region, category, size });
    expect(match.ok ? null : [match.code, match.a, match.b]).toEqual(refusal);
  });

  it('accept exactly when some rule accepts, and the order of rules does not matter to that', () => {
    const rules = fc.array(rule, { minLength: 1, maxLength: 8 });
    const merchant = fc.record({
      region: fc.constantFrom('11110', '41110', '41500', '41500253'),
      category: fc.nat(127),
      size: fc.nat(5),
    });
    fc.assert(
      fc.property(rules, merchant, (list, shop) => {
        const single = list.some((one) => matchScope([one], shop).ok);
        expect(matchScope(list, shop).ok).toBe(single);
        const forward = matchScope(list, shop);
        const backward = matchScope(list.toReversed(), shop);
        expect(forward.ok ? '' : forward.code).toBe(backward.ok ? '' : backward.code);
      }),
    );
  });
});
