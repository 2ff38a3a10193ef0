import { categoryOfKey, dayBounds, parseKoreanIsoDate } from '#domain';
import { authorityCodes, placesMeant, regions, wrongField } from '#platform';
import { periodOf } from './report-period.js';
import type { ReportScopeQuery } from './reports.dto.js';

/** Stands for "has none" in a query: refusals whose series or merchant is unknown. */
export const NONE = 'none';

/** What a report or a list of rows is about. Absent = everything. */
export interface ReportFilter {
  /** Region code of the issuing authority, or NONE. */
  readonly authority?: string;
  readonly series?: number;
  /** Region code (contains smaller ones), or NONE. Of the merchant; for issue and outstanding of the authority. */
  readonly region?: string;
  /** Only what lies in `region` but in none of the regions directly below it. */
  readonly rest?: boolean;
  /** Category key, or NONE. Issue and outstanding have none. */
  readonly category?: string;
  /** Korean days, inclusive. */
  readonly from?: string;
  readonly to?: string;
  /** Refusal code; for refused payments alone. */
  readonly code?: string;
}

/**
 * The filter of a query. A region is written as it is called now, so that the links of a report and the places below it
 * follow from it; an authority as it is asked for, because one from before a reform keeps its code. Throws
 * invalid_request for days that end before they begin.
 */
export function filterOf(query: Omit<ReportScopeQuery, 'cursor' | 'limit'>): ReportFilter {
  const { authority, series, rest, category, from, to } = query;
  const region = query.region === undefined ? undefined : (placesMeant(query.region)[0] ?? query.region);
  if (from !== undefined && to !== undefined && from > to)
    throw wrongField('from', { ko: '종료일(to)보다 늦을 수 없습니다.', en: 'must not be after to' });
  if (rest === 'true' && region === undefined)
    throw wrongField('rest', { ko: 'region과 함께 써야 합니다.', en: 'needs region' });
  return { authority, series, region, rest: rest === 'true' ? true : undefined, category, from, to };
}

/** The query string of a filter, with a leading "?" unless it is empty. */
export function queryOf(filter: ReportFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Parameters $1 to $5 of SCOPE (see report-sql.ts). */
export function scopeParams({ authority, series, region, category, rest }: ReportFilter): unknown[] {
  const id = category === undefined || category === NONE ? category : categoryOfKey(category)?.id;
  return [
    authority === undefined ? null : authority === NONE ? [NONE] : authorityCodes(authority),
    series ?? null,
    region === undefined ? null : placesOf(region),
    id === undefined ? null : String(id),
    rest === true
      ? placesOf(region ?? '').flatMap((place) =>
          regions()
            .children(place)
            .map(({ code }) => code),
        )
      : null,
  ];
}

/** Parameters $6 and $7 of DAYS and BLOCKS. */
export function dayParams({ from, to }: ReportFilter): unknown[] {
  return [from ?? null, to ?? null];
}

/** Parameters $6 to $9 of PERIOD: first and next month, first and next days of what lies outside of months. */
export function periodParams({ from, to }: ReportFilter): unknown[] {
  const { months, days } = periodOf(from, to);
  return [months.from, months.until, days.map((span) => span.from), days.map((span) => span.until)];
}

/** Parameters $6 and $7 of RECEIVED: Unix seconds, the end exclusive. */
export function momentParams({ from, to }: ReportFilter): unknown[] {
  return [
    from === undefined ? null : dayBounds(parseKoreanIsoDate(from)).from,
    to === undefined ? null : dayBounds(parseKoreanIsoDate(to)).until,
  ];
}

/** The places of a region's spelling; those that have none stand for themselves. */
function placesOf(region: string): readonly string[] {
  return region === NONE ? [NONE] : placesMeant(region);
}
