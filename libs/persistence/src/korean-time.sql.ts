import { KOREA_OFFSET_SECONDS } from '#domain';

/*
 * Korean days in SQL. Times in tables are Unix seconds, and the contract counts days as (time + 9 h) / 1 day; these
 * expressions do the same, so that no session's time zone has a say.
 */

/** Days since 1970-01-01 in Korea of Unix seconds. */
export const koreanDayNumber = (seconds: string): string =>
  `((${seconds} + ${KOREA_OFFSET_SECONDS}) / 86400)`;

/** The date in Korea of Unix seconds. */
export const koreanDate = (seconds: string): string =>
  `(date '1970-01-01' + ${koreanDayNumber(seconds)}::integer)`;

/** Unix seconds at which a date begins in Korea. */
export const koreanDateStart = (date: string): string =>
  `(extract(epoch FROM ${date})::bigint - ${KOREA_OFFSET_SECONDS})`;

/** Unix seconds at which a day, counted as koreanDayNumber does, begins in Korea. */
export const koreanDayStart = (dayNumber: string): string =>
  `(${dayNumber} * 86400 - ${KOREA_OFFSET_SECONDS})`;

/** The date in Korea of a timestamptz. */
export const koreanDateOfStamp = (stamp: string): string =>
  `(${stamp} AT TIME ZONE interval '${KOREA_OFFSET_SECONDS} seconds')::date`;
