import * as fc from 'fast-check';
import { ALL_CATEGORIES, categoryOfKey } from './category.js';
import { unpackScopeRule } from './scope.js';
import { SIZE_ANY } from './size-class.js';
import { canonicalTerms, termsHash, termsToChain } from './terms.js';
import { explainTerms } from './terms-explain.js';
import { parseTerms, requireTerms } from './terms-parse.js';

const INPUT = {
  schema: 'jangteo.terms/1',
  authority: '47130',
  programme: { ko: '경주페이', en: 'Gyeongju Pay' },
  kind: 'sold',
  validFrom: '2026-01-01T00:00:00+09:00',
  validUntil: '2031-01-01T00:00:00+09:00',
  rules: [
    { area: '47130', categories: 'all', maxSize: 4 },
    { area: '47', categories: ['postnatal_care', 'academy'], maxSize: 'any' },
  ],
  caps: { payment: '500000', holding: 1_000_000 },
  budget: '10000000000',
  funding: { resident: 9000, state: 300, province: 200, city: 500 },
  flags: { gift: true },
  refund: { thresholdPercent: 60, unusedDays: 7 },
};

const names: Record<string, string> = { '47': '경상북도', '47130': '경주시' };
const regionName = (code: string): string => names[code] ?? code;

function fieldsRefused(change: object): string[] {
  const parsed = parseTerms({ ...INPUT, ...change });
  return parsed.ok ? [] : parsed.problems.map((problem) => problem.field);
}

describe('terms', () => {
  const terms = requireTerms(INPUT);

  it('have one normal form, whatever the order and spelling of the input', () => {
    expect(terms.caps).toEqual({ payment: '500000', daily: '0', holding: '1000000' });
    expect(terms.rules[1]?.categories).toEqual(['academy', 'postnatal_care']);
    const shuffled = Object.fromEntries(Object.entries(INPUT).toReversed());
    expect(termsHash(requireTerms(shuffled))).toBe(termsHash(terms));
    expect(requireTerms(JSON.parse(canonicalTerms(terms)))).toEqual(terms);
  });

  it('hash to the same value for ever', () => {
    expect(termsHash(terms)).toBe('0xb9b6b20bb5a6a4555ebcf42554dbe142df5b23cde5ea0ad004a106196e24e452');
  });

  it('say when they are a demonstration, and only then', () => {
    expect(requireTerms({ ...INPUT, demo: true }).demo).toBe(true);
    expect(termsHash(requireTerms({ ...INPUT, demo: true }))).not.toBe(termsHash(terms));
    expect(canonicalTerms(requireTerms({ ...INPUT, demo: false }))).toBe(canonicalTerms(terms));
    expect(fieldsRefused({ demo: 'yes' })).toEqual(['demo']);
  });

  it('become the chain’s struct', () => {
    const chain = termsToChain(terms);
    expect(chain).toMatchObject({
      validFrom: Date.parse('2025-12-31T15:00:00Z') / 1000,
      validUntil: Date.parse('2030-12-31T15:00:00Z') / 1000,
      paymentCap: 500_000n,
      dailyCap: 0n,
      holdingCap: 1_000_000n,
      budget: 10_000_000_000n,
      funding: [9000, 300, 200, 500],
      flags: 1,
      document: termsHash(terms),
    });
    const [home, wide] = chain.rules.map(unpackScopeRule);
    expect(home).toEqual({ area: '47130', categories: ALL_CATEGORIES, maxSize: 4 });
    expect(wide?.maxSize).toBe(SIZE_ANY);
    expect(((wide?.categories ?? 0n) >> BigInt(categoryOfKey('academy')?.id ?? 0)) & 1n).toBe(1n);
    expect(termsToChain({ ...terms, flags: { gift: false, circulation: true } }).flags).toBe(2);
  });

  it.each<[string, object, string[]]>([
    ['an unknown field', { surprise: 1 }, ['surprise']],
    ['another schema', { schema: 'jangteo.terms/2' }, ['schema']],
    ['a bad region', { authority: 'Gyeongju' }, ['authority']],
    ['no name', { programme: { ko: '경주페이' } }, ['programme.en']],
    ['a date without offset', { validFrom: '2026-01-01' }, ['validFrom']],
    ['an end before the start', { validUntil: '2025-01-01T00:00:00+09:00' }, ['validUntil']],
    ['no rules', { rules: [] }, ['rules']],
    ['nine rules', { rules: Array(9).fill(INPUT.rules[0]) }, ['rules']],
    ['an unknown category', { rules: [{ area: '47', categories: ['shop'] }] }, ['rules[0].categories[0]']],
    ['gambling', { rules: [{ area: '47', categories: ['cafe', 'gambling'] }] }, ['rules[0].categories[1]']],
    ['a size that does not exist', { rules: [{ area: '47', maxSize: 6 }] }, ['rules[0].maxSize']],
    ['a negative cap', { caps: { daily: -1 } }, ['caps.daily']],
    ['a fractional budget', { budget: 1.5 }, ['budget']],
    ['no budget', { budget: '0' }, ['budget']],
    ['shares of 99 %', { funding: { ...INPUT.funding, city: 400 } }, ['funding']],
    ['a resident who pays for a grant', { kind: 'granted', flags: {} }, ['funding.resident']],
    ['a flag in words', { flags: { gift: 'yes' } }, ['flags.gift']],
    ['a refund below the statute', { refund: { thresholdPercent: 50 } }, ['refund.thresholdPercent']],
    ['several things', { authority: 1, budget: 'x' }, ['authority', 'budget']],
  ])('refuse %s and name the field', (_, change, fields) => {
    expect(fieldsRefused(change)).toEqual(fields);
  });

  it('never throw on arbitrary input', () => {
    fc.assert(fc.property(fc.anything(), (value) => parseTerms(value).ok === false));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(INPUT)), fc.anything(), (field, value) => {
        const parsed = parseTerms({ ...INPUT, [field]: value });
        expect(parsed.ok ? termsToChain(parsed.terms).document : parsed.problems.length).toBeTruthy();
      }),
    );
  });

  it('read as Korean', () => {
    expect(explainTerms(terms, 'ko', regionName)).toEqual([
      '2026년 1월 1일부터 2030년 12월 31일까지 쓸 수 있습니다.',
      '경주시: 모든 등록 가맹점 (연 매출 30억 원 이하)에서 쓸 수 있습니다.',
      '경상북도: 학원·교습소, 산후조리원에서 쓸 수 있습니다.',
      '한 번에 500,000원까지 결제할 수 있습니다.',
      '한 사람이 1,000,000원까지 가질 수 있습니다.',
      '10% 할인된 가격에 삽니다. 할인액은 공공 재원으로 부담합니다.',
      '쓰지 않은 상품권은 산 날부터 7일 안에 전액 환급받을 수 있습니다.',
      '60% 이상 쓰면 남은 금액 가운데 본인이 낸 돈을 환급받을 수 있습니다.',
      '다른 사람에게 선물할 수 있습니다.',
    ]);
  });

  it('read as English', () => {
    const granted = requireTerms({
      ...INPUT,
      kind: 'granted',
      funding: { state: 5000, province: 2000, city: 3000 },
      flags: {},
      refund: {},
    });
    expect(explainTerms(granted, 'en', regionName)).toEqual([
      'You can use it from 1 January 2026 to 31 December 2030.',
      'In 경주시 you can use it at: every registered merchant (annual sales up to KRW 3,000,000,000).',
      'In 경상북도 you can use it at: Private academy, Postnatal care centre.',
      'One payment is at most KRW 500,000.',
      'One person can hold at most KRW 1,000,000.',
      'It is granted as support.',
      'It is not refunded in cash.',
      'You cannot give it to someone else.',
    ]);
  });
});
