import {
  ago,
  clock,
  date,
  dateTime,
  daysLeft,
  lastDay,
  maskedAccount,
  maskedName,
  maskedPhone,
  shopNumber,
  timeOfDay,
} from '../src/words/formats.js';
import { spokenMoney, spokenNumber } from '../src/words/spoken.js';
import { grouped, money, plain, shortMoney, type Unit, unitOfDocument, WON } from '../src/words/unit.js';

const at = (iso: string) => Date.parse(iso) / 1000;
const NOW = at('2026-12-01T14:20:35+09:00');
const DOLLARS: Unit = { code: 'USD', digits: 2, ko: '달러', spoken: 'dollars', quick: [] };
const YEN: Unit = { ...WON, code: 'JPY', ko: '엔', spoken: 'yen' };
const RIEL: Unit = { ...WON, code: 'KHR', ko: '리엘', spoken: 'riel' };

describe('money', () => {
  it('is written with its unit, in both languages', () => {
    expect([money(12_000n, 'ko'), money(12_000n, 'en')]).toEqual(['12,000원', 'KRW 12,000']);
    expect([money(-12_000n, 'ko'), money(-12_000n, 'en')]).toEqual(['−12,000원', '−KRW 12,000']);
    expect([money(0n, 'ko'), plain(1_234_567n)]).toEqual(['0원', '1,234,567']);
  });

  it('is that of the deployment', () => {
    expect([money(1_205n, 'ko', DOLLARS), money(5n, 'en', DOLLARS)]).toEqual(['12.05달러', 'USD 0.05']);
    expect([money(1_205n, 'ko', YEN), money(1_205n, 'en', RIEL)]).toEqual(['1,205엔', 'KHR 1,205']);
    expect([plain(1_205n, DOLLARS), plain(123_456n, DOLLARS), grouped(123_456)]).toEqual([
      '12.05',
      '1,234.56',
      '123,456',
    ]);
    expect(shortMoney(123_456_789_00n, 'en', DOLLARS)).toBe('USD 123.4 million');
  });

  it('is in the unit that the document names, which is won where it names none', () => {
    expect(unitOfDocument(undefined)).toEqual(WON);
    const points = unitOfDocument('["XJT",2,"장터 포인트","market points"]');
    expect([money(1_205n, 'ko', points), money(1_205n, 'en', points)]).toEqual([
      '12.05장터 포인트',
      'XJT 12.05',
    ]);
    expect(points.quick.map((one) => money(one, 'en', points))).toEqual([
      'XJT 5.00',
      'XJT 10.00',
      'XJT 20.00',
    ]);
    const yen = unitOfDocument('["JPY",0,"엔","yen"]');
    expect([spokenMoney(2n, 'en', yen), yen.quick]).toEqual(['two yen', WON.quick]);
  });

  it('is shortened for charts to what can be said', () => {
    expect(shortMoney(120_000_000n, 'ko')).toBe('1억 2,000만 원');
    expect(shortMoney(12_345n, 'ko')).toBe('1만 2,345 원');
    expect(shortMoney(9_999n, 'ko')).toBe('9,999원');
    expect(shortMoney(-1_000_000_000_000n, 'ko')).toBe('−1조 원');
    expect(shortMoney(120_000_000n, 'en')).toBe('KRW 120 million');
  });

  it('is spoken', () => {
    expect(spokenMoney(12_000n, 'ko')).toBe('만 이천 원');
    expect(spokenMoney(110_000n, 'ko')).toBe('십일만 원');
    expect(spokenMoney(100_010_000n, 'ko')).toBe('일억 일만 원');
    expect(spokenMoney(12_000n, 'en')).toBe('twelve thousand won');
    expect(spokenMoney(128_521n, 'en')).toBe(
      'one hundred and twenty-eight thousand five hundred and twenty-one won',
    );
    expect([spokenNumber(0n, 'ko'), spokenNumber(0n, 'en')]).toEqual(['영', 'zero']);
    expect(() => spokenNumber(-1n, 'ko')).toThrow(RangeError);
  });
});

describe('dates and times', () => {
  it('are of Korea, without the year of today', () => {
    expect(date(at('2026-01-31T00:30:00+09:00'), 'ko', NOW)).toBe('1월 31일 (토)');
    expect(dateTime(at('2027-01-31T09:30:00+09:00'), 'ko', NOW)).toBe('2027년 1월 31일 (일) 09:30');
    expect(dateTime(at('2026-01-31T09:30:00+09:00'), 'en', NOW)).toBe('31 January 2026, 09:30 KST');
    expect([timeOfDay(NOW), timeOfDay(NOW, true)]).toEqual(['14:20', '14:20:35']);
    expect(lastDay(at('2026-12-08T00:00:00+09:00'), 'ko', NOW)).toBe('12월 7일 (월)');
    expect(lastDay(at('2026-12-08T09:49:00+09:00'), 'ko', NOW)).toBe('12월 8일 (화) 09:49');
  });

  it('are near or far', () => {
    const says = (iso: string) => [ago(at(iso), 'ko', NOW), ago(at(iso), 'en', NOW)];
    expect(says('2026-12-01T14:20:00+09:00')).toEqual(['방금', 'just now']);
    expect(says('2026-12-01T14:17:00+09:00')).toEqual(['3분 전', '3 min ago']);
    expect(says('2026-12-01T02:00:00+09:00')).toEqual(['12시간 전', '12 h ago']);
    expect(says('2026-11-30T23:59:00+09:00')).toEqual(['어제', 'yesterday']);
    expect(says('2026-11-28T10:00:00+09:00')).toEqual(['3일 전', '3 days ago']);
    expect(says('2026-11-01T10:00:00+09:00')).toEqual(['11월 1일 (일)', '1 November 2026']);
    expect([daysLeft(at('2026-12-08T00:00:00+09:00'), NOW), clock(65), clock(-1)]).toEqual([
      6,
      '1:05',
      '0:00',
    ]);
  });
});

describe('numbers and names', () => {
  it('are masked and grouped', () => {
    expect(maskedPhone('01012345678')).toBe('010-****-5678');
    expect(maskedAccount('국민', '123-45-671234')).toBe('국민 ****1234');
    expect(['김하람', '김람', '남궁하람', '김'].map(maskedName)).toEqual(['김*람', '김*', '남**람', '김']);
    expect(shopNumber('1234567')).toBe('123-4567');
  });
});
