import { Injectable } from '@nestjs/common';
import type { Queryable } from '#persistence';
import { toBytes, toHex } from '#persistence';
import { authorityCodes } from '#platform';
import { dayParams, momentParams, type ReportFilter, scopeParams } from './report-filter.js';
import {
  ACTIVE_MERCHANTS,
  BEHIND,
  BLOCKS,
  BY_DAY,
  DAYS,
  daysWithRows,
  EVENTS,
  FIGURES,
  ISSUER,
  MERCHANT_DAYS,
  OUTSTANDING,
  outstandingOf,
  PLACE,
  RECEIVED,
  refusedPayments,
  SCOPE,
} from './report-sql.js';

export const EVENT_FIGURES = [...FIGURES, 'outstanding'] as const;
export type EventFigure = (typeof EVENT_FIGURES)[number];

/** An event of the chain behind a figure; outstanding has what takes from it with a negative amount. */
export interface EventRow {
  readonly blockNumber: bigint;
  readonly logIndex: number;
  readonly id: string | null;
  readonly series: bigint | number;
  readonly authority: string | null;
  readonly account: string | null;
  readonly merchant: string | null;
  readonly region: string | null;
  readonly category: number | null;
  readonly amount: bigint | string;
  readonly timestamp: bigint;
  readonly txHash: string | null;
  readonly code: number | null;
  /** Microseconds of receipt; of refused payments alone. */
  readonly micros: bigint | null;
}

export interface MerchantCountRow {
  readonly merchant: string;
  readonly region: string;
  readonly category: number;
}

const SOURCES: { readonly [F in EventFigure]: string } = { ...EVENTS, outstanding: OUTSTANDING };

const SCOPES = ['authority', 'series', 'region', 'category', 'rest'] as const;

/** How many rows of a figure each day has. */
function dailyOf(figure: EventFigure, { category }: ReportFilter): string {
  const days = category === undefined ? BY_DAY.ofAllCategories : BY_DAY.ofOneCategory;
  return figure === 'outstanding'
    ? outstandingOf(days)
    : `SELECT * FROM (${days}) f WHERE f.figure = '${figure}'`;
}

type RawEvent = Omit<EventRow, 'id' | 'account' | 'merchant' | 'txHash'> & {
  id: Buffer | null;
  account: Buffer | null;
  merchant: Buffer | null;
  txHash: Buffer | null;
};

/** Rows behind the figures of reports, in the transaction of the report. */
@Injectable()
export class ReportRowsRepository {
  /** Events newest first, behind (block, log index). */
  async events(
    tx: Queryable,
    figure: EventFigure,
    filter: ReportFilter,
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<EventRow[]> {
    // Most events of the newest days are wanted, or few of them: then the daily figures show on which days they are.
    const isNarrow = figure === 'outstanding' || SCOPES.some((name) => filter[name] !== undefined);
    const page = `ORDER BY x.block_number DESC, x.log_index DESC LIMIT $10`;
    const events = isNarrow
      ? `SELECT x.* FROM (${daysWithRows(dailyOf(figure, filter))}) AS d
           CROSS JOIN LATERAL (SELECT * FROM (${SOURCES[figure]}) AS x
                                WHERE ${SCOPE} AND x.block_number BETWEEN d.first AND d.last AND ${BEHIND} ${page}) AS x
          ${page}`
      : `SELECT * FROM (${SOURCES[figure]}) AS x WHERE ${SCOPE} AND ${BLOCKS} AND ${BEHIND} ${page}`;
    const rows = await tx.query<RawEvent>(
      `SELECT x.block_number AS "blockNumber", x.log_index AS "logIndex", x.id, x.series, x.authority,
              x.payer AS account, x.merchant, x.region, nullif(x.category, -1) AS category, x.amount, b.timestamp,
              x.tx_hash AS "txHash", NULL::int AS code, NULL::bigint AS micros
         FROM (${events}) AS x JOIN chain.block b ON b.number = x.block_number
        ORDER BY x.block_number DESC, x.log_index DESC`,
      [...scopeParams(filter), ...dayParams(filter), after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map(eventOf);
  }

  /** Refused payments newest first, behind (microseconds of receipt, id); with one refusal number or all. */
  async refused(
    tx: Queryable,
    filter: ReportFilter,
    code: number | undefined,
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<EventRow[]> {
    const rows = await tx.query<RawEvent>(
      `SELECT 0::bigint AS "blockNumber", 0 AS "logIndex", x.id, x.series, x.authority, x.payer AS account, x.merchant,
              x.region, x.category, x.amount, floor(extract(epoch FROM x.received_at))::bigint AS timestamp,
              NULL::bytea AS "txHash", x.code, (extract(epoch FROM x.received_at) * 1000000)::bigint AS micros
         FROM (${refusedPayments({ placed: true })}) AS x WHERE ${SCOPE} AND ${RECEIVED} AND ($8::int IS NULL OR x.code = $8)
          AND ($9::bigint IS NULL
               OR (x.received_at, x.id::bytea) < (timestamptz 'epoch' + $9 * interval '1 microsecond', $10::bytea))
        ORDER BY x.received_at DESC, x.id DESC LIMIT $11`,
      [
        ...scopeParams(filter),
        ...momentParams(filter),
        code ?? null,
        after?.[0] ?? null,
        after?.[1] === undefined ? null : toBytes(after[1]),
        limit,
      ],
    );
    return rows.map(eventOf);
  }

  /** Merchants that took payments, by address; who moved is shown at the last place that counts. */
  async paidMerchants(
    tx: Queryable,
    filter: ReportFilter,
    after: string | undefined,
    limit: number,
  ): Promise<MerchantCountRow[]> {
    const rows = await tx.query<{ merchant: Buffer; region: string; category: number }>(
      `WITH taken AS MATERIALIZED (
         SELECT x.part, bit_or(x.merchants) AS bits
           FROM (${MERCHANT_DAYS}) AS x WHERE ${ISSUER} AND ${DAYS} GROUP BY 1
       )
       SELECT DISTINCT ON (x.merchant) x.merchant, x.region, x.category
         FROM chain.merchant_place x
         JOIN taken t ON t.part = x.no / 4096 AND get_bit(t.bits, x.no % 4096) = 1
        WHERE ${PLACE} AND ($8::bytea IS NULL OR x.merchant > $8)
        ORDER BY x.merchant, x.no DESC LIMIT $9`,
      [...scopeParams(filter), ...dayParams(filter), after === undefined ? null : toBytes(after), limit],
    );
    return rows.map((row) => ({ ...row, merchant: toHex(row.merchant) }));
  }

  /** Merchants that may take payments now, by address; an authority's are those in its region. */
  async activeMerchants(
    tx: Queryable,
    filter: ReportFilter,
    after: string | undefined,
    limit: number,
  ): Promise<MerchantCountRow[]> {
    const { authority, ...place } = filter;
    const rows = await tx.query<{ merchant: Buffer; region: string; category: number }>(
      `SELECT x.merchant, x.region, x.category
         FROM (SELECT *, NULL::text AS authority, NULL::bigint AS series FROM (${ACTIVE_MERCHANTS}) AS a) AS x
        WHERE ${SCOPE} AND ($6::text[] IS NULL OR x.region ^@ ANY ((SELECT chain.areas_meant($6))::text[])) AND ($7::bytea IS NULL OR x.merchant > $7)
        ORDER BY x.merchant LIMIT $8`,
      [
        ...scopeParams(place),
        authority === undefined ? null : authorityCodes(authority),
        after === undefined ? null : toBytes(after),
        limit,
      ],
    );
    return rows.map((row) => ({ ...row, merchant: toHex(row.merchant) }));
  }
}

function eventOf(row: RawEvent): EventRow {
  const hex = (bytes: Buffer | null) => bytes && toHex(bytes);
  return {
    ...row,
    id: hex(row.id),
    account: hex(row.account),
    merchant: hex(row.merchant),
    txHash: hex(row.txHash),
  };
}
