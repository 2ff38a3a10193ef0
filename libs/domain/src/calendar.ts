import { DomainError } from './errors.js';

/** Korea is UTC+9 all year (no summer time since 1988), so its calendar is plain arithmetic. */
export const KOREA_OFFSET_SECONDS = 9 * 3600;
const DAY_SECONDS = 86_400;

/** Half-open span of unix seconds: from ≤ t < until. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

export interface KoreanDate {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  /** 1–31 */
  readonly day: number;
}

/** Days since 1970-01-01 in Korea; the chain computes the same (block.timestamp + 9 h) / 1 day. */
export function koreanDayIndex(unixSeconds: number): number {
  return Math.floor((unixSeconds + KOREA_OFFSET_SECONDS) / DAY_SECONDS);
}

/** Months since January 1970 in Korea. */
export function koreanMonthIndex(unixSeconds: number): number {
  const { year, month } = koreanDate(unixSeconds);
  return (year - 1970) * 12 + month - 1;
}

/** Calendar year of a month index. */
export function yearOfMonthIndex(monthIndex: number): number {
  return 1970 + Math.floor(monthIndex / 12);
}

/** Calendar date in Korea. */
export function koreanDate(unixSeconds: number): KoreanDate {
  return dateOfDayIndex(koreanDayIndex(unixSeconds));
}

/** Calendar date of a day index. */
export function dateOfDayIndex(dayIndex: number): KoreanDate {
  const date = new Date(dayIndex * DAY_SECONDS * 1000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Seconds of a day in Korea. */
export function dayBounds(dayIndex: number): Span {
  const from = dayIndex * DAY_SECONDS - KOREA_OFFSET_SECONDS;
  return { from, until: from + DAY_SECONDS };
}

/** Seconds of a calendar month in Korea. */
export function monthBounds(monthIndex: number): Span {
  return { from: startOfMonth(monthIndex), until: startOfMonth(monthIndex + 1) };
}

/** Seconds of a calendar year in Korea. */
export function yearBounds(year: number): Span {
  const first = (year - 1970) * 12;
  return { from: startOfMonth(first), until: startOfMonth(first + 12) };
}

function startOfMonth(monthIndex: number): number {
  return Date.UTC(1970, monthIndex, 1) / 1000 - KOREA_OFFSET_SECONDS;
}

/** Day of the week of a day index: 0 = Sunday … 6 = Saturday. 1970-01-01 was a Thursday. */
export function weekdayOf(dayIndex: number): number {
  return (((dayIndex + 4) % 7) + 7) % 7;
}

/**
 * Whether authorities and banks work on a day: no Saturday, no Sunday, no holiday.
 *
 * @param holidays day indexes; they are announced year by year (lunar, substitute and temporary ones, elections), so the
 *   caller passes them
 */
export function isBusinessDay(dayIndex: number, holidays: ReadonlySet<number>): boolean {
  const weekday = weekdayOf(dayIndex);
  return weekday !== 0 && weekday !== 6 && !holidays.has(dayIndex);
}

/**
 * The day that is so many business days after another, which itself does not count (Civil Act Art 157) and may be any
 * day. With 0 the day itself, or the next business day if it is none (Civil Act Art 161).
 *
 * @param count whole number, 0 or more; RangeError otherwise
 */
export function addBusinessDays(dayIndex: number, count: number, holidays: ReadonlySet<number>): number {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`not a number of days: ${count}`);
  let day = dayIndex;
  if (count === 0) while (!isBusinessDay(day, holidays)) day += 1;
  for (let left = count; left > 0;) if (isBusinessDay((day += 1), holidays)) left -= 1;
  return day;
}

export interface HalfYear {
  readonly year: number;
  readonly half: 1 | 2;
}

/** The half-year in Korea, as reports use it (Act Art 14). */
export function koreanHalfYear(unixSeconds: number): HalfYear {
  const { year, month } = koreanDate(unixSeconds);
  return { year, half: month <= 6 ? 1 : 2 };
}

/** Seconds of a half-year in Korea. */
export function halfYearBounds({ year, half }: HalfYear): Span {
  const first = (year - 1970) * 12 + (half === 1 ? 0 : 6);
  return { from: startOfMonth(first), until: startOfMonth(first + 6) };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** ISO date in Korea, "2026-01-31". */
export function koreanIsoDate(unixSeconds: number): string {
  const { year, month, day } = koreanDate(unixSeconds);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** The last Unix second whose year has the four digits of RFC 3339: 9999-12-31T23:59:59Z. */
export const LAST_ISO_SECOND = 253_402_300_799;

/** Unix seconds as the API shows times: ISO 8601 in UTC without fractions, "2026-01-31T00:30:00Z". */
export function isoTime(unixSeconds: number | bigint): string {
  return new Date(Number(unixSeconds) * 1000).toISOString().replace('.000Z', 'Z');
}

/** ISO date and time in Korea, "2026-01-31T09:30:00+09:00". */
export function koreanIsoDateTime(unixSeconds: number): string {
  return `${koreanIsoDate(unixSeconds)}T${clock(unixSeconds)}+09:00`;
}

function clock(unixSeconds: number): string {
  const second =
    (((Math.floor(unixSeconds) + KOREA_OFFSET_SECONDS) % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

/** Date for people: "2026년 1월 31일" or "31 January 2026". */
export function formatKoreanDate(unixSeconds: number, lang: 'ko' | 'en'): string {
  const { year, month, day } = koreanDate(unixSeconds);
  if (lang === 'ko') return `${year}년 ${month}월 ${day}일`;
  return `${day} ${ENGLISH_MONTHS[month - 1]} ${year}`;
}

/** Date and time for people, in Korea time: "2026년 1월 31일 09:30" or "31 January 2026, 09:30 KST". */
export function formatKoreanDateTime(unixSeconds: number, lang: 'ko' | 'en'): string {
  const time = clock(unixSeconds).slice(0, 5);
  const date = formatKoreanDate(unixSeconds, lang);
  return lang === 'ko' ? `${date} ${time}` : `${date}, ${time} KST`;
}

/** The same to the second: "2026년 1월 31일 09:30:05" or "31 January 2026, 09:30:05 KST". */
export function formatKoreanMoment(unixSeconds: number, lang: 'ko' | 'en'): string {
  const date = formatKoreanDate(unixSeconds, lang);
  return lang === 'ko' ? `${date} ${clock(unixSeconds)}` : `${date}, ${clock(unixSeconds)} KST`;
}

/**
 * The end of a span for people, after "until" or before "까지": its last day, where it ends with one
 * ("31 December 2026"), else the moment ("31 December 2026, 09:49 KST").
 *
 * @param until Unix seconds, exclusive
 */
export function formatKoreanEnd(until: number, lang: 'ko' | 'en'): string {
  const endsWithDay = dayBounds(koreanDayIndex(until)).from === until;
  return endsWithDay ? formatKoreanDate(until - 1, lang) : formatKoreanDateTime(until, lang);
}

/**
 * The same date and time of day so many years on, the exclusive end of a period of years (Civil Act Art 160(2)). A period
 * that begins on 29 February ends with the last day of February where that year has no such day (Art 160(3)).
 */
export function yearsOn(unixSeconds: number, years: number): number {
  const { year, month, day } = koreanDate(unixSeconds);
  const ofDay = unixSeconds - dayBounds(koreanDayIndex(unixSeconds)).from;
  return Date.UTC(year + years, month - 1, day) / 1000 - KOREA_OFFSET_SECONDS + ofDay;
}

const ENGLISH_MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Day index of an ISO date ("2026-01-31"); throws DomainError `date_invalid` for a day that does not exist. */
export function parseKoreanIsoDate(text: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const [year, month, day] = (match ?? []).slice(1).map(Number);
  if (year !== undefined && month !== undefined && day !== undefined) {
    const index = Date.UTC(year, month - 1, day) / 1000 / DAY_SECONDS;
    const back = dateOfDayIndex(index);
    if (back.year === year && back.month === month && back.day === day) return index;
  }
  throw new DomainError('date_invalid', `not a calendar date: ${text.slice(0, 40)}`);
}

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d{1,9})?(Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * Unix seconds of an ISO date-time with seconds and an offset ("2026-01-01T00:00:00+09:00", "…Z"). A fraction of a
 * second, as `toISOString()` writes it, is dropped.
 * Throws DomainError `date_invalid`; a text without offset is refused because it names no instant.
 */
export function parseInstant(text: string): number {
  const match = INSTANT.exec(text);
  if (match === null)
    throw new DomainError('date_invalid', `not a date and time with offset: ${text.slice(0, 40)}`);
  const [, date = '', hour, minute, second, , sign, offsetHour, offsetMinute] = match;
  const local =
    parseKoreanIsoDate(date) * DAY_SECONDS + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const offset = sign === undefined ? 0 : Number(offsetHour) * 3600 + Number(offsetMinute) * 60;
  return sign === '-' ? local + offset : local - offset;
}
