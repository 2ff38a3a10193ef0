import { koreanMonthIndex, monthBounds, koreanIsoDate, dayBounds, parseKoreanIsoDate } from '#domain';

/** A period as whole months and the days before and after them; days inclusive of `from`, exclusive of `until`. */
export interface Period {
  /** First days of the first month and of the month after the last; null = open. Equal when no month is whole. */
  readonly months: { readonly from: string | null; readonly until: string | null };
  readonly days: readonly { readonly from: string; readonly until: string }[];
}

/**
 * Splits Korean days (inclusive, ISO dates; absent = open) so that sums by month cover all they can.
 */
export function periodOf(from: string | undefined, to: string | undefined): Period {
  const start = from === undefined ? undefined : dayBounds(parseKoreanIsoDate(from)).from;
  const end = to === undefined ? undefined : dayBounds(parseKoreanIsoDate(to)).until;
  const firstMonth = start === undefined ? undefined : firstMonthFrom(start);
  const endMonth = end === undefined ? undefined : monthBounds(koreanMonthIndex(end)).from;
  if (start !== undefined && end !== undefined && (firstMonth ?? start) >= (endMonth ?? end)) {
    const day = koreanIsoDate(start);
    return {
      months: { from: day, until: day },
      days: start < end ? [{ from: day, until: koreanIsoDate(end) }] : [],
    };
  }
  return {
    months: { from: dayOf(firstMonth), until: dayOf(endMonth) },
    days: [...daysBetween(start, firstMonth), ...daysBetween(endMonth, end)],
  };
}

function firstMonthFrom(start: number): number {
  const month = monthBounds(koreanMonthIndex(start));
  return month.from === start ? start : month.until;
}

function dayOf(seconds: number | undefined): string | null {
  return seconds === undefined ? null : koreanIsoDate(seconds);
}

function daysBetween(from: number | undefined, until: number | undefined): Period['days'] {
  if (from === undefined || until === undefined || from >= until) return [];
  return [{ from: koreanIsoDate(from), until: koreanIsoDate(until) }];
}
