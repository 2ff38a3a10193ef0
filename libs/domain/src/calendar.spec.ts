import * as fc from 'fast-check';
import {
  addBusinessDays,
  dayBounds,
  formatKoreanDate,
  formatKoreanDateTime,
  formatKoreanEnd,
  halfYearBounds,
  isBusinessDay,
  isoTime,
  koreanDayIndex,
  koreanHalfYear,
  koreanIsoDate,
  koreanIsoDateTime,
  koreanMonthIndex,
  monthBounds,
  parseInstant,
  parseKoreanIsoDate,
  weekdayOf,
  yearBounds,
  yearOfMonthIndex,
  yearsOn,
} from './calendar.js';

const seconds = fc.integer({ min: 0, max: 4_102_444_800 });
const at = (text: string): number => Date.parse(text) / 1000;

describe('Korean calendar', () => {
  it('turns the day at 15:00 UTC', () => {
    expect(koreanIsoDate(at('2026-01-31T14:59:59Z'))).toBe('2026-01-31');
    expect(koreanIsoDate(at('2026-01-31T15:00:00Z'))).toBe('2026-02-01');
    expect(koreanDayIndex(0)).toBe(0);
    expect(koreanDayIndex(54_000)).toBe(1);
    expect(koreanMonthIndex(at('2026-01-31T15:00:00Z'))).toBe(56 * 12 + 1);
  });

  it('agrees with the time zone database', () => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul', dateStyle: 'short' });
    fc.assert(
      fc.property(fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2100-01-01T00:00:00Z') }), (now) => {
        expect(koreanIsoDate(now)).toBe(format.format(now * 1000));
      }),
    );
  });

  it('bounds contain their moment, and neighbours touch', () => {
    fc.assert(
      fc.property(seconds, (now) => {
        const spans = [
          dayBounds(koreanDayIndex(now)),
          monthBounds(koreanMonthIndex(now)),
          halfYearBounds(koreanHalfYear(now)),
        ];
        for (const span of spans) {
          expect(span.from).toBeLessThanOrEqual(now);
          expect(span.until).toBeGreaterThan(now);
        }
        expect(dayBounds(koreanDayIndex(now) + 1).from).toBe(dayBounds(koreanDayIndex(now)).until);
        expect(koreanMonthIndex(monthBounds(koreanMonthIndex(now)).until)).toBe(koreanMonthIndex(now) + 1);
      }),
    );
  });

  it('puts every month into its year', () => {
    fc.assert(
      fc.property(seconds, (now) => {
        const year = yearOfMonthIndex(koreanMonthIndex(now));
        expect(koreanIsoDate(now).slice(0, 4)).toBe(String(year));
        expect(yearBounds(year).from).toBeLessThanOrEqual(now);
        expect(yearBounds(year).until).toBeGreaterThan(now);
        expect(yearBounds(year).until).toBe(yearBounds(year + 1).from);
      }),
    );
    expect(yearBounds(2026).from).toBe(at('2025-12-31T15:00:00Z'));
  });

  it('knows leap days and half-years', () => {
    const february = monthBounds(koreanMonthIndex(at('2028-02-10T00:00:00Z')));
    expect((february.until - february.from) / 86_400).toBe(29);
    expect(koreanHalfYear(at('2026-06-30T14:59:59Z'))).toEqual({ year: 2026, half: 1 });
    expect(koreanHalfYear(at('2026-06-30T15:00:00Z'))).toEqual({ year: 2026, half: 2 });
  });

  it('writes dates for people', () => {
    const now = at('2026-01-31T00:30:00Z');
    expect(formatKoreanDate(now, 'ko')).toBe('2026년 1월 31일');
    expect(formatKoreanDateTime(now, 'en')).toBe('31 January 2026, 09:30 KST');
    expect(koreanIsoDateTime(now)).toBe('2026-01-31T09:30:00+09:00');
  });

  it('reads back what it writes', () => {
    fc.assert(fc.property(seconds, (now) => parseInstant(koreanIsoDateTime(now)) === now));
    fc.assert(fc.property(seconds, (now) => parseInstant(new Date(now * 1000 + 7).toISOString()) === now));
    fc.assert(fc.property(seconds, (now) => parseKoreanIsoDate(koreanIsoDate(now)) === koreanDayIndex(now)));
  });

  it.each([
    ['1970-01-01', 4],
    ['1969-12-28', 0],
    ['2026-02-28', 6],
    ['2026-03-01', 0],
    ['2028-02-29', 2],
  ])('knows the day of the week of %s', (date, weekday) => {
    expect(weekdayOf(parseKoreanIsoDate(date))).toBe(weekday);
  });

  // Seollal of 2026 is Monday to Wednesday, 16 to 18 February.
  const seollal = new Set(['2026-02-16', '2026-02-17', '2026-02-18'].map(parseKoreanIsoDate));

  it.each([
    ['2026-02-13', 0, '2026-02-13'],
    ['2026-02-14', 0, '2026-02-19'],
    ['2026-02-13', 1, '2026-02-19'],
    ['2026-02-12', 2, '2026-02-19'],
    ['2026-02-15', 1, '2026-02-19'],
    ['2026-02-17', 3, '2026-02-23'],
    ['2026-12-31', 1, '2027-01-01'],
  ])('counts from %s %d business days to %s', (from, count, to) => {
    expect(addBusinessDays(parseKoreanIsoDate(from), count, seollal)).toBe(parseKoreanIsoDate(to));
  });

  it('counts five business days in a week without holidays, and ends on one always', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 400 }), (day, weeks) => {
        const none = new Set<number>();
        const end = addBusinessDays(day, weeks, none);
        expect(isBusinessDay(end, none)).toBe(true);
        if (isBusinessDay(day, none)) expect(addBusinessDays(day, 5 * weeks, none)).toBe(day + 7 * weeks);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN])('counts no %p business days', (count) => {
    expect(() => addBusinessDays(0, count, new Set())).toThrow(RangeError);
  });

  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [1_769_819_400n, '2026-01-31T00:30:00Z'],
    [4_102_444_799, '2099-12-31T23:59:59Z'],
  ])('shows %s in UTC without fractions', (time, text) => {
    expect(isoTime(time)).toBe(text);
  });

  it.each([
    ['2026-01-01T00:00:00+09:00', '2025-12-31T15:00:00Z'],
    ['2026-01-01T00:00:00-05:30', '2026-01-01T05:30:00Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ])('reads %s', (text, utc) => {
    expect(parseInstant(text)).toBe(at(utc));
  });

  it.each(['2026-01-01', '2026-01-01T00:00:00', '2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z', 'now', ''])(
    'refuses %p as an instant',
    (text) => {
      expect(() => parseInstant(text)).toThrow(expect.objectContaining({ code: 'date_invalid' }));
    },
  );
});

describe('an end', () => {
  it('is the last day where it ends with one, and the moment where it ends within one', () => {
    const [midnight, within] = ['2027-01-01T00:00:00+09:00', '2026-12-31T09:49:00+09:00'].map(parseInstant);
    expect(formatKoreanEnd(midnight ?? 0, 'en')).toBe('31 December 2026');
    expect(formatKoreanEnd(midnight ?? 0, 'ko')).toBe('2026년 12월 31일');
    expect(formatKoreanEnd(within ?? 0, 'en')).toBe('31 December 2026, 09:49 KST');
    expect(formatKoreanEnd(within ?? 0, 'ko')).toBe('2026년 12월 31일 09:49');
  });

  it.each([
    ['2026-01-01T00:00:00+09:00', '2031-01-01T00:00:00+09:00'],
    ['2026-11-30T09:49:00+09:00', '2031-11-30T09:49:00+09:00'],
    ['2027-03-01T00:00:00+09:00', '2032-03-01T00:00:00+09:00'],
    ['2028-02-29T00:00:00+09:00', '2033-03-01T00:00:00+09:00'],
  ])('of five years from %s is the same date five years on: %s', (from, until) => {
    expect(koreanIsoDateTime(yearsOn(parseInstant(from), 5))).toBe(until);
  });
});
