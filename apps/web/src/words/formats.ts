import {
  dayBounds,
  formatKoreanDate,
  formatKoreanDateTime,
  koreanDate,
  koreanDayIndex,
  koreanIsoDateTime,
  type Lang,
  weekdayOf,
} from '#domain';

const WEEKDAYS = ['일', '월', '화', '수', '목', '금', '토'];
const AGO_DAYS_MAX = 7;

/** "1월 31일 (토)" within this year, else "2026년 1월 31일 (토)"; "31 January 2026". Unix seconds, Korea time. */
export function date(at: number, lang: Lang, now: number): string {
  if (lang === 'en') return formatKoreanDate(at, 'en');
  const { year, month, day } = koreanDate(at);
  const weekday = WEEKDAYS[weekdayOf(koreanDayIndex(at))] ?? '';
  const isThisYear = year === koreanDate(now).year;
  return `${isThisYear ? '' : `${year}년 `}${month}월 ${day}일 (${weekday})`;
}

/** The same with the time of day: "1월 31일 (토) 09:30", "31 January 2026, 09:30 KST". */
export function dateTime(at: number, lang: Lang, now: number): string {
  if (lang === 'en') return formatKoreanDateTime(at, 'en');
  return `${date(at, 'ko', now)} ${timeOfDay(at)}`;
}

/** "09:30" in Korea, with seconds "09:30:05". */
export function timeOfDay(at: number, withSeconds = false): string {
  return koreanIsoDateTime(at).slice(11, withSeconds ? 19 : 16);
}

/** What ends before `until`: its last day, or the moment where it ends within a day. */
export function lastDay(until: number, lang: Lang, now: number): string {
  const endsWithDay = dayBounds(koreanDayIndex(until)).from === until;
  return endsWithDay ? date(until - 1, lang, now) : dateTime(until, lang, now);
}

/** "방금", "3분 전", "2시간 전", "어제", "3일 전"; after seven days the date. */
export function ago(at: number, lang: Lang, now: number): string {
  const seconds = Math.max(0, now - at);
  const days = koreanDayIndex(now) - koreanDayIndex(at);
  const ko = lang === 'ko';
  if (days > AGO_DAYS_MAX) return date(at, lang, now);
  if (days > 1) return ko ? `${days}일 전` : `${days} days ago`;
  if (days === 1) return ko ? '어제' : 'yesterday';
  if (seconds < 60) return ko ? '방금' : 'just now';
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return ko ? `${minutes}분 전` : `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return ko ? `${hours}시간 전` : `${hours} h ago`;
}

/** "3일 남음", "3 days left"; the last day itself is 0. `until` is exclusive. */
export function daysLeft(until: number, now: number): number {
  return koreanDayIndex(until - 1) - koreanDayIndex(now);
}

/** "1:05" of a clock that runs down. */
export function clock(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}

/** "010-****-5678". */
export function maskedPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return `${digits.slice(0, 3)}-****-${digits.slice(-4)}`;
}

/** "국민 ****1234". */
export function maskedAccount(bank: string, account: string): string {
  return `${bank} ****${account.replace(/\D/g, '').slice(-4)}`;
}

/** "김*람", "김*": the first letter and, from three letters on, the last one. */
export function maskedName(name: string): string {
  const letters = [...name];
  if (letters.length < 3) return `${letters[0] ?? ''}${'*'.repeat(Math.max(0, letters.length - 1))}`;
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`;
}

/** "123-4567". */
export function shopNumber(number: string): string {
  const digits = number.replace(/\D/g, '');
  return `${digits.slice(0, 3)}-${digits.slice(3, 7)}`;
}
