import { Injectable } from '@nestjs/common';
import { areasOf } from '#access';
import type { Areas } from '#domain';
import { koreanDateOfStamp, ReportDatabase, type Queryable } from '#persistence';
import { authorityCodes, ProblemException } from '#platform';
import type { ReportGroup } from './report-group.js';
import { dayParams, momentParams, periodParams, type ReportFilter, scopeParams } from './report-filter.js';
import {
  ACTIVE_MERCHANTS,
  BY_DAY,
  DAYS,
  type Detail,
  type FigureName,
  figuresOfPeriod,
  ISSUER,
  MERCHANT_DAYS,
  outstandingOf,
  PLACE,
  RECEIVED,
  refusedPayments,
  SCOPE,
} from './report-sql.js';

/** A sum under one raw key: region codes as they are, categories by id, '' or NONE where there is none. */
export interface KeyedSum {
  readonly key: string;
  readonly count: bigint;
  readonly amount: bigint;
}

export interface FigureSum extends KeyedSum {
  readonly figure: FigureName;
}

export interface RefusedSum extends Omit<KeyedSum, 'amount'> {
  readonly code: number;
}

/** Longest time for one statement of a report. */
const REPORT_MS_MAX = 10_000;
const QUERY_CANCELED = '57014';

/**
 * `x.…` of each group, and the key as text; NONE where there is none. Texts are made of the sums: of each of 100,000 rows
 * they took longer than the sums themselves.
 */
const KEYS: { readonly [G in ReportGroup]: { readonly raw: string; readonly text: string } } = {
  authority: { raw: 'x.authority', text: `coalesce(key, 'none')` },
  series: { raw: 'x.series', text: 'key::text' },
  region: { raw: 'x.region', text: `coalesce(key, 'none')` },
  category: { raw: 'coalesce(x.category, -1)', text: `coalesce(nullif(key, -1)::text, 'none')` },
  day: { raw: 'x.day', text: 'key::text' },
};
const RECEIVED_DAY = koreanDateOfStamp('x.received_at');

type SumRow<T> = { [K in keyof T]: K extends 'amount' | 'count' ? string | bigint : T[K] };

/** The statements behind reports. */
@Injectable()
export class ReportsRepository {
  constructor(private readonly reports: ReportDatabase) {}

  /** Runs statements that see one moment, so that the figures of one report tie. Throws unavailable when too slow. */
  async read<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    try {
      return await this.reports.db.transaction(async (tx) => {
        await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        await tx.query(`SET LOCAL statement_timeout = ${REPORT_MS_MAX}`);
        return work(tx);
      });
    } catch (error) {
      if (codeOf(error) !== QUERY_CANCELED) throw error;
      throw new ProblemException('unavailable', {
        detail: {
          ko: '보고서를 만드는 데 너무 오래 걸립니다. 기간을 줄여 주세요.',
          en: 'The report takes too long. Choose a shorter period.',
        },
        cause: error,
      });
    }
  }

  /** Every figure of events by key. */
  async figures(tx: Queryable, group: ReportGroup, filter: ReportFilter): Promise<FigureSum[]> {
    const { sql, params } = figuresOf(group, filter, {
      byRegion: isPlaced(group, filter),
      byCategory: group === 'category' || filter.category !== undefined,
    });
    const { raw, text } = KEYS[group];
    const rows = await tx.query<SumRow<FigureSum>>(
      `SELECT ${text} AS key, figure, count, amount
         FROM (SELECT ${raw} AS key, x.figure, sum(x.count) AS count, sum(x.amount) AS amount
                 FROM (${sql}) AS x WHERE ${SCOPE} ${group === 'day' ? `AND ${DAYS}` : ''} GROUP BY 1, 2) AS sums`,
      params,
    );
    return rows.map(exact);
  }

  /** What is outstanding on the last day, by key; by day what each day added. */
  async outstanding(tx: Queryable, group: ReportGroup, filter: ReportFilter): Promise<KeyedSum[]> {
    // It counts at the authority, wherever it was paid.
    const everywhere = { byRegion: false, byCategory: false };
    const { sql, params } = figuresOf(group, { ...filter, from: undefined }, everywhere);
    const { raw, text } = KEYS[group];
    const rows = await tx.query<SumRow<KeyedSum>>(
      `SELECT ${text} AS key, count, amount
         FROM (SELECT ${raw} AS key, sum(x.count) AS count, sum(x.amount) AS amount
                 FROM (${outstandingOf(sql)}) AS x
                WHERE ${SCOPE} ${group === 'day' ? `AND ${DAYS}` : ''} GROUP BY 1) AS sums`,
      params,
    );
    return rows.map(exact);
  }

  /** Refused payments by key and refusal number. */
  async refused(tx: Queryable, group: ReportGroup, filter: ReportFilter): Promise<RefusedSum[]> {
    const raw = group === 'day' ? RECEIVED_DAY : KEYS[group].raw;
    const placed = group === 'category' || filter.category !== undefined || isPlaced(group, filter);
    const rows = await tx.query<SumRow<RefusedSum>>(
      `SELECT ${KEYS[group].text} AS key, code, count
         FROM (SELECT ${raw} AS key, x.code, count(*) AS count
                 FROM (${refusedPayments({ placed })}) AS x WHERE ${SCOPE} AND ${RECEIVED} GROUP BY 1, 2) AS sums`,
      [...scopeParams(filter), ...momentParams(filter)],
    );
    return rows.map((row) => ({ ...row, count: BigInt(row.count) }));
  }

  /** Active merchants by region and category: at most some hundred times forty sums. */
  async activeMerchants(
    tx: Queryable,
  ): Promise<{ readonly region: string; readonly category: number; readonly count: bigint }[]> {
    return tx.query<{ region: string; category: number; count: bigint }>(
      `SELECT region, category, count(*) AS count FROM (${ACTIVE_MERCHANTS}) AS x GROUP BY 1, 2`,
    );
  }

  /** What each authority answers for, by its name. */
  async areas(tx: Queryable): Promise<Map<string, Areas>> {
    const rows = await tx.query<{ authority: string; areas: string[] }>(
      `SELECT a.region AS authority, ${areasOf('a.region')} AS areas FROM chain.authority a`,
    );
    return new Map(rows.map(({ authority, areas }) => [authority, areas]));
  }

  /** What the authorities answer for that a spelling means. */
  async areasMeant(tx: Queryable, spelling: string): Promise<Areas> {
    const [row] = await tx.query<{ areas: string[] }>('SELECT chain.areas_meant($1) AS areas', [
      authorityCodes(spelling),
    ]);
    return row?.areas ?? [];
  }

  /**
   * Merchants that took payments, by series or day. Bits stand for merchants at a place; who moved within the period
   * has several of them and counts once.
   */
  async paidMerchants(
    tx: Queryable,
    group: 'series' | 'day',
    filter: ReportFilter,
  ): Promise<Map<string, bigint>> {
    const rows = await tx.query<{ key: string; count: bigint }>(
      `WITH place AS MATERIALIZED (
         SELECT x.no / 4096 AS part, x.no % 4096 AS bit, count(*) OVER (PARTITION BY x.merchant) > 1 AS moved, x.merchant
           FROM chain.merchant_place x WHERE ${PLACE}
       ), mask AS (
         SELECT part, bit_or(set_bit(B'0'::bit(4096), bit, 1)) AS bits FROM place GROUP BY 1
       ), taken AS MATERIALIZED (
         SELECT ${KEYS[group].raw} AS key, x.part, bit_or(x.merchants) AS bits
           FROM (${MERCHANT_DAYS}) AS x WHERE ${ISSUER} AND ${DAYS} GROUP BY 1, 2
       ), several AS (
         SELECT key, sum(places - 1) AS count
           FROM (SELECT t.key, p.merchant, count(*) AS places
                   FROM place p JOIN taken t ON t.part = p.part AND get_bit(t.bits, p.bit) = 1
                  WHERE p.moved GROUP BY 1, 2) again GROUP BY 1
       )
       SELECT t.key::text AS key, (t.count - coalesce(s.count, 0))::bigint AS count
         FROM (SELECT t.key, sum(bit_count(t.bits & m.bits)) AS count
                 FROM taken t JOIN mask m USING (part) GROUP BY 1) t
         LEFT JOIN several s USING (key)`,
      [...scopeParams(filter), ...dayParams(filter)],
    );
    return new Map(rows.map(({ key: name, count }) => [name, count]));
  }
}

/** Whether places decide which rows count, or where. */
function isPlaced(group: ReportGroup, { region, rest }: ReportFilter): boolean {
  return group === 'region' || region !== undefined || rest !== undefined;
}

/** Where the figures of a group come from: by day from the days, else from months as far as they go. */
function figuresOf(
  group: ReportGroup,
  filter: ReportFilter,
  detail: Detail,
): { sql: string; params: unknown[] } {
  const scope = scopeParams(filter);
  if (group !== 'day') return { sql: figuresOfPeriod(detail), params: [...scope, ...periodParams(filter)] };
  const sql = filter.category === undefined ? BY_DAY.ofAllCategories : BY_DAY.ofOneCategory;
  return { sql, params: [...scope, ...dayParams(filter)] };
}

/** Sums come as numeric text or bigint. */
function exact<T extends { readonly count: string | bigint; readonly amount: string | bigint }>(
  row: T,
): T & { readonly count: bigint; readonly amount: bigint } {
  return { ...row, count: BigInt(row.count), amount: BigInt(row.amount) };
}

function codeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('driverError' in error) return codeOf(error.driverError);
  return 'code' in error ? error.code : undefined;
}
