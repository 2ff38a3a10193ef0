import { koreanIsoDate } from '#domain';
import { FIGURES } from '#reporting';
import { ENDED_SERIES, type Shape } from './country.js';

/** One endpoint, and everything that it is asked in turn. */
export interface Question {
  readonly endpoint: string;
  readonly paths: readonly string[];
  /** Lists are followed for so many pages. */
  readonly pages: number;
}

const GROUPS = ['authority', 'series', 'region', 'category', 'day'] as const;
const EVENTS = [...FIGURES, 'outstanding'] as const;
const DAY_SECONDS = 86_400;

/** Everything that reports and books answer, from the widest question to narrow and empty ones. */
export function questionsOf({ months }: Shape): Question[] {
  const end = (months.at(-1)?.until ?? 0) - 1;
  const day = (before: number) => koreanIsoDate(end - before * DAY_SECONDS);
  const month = `from=${koreanIsoDate(months.at(-2)?.from ?? 0)}&to=${koreanIsoDate((months.at(-2)?.until ?? 0) - 1)}`;
  const scopes = [
    '',
    month,
    // Neither begins nor ends with a month.
    `from=${day(680)}&to=${day(17)}`,
    'authority=47',
    'region=47',
    'region=47130',
    'region=48&rest=true',
    'category=cafe',
    'series=1',
    `series=${ENDED_SERIES}`,
    `series=${ENDED_SERIES}&${month}`,
    `region=47940&category=pharmacy`,
    `authority=47&region=47940&from=${day(700)}&to=${day(690)}`,
    'region=11',
  ];
  const path = (start: string, scope: string) =>
    `${start}${scope === '' ? '' : `${start.includes('?') ? '&' : '?'}${scope}`}`;
  const summaries = GROUPS.map((group) => ({
    endpoint: `GET /v1/reports/summary?group=${group}`,
    paths: scopes.map((scope) => path(`/v1/reports/summary?group=${group}`, scope)),
    pages: 1,
  }));
  const rows = [...EVENTS, 'refused', 'merchants', 'paid-merchants'].map((figure) => ({
    endpoint: `GET /v1/reports/rows/${figure}`,
    paths: scopes.map((scope) => path(`/v1/reports/rows/${figure}`, scope)),
    pages: 3,
  }));
  const books = [
    {
      endpoint: 'GET /v1/books/trial-balance',
      paths: ['', 'authority=47', 'series=3'].map((scope) => path('/v1/books/trial-balance', scope)),
      pages: 1,
    },
    {
      endpoint: 'GET /v1/books/entries',
      paths: [
        '',
        'authority=47',
        'series=3',
        `series=${ENDED_SERIES}`,
        'account=refunds_payable',
        'account=vouchers_taken',
        'series=3&account=merchants_payable',
        `series=${ENDED_SERIES}&account=funders_payable`,
      ].map((scope) => path('/v1/books/entries', scope)),
      pages: 3,
    },
  ];
  return [...summaries, ...rows, ...books];
}
