import * as fc from 'fast-check';
import { parseInstant } from './calendar.js';
import { ALL_CATEGORIES, categoryOfKey } from './category.js';
import { refusalText } from './refusals/text.js';
import { unpackScopeRule } from './scope.js';
import { SIZE_ANY } from './size-class.js';
import { canonicalTerms, termsHash, termsToChain } from './terms.js';
import { explainTerms } from './terms-explain.js';
import { parseTerms, requireTerms } from './terms-parse.js';
import { pinnedTerms, termsDifferences } from './terms-pinned.js';

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
  caps: {
    payment: '500000',
    holding: '1000000',
    daily: { none: '30000', phone: '100000' },
    purchaseMonth: '700000',
  },
  budget: '10000000000',
  funding: { resident: 9000, state: 300, province: 200, city: 500 },
  flags: { gift: true },
  refund: { thresholdPercent: 60, unusedDays: 7 },
};

/** Changes that make a company's series of INPUT, and a granted one. */
const COMPANY = { audience: 'companies', caps: {}, flags: {}, refund: {}, funding: { resident: 10_000 } };
const GRANT = {
  kind: 'granted',
  caps: {},
  flags: {},
  refund: {},
  funding: { state: 5000, province: 2000, city: 3000 },
};

const names: Record<string, string> = { '47': '경상북도', '47130': '경주시' };
const regionName = (code: string): string => names[code] ?? code;

function fieldsRefused(change: object): string[] {
  const parsed = parseTerms({ ...INPUT, ...change });
  return parsed.ok ? [] : parsed.problems.map((problem) => problem.field);
}

describe('terms', () => {
  const terms = requireTerms(INPUT);

  it('have one normal form, for every order and spelling of the input', () => {
    expect(terms.caps).toEqual({
      payment: '500000',
      daily: { none: '30000', phone: '100000', real_name: '0' },
      holding: '1000000',
      purchaseMonth: '700000',
      purchaseYear: '0',
      giftMonth: '0',
    });
    expect(terms.rules[1]?.categories).toEqual(['academy', 'postnatal_care']);
    const shuffled = Object.fromEntries(Object.entries(INPUT).toReversed());
    expect(termsHash(requireTerms(shuffled))).toBe(termsHash(terms));
    expect(requireTerms(JSON.parse(canonicalTerms(terms)))).toEqual(terms);
  });

  it('are the same with a name in single jamo and times in milliseconds', () => {
    const other = requireTerms({
      ...INPUT,
      programme: { ...INPUT.programme, ko: INPUT.programme.ko.normalize('NFD') },
      validFrom: '2026-01-01T00:00:00.000+09:00',
    });
    expect(other).toEqual(terms);
  });

  it('hash to the same value for ever', () => {
    expect(termsHash(terms)).toBe('0xdd01a35bab164d2bdd510fcc248785da5698da4fd52e1511a116496d2b936c3a');
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
      dailyCaps: [30_000n, 100_000n, 0n],
      monthCap: 700_000n,
      yearCap: 0n,
      giftCap: 0n,
      hops: 0,
      refundPercent: 60,
      refundDays: 7,
      holdingCap: 1_000_000n,
      budget: 10_000_000_000n,
      funding: [9000, 300, 200, 500],
      flags: 3,
      document: termsHash(terms),
    });
    const [home, wide] = chain.rules.map(unpackScopeRule);
    expect(home).toEqual({ area: '47130', categories: ALL_CATEGORIES, maxSize: 4 });
    expect(wide?.maxSize).toBe(SIZE_ANY);
    expect(((wide?.categories ?? 0n) >> BigInt(categoryOfKey('academy')?.id ?? 0)) & 1n).toBe(1n);
    expect(
      termsToChain({ ...terms, flags: { gift: false }, audience: 'companies', circulation: 3 }),
    ).toMatchObject({
      flags: 6,
      hops: 3,
    });
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
    ['a negative cap', { caps: { daily: '-1' } }, ['caps.daily']],
    ['a daily cap of no tier', { caps: { daily: { vip: 1 } } }, ['caps.daily.vip']],
    [
      'a daily cap above 32 bits',
      { caps: { daily: { real_name: String(2 ** 32) } } },
      ['caps.daily.real_name'],
    ],
    ['less for the better known', { caps: { daily: { phone: '5', real_name: '4' } } }, ['caps.daily']],
    ['a cap of the better known alone', { caps: { daily: { real_name: '4' } } }, ['caps.daily']],
    ['a year below a month', { caps: { purchaseMonth: '2', purchaseYear: '1' } }, ['caps.purchaseYear']],
    ['an amount above 48 bits', { caps: { holding: String(2 ** 48) } }, ['caps.holding']],
    [
      'a month above what a year can count',
      { caps: { purchaseMonth: String(2 ** 48 / 8) } },
      ['caps.purchaseMonth'],
    ],
    ['a budget above 48 bits', { budget: String(2 ** 48) }, ['budget']],
    ['a cap on gifts that are not allowed', { flags: {}, caps: { giftMonth: '1' } }, ['caps.giftMonth']],
    ['a fourth hop', { circulation: 4 }, ['circulation']],
    ['circulation in words', { circulation: true }, ['circulation']],
    ['another audience', { audience: 'strangers' }, ['audience']],
    ['a discount for companies', { ...COMPANY, funding: INPUT.funding }, ['funding.resident']],
    ['a grant to companies', { ...COMPANY, kind: 'granted', funding: { city: 10_000 } }, ['kind']],
    [
      'caps of companies',
      { ...COMPANY, caps: { holding: '1', purchaseMonth: '1', purchaseYear: '1' } },
      ['caps.holding', 'caps.purchaseMonth', 'caps.purchaseYear'],
    ],
    ['a purchase cap of a grant', { ...GRANT, caps: { purchaseMonth: '1' } }, ['caps.purchaseMonth']],
    ['a grant that can be given away', { ...GRANT, flags: { gift: true } }, ['flags.gift']],
    ['a refund of a grant', { ...GRANT, refund: { unusedDays: 7 } }, ['refund.unusedDays']],
    ['a refund above the decree', { refund: { thresholdPercent: 81 } }, ['refund.thresholdPercent']],
    ['a refund after a year', { refund: { unusedDays: 256 } }, ['refund.unusedDays']],
    ['a fractional budget', { budget: '1.5' }, ['budget']],
    ['an amount as a JSON number', { budget: 10_000_000 }, ['budget']],
    ['half an emoji in its name', { programme: { ko: '경주\ud83c', en: 'G' } }, ['programme.ko']],
    [
      'a name that shows nothing',
      { programme: { ko: '\u3164', en: '\u200b' } },
      ['programme.ko', 'programme.en'],
    ],
    ['no budget', { budget: '0' }, ['budget']],
    ['shares of 99 %', { funding: { ...INPUT.funding, city: 400 } }, ['funding']],
    ['a resident who pays for a grant', { ...GRANT, funding: INPUT.funding }, ['funding.resident']],
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
      '하루에 쓸 수 있는 금액: 본인 확인 전 30,000원, 휴대전화 확인 100,000원, 실명 확인 제한 없음.',
      '한 사람이 1,000,000원까지 가질 수 있습니다.',
      '이 지자체의 상품권을 모두 합해 한 달(1일부터 말일까지)에 700,000원까지 살 수 있습니다.',
      '10% 할인된 가격에 삽니다. 할인액은 공공 재원으로 부담합니다.',
      '하나도 쓰지 않았으면 마지막으로 받은 날부터 7일 안에 낸 돈을 모두 환급받을 수 있습니다.',
      '받은 금액의 60% 이상을 쓰면 남은 금액 가운데 본인이 낸 돈(90%)을 환급받을 수 있습니다.',
      '다른 사람에게 선물할 수 있습니다.',
      '가맹점은 받은 상품권을 환전만 할 수 있습니다.',
    ]);
  });

  it.each([
    ['2027-01-01T00:00:00+09:00', '2026년 12월 31일까지', 'until 31 December 2026.'],
    ['2026-12-31T09:49:00+09:00', '2026년 12월 31일 09:49까지', 'until 31 December 2026, 09:49 KST.'],
  ])('name the same end as the refusal after it: %s', (validUntil, ko, en) => {
    const ended = requireTerms({ ...INPUT, validUntil });
    const end = BigInt(parseInstant(validUntil));
    expect(explainTerms(ended, 'ko', regionName)[0]).toContain(ko);
    expect(explainTerms(ended, 'en', regionName)[0]).toContain(en);
    expect(refusalText('expired', [end], 'ko').detail).toContain(ko);
    expect(refusalText('expired', [end], 'en').detail).toContain(en);
    expect(refusalText('series_not_over', [1, end], 'en').detail).toContain(en);
  });

  it('say until when they were extended', () => {
    const end = parseInstant(terms.validUntil);
    expect(explainTerms(terms, 'ko', regionName, end)).toEqual(explainTerms(terms, 'ko', regionName));
    const until = parseInstant('2031-07-01T00:00:00+09:00');
    expect(explainTerms(terms, 'ko', regionName, until)[1]).toBe(
      '유효기간이 2031년 6월 30일까지로 연장되었습니다.',
    );
    expect(explainTerms(terms, 'en', regionName, until)[1]).toBe(
      'It was extended: you can use it until 30 June 2031.',
    );
  });

  it('read as English', () => {
    const granted = requireTerms({ ...INPUT, ...GRANT, caps: { daily: '50000' }, circulation: 1 });
    expect(explainTerms(granted, 'en', regionName)).toEqual([
      'You can use it from 1 January 2026 until 31 December 2030.',
      'In 경주시 you can use it at: every registered merchant (annual sales up to KRW 3,000,000,000).',
      'In 경상북도 you can use it at: Private academy, Postnatal care centre.',
      'You can spend at most KRW 50,000 a day.',
      'It is granted as support.',
      'It is not refunded in cash.',
      'You cannot give it to someone else.',
      'Merchants can spend what they take at other merchants; it can be passed on once at most.',
    ]);
  });

  it('name companies, and what is left of a gift', () => {
    const company = requireTerms({
      ...INPUT,
      ...COMPANY,
      flags: { gift: true },
      caps: { giftMonth: '1500000' },
      refund: { thresholdPercent: 80 },
      circulation: 3,
    });
    expect(explainTerms(company, 'ko', regionName).slice(3)).toEqual([
      '법인이 액면가로 사는 상품권입니다.',
      '받은 금액의 80% 이상을 쓰면 남은 금액 전부를 환급받을 수 있습니다.',
      '다른 사람에게 선물할 수 있습니다.',
      '이 지자체의 상품권은 모두 합해 한 달에 1,500,000원까지 선물받을 수 있습니다.',
      '가맹점은 받은 상품권을 다른 가맹점에서 다시 쓸 수 있고, 3번까지 이어질 수 있습니다.',
    ]);
  });

  it('mention every rule: another value gives another text', () => {
    const changes = [
      { caps: { ...INPUT.caps, payment: '1' } },
      { caps: { ...INPUT.caps, daily: '1' } },
      { caps: { ...INPUT.caps, holding: '1' } },
      { caps: { ...INPUT.caps, purchaseMonth: '1' } },
      { caps: { ...INPUT.caps, purchaseYear: '800000' } },
      { caps: { ...INPUT.caps, giftMonth: '1' } },
      { flags: {} },
      { circulation: 1 },
      { refund: { thresholdPercent: 61, unusedDays: 7 } },
      { refund: { thresholdPercent: 60, unusedDays: 8 } },
      { funding: { resident: 9500, city: 500 } },
      { validUntil: '2031-01-02T00:00:00+09:00' },
      { rules: INPUT.rules.slice(1) },
    ];
    for (const lang of ['ko', 'en'] as const) {
      const texts = [{}, ...changes].map((change) =>
        explainTerms(requireTerms({ ...INPUT, ...change }), lang, regionName).join(' '),
      );
      expect(new Set(texts).size).toBe(texts.length);
    }
  });
});

describe('pinned terms', () => {
  const terms = requireTerms(INPUT);
  const pinned = termsHash(terms);
  const served = JSON.stringify(INPUT);

  it('are recognised however they are written, and nothing else is', () => {
    expect(pinnedTerms(served, pinned)).toEqual(terms);
    expect(pinnedTerms(INPUT, pinned.toUpperCase().replace('0X', '0x'))).toEqual(terms);
    expect(pinnedTerms({ ...INPUT, budget: '10000000001' }, pinned)).toBeUndefined();
    expect(pinnedTerms({ ...INPUT, surprise: 1 }, pinned)).toBeUndefined();
    expect(pinnedTerms('{', pinned)).toBeUndefined();
    expect(pinnedTerms(served, '0x')).toBeUndefined();
  });

  it('name the fields in which the contract applies something else', () => {
    const chain = termsToChain(terms);
    expect(termsDifferences(terms, { ...chain, budget: 1n })).toEqual([]);
    for (const [name, value] of Object.entries(chain)) {
      if (name === 'budget') continue;
      const changed = Array.isArray(value) ? [...value].toReversed().slice(1) : `${String(value)}1`;
      expect(termsDifferences(terms, { ...chain, [name]: changed })).toEqual([name]);
    }
  });
});
