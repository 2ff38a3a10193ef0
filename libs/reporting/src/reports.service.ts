import { Injectable } from '@nestjs/common';
import { RegionDirectory } from '#access';
import { readCursor } from '#indexer';
import { refusalOfItem } from '#contracts';
import { areasContain, categoryOfId, categoryOfKey, regionContains } from '#domain';
import { SeriesService } from '#issuance';
import type { Queryable } from '#persistence';
import type { FigureName } from './report-sql.js';
import type { ReportGroup } from './report-group.js';
import { NONE, queryOf, type ReportFilter } from './report-filter.js';
import type { FiguresDto, NameDto, RefusedFigureDto, ReportRowDto, SummaryDto } from './reports.dto.js';
import { type FigureSum, type KeyedSum, type RefusedSum, ReportsRepository } from './reports.repository.js';

/** Everything that was counted, by raw key. */
interface Counted {
  readonly figures: readonly FigureSum[];
  readonly outstanding: readonly KeyedSum[];
  readonly refused: readonly RefusedSum[];
  readonly merchants: (key: string | undefined) => bigint;
}

const ROWS = '/v1/reports/rows';

/** Figures in groups, each with the query that lists its rows. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly reports: ReportsRepository,
    private readonly series: SeriesService,
    private readonly regions: RegionDirectory,
  ) {}

  async summary(group: ReportGroup, filter: ReportFilter): Promise<SummaryDto> {
    const { counted, block } = await this.reports.read(async (tx) => ({
      counted: await this.count(tx, group, filter),
      block: (await readCursor(tx))?.number ?? null,
    }));
    const keys = keysOf(group, counted);
    const names = await this.names(group, keys);
    const running = group === 'day' ? runningTotals(counted.outstanding) : undefined;
    const own = countedByKey(counted);
    return {
      group,
      block: block === null ? null : String(block),
      rows: keys.map((key): ReportRowDto => {
        const figures = figuresOf(
          own(key),
          scopeOf(group, key, filter),
          counted.merchants(key),
          tookPayments(group),
        );
        if (running)
          figures.outstanding = { ...figures.outstanding, amount: String(running(key)), count: null };
        return { key: shownKey(group, key), name: names.get(key) ?? same(key), figures };
      }),
      total: figuresOf(counted, filter, counted.merchants(undefined), false),
    };
  }

  private async count(tx: Queryable, group: ReportGroup, filter: ReportFilter): Promise<Counted> {
    const bucket = this.bucketOf(group, filter);
    const figures = bucketed(await this.reports.figures(tx, group, filter), bucket);
    const outstanding = bucketed(await this.reports.outstanding(tx, group, filter), bucket);
    const refused = bucketed(await this.reports.refused(tx, group, filter), bucket);
    const { authority } = filter;
    const ofAuthority = authority === undefined ? undefined : await this.reports.areasMeant(tx, authority);
    const areas = await this.reports.areas(tx);
    const active = (await this.reports.activeMerchants(tx)).filter(
      (row) => (!ofAuthority || areasContain(ofAuthority, row.region)) && this.matches(row, filter),
    );
    const paid =
      group === 'series' || group === 'day' ? await this.reports.paidMerchants(tx, group, filter) : undefined;
    const merchants = (key: string | undefined): bigint => {
      if (key !== undefined && paid) return paid.get(key) ?? 0n;
      const wanted = active.filter(({ region, category }) => {
        if (key === undefined) return true;
        if (group === 'authority') return areasContain(areas.get(key) ?? [], region);
        return group === 'category' ? String(category) === key : bucket(region) === key;
      });
      return wanted.reduce((sum, { count }) => sum + count, 0n);
    };
    return { figures, outstanding, refused, merchants };
  }

  /** Region codes become the child of the report's region that they lie in, or REST. Other keys stay. */
  private bucketOf(group: ReportGroup, { region = '', rest }: ReportFilter): (key: string) => string {
    if (group !== 'region') return (key) => key;
    const children = this.childCodes(region, rest);
    return (key) => (key === NONE ? NONE : (children.find((child) => regionContains(child, key)) ?? REST));
  }

  private childCodes(region: string, rest: boolean | undefined): readonly string[] {
    return rest ? [] : this.regions.catalogue.children(region).map(({ code }) => code);
  }

  private matches(
    row: { readonly region: string; readonly category: number },
    filter: ReportFilter,
  ): boolean {
    const { region = '', rest, category } = filter;
    const children = rest ? this.childCodes(region, false) : [];
    return (
      regionContains(region, row.region) &&
      !children.some((child) => regionContains(child, row.region)) &&
      (category === undefined || categoryOfKey(category)?.id === row.category)
    );
  }

  private async names(group: ReportGroup, keys: readonly string[]): Promise<Map<string, NameDto>> {
    if (group === 'series') {
      const summaries = await this.series.summaries(keys.map(Number).filter((id) => id < 2 ** 31));
      return new Map(
        summaries.flatMap(({ id, programme }) => (programme ? [[String(id), programme] as const] : [])),
      );
    }
    return new Map(keys.map((key) => [key, this.name(group, key)]));
  }

  private name(group: ReportGroup, key: string): NameDto {
    if (key === NONE) return { ko: '해당 없음', en: 'none' };
    if (key === REST) return { ko: '그 밖의 곳', en: 'elsewhere' };
    if (group === 'category') {
      const category = categoryOfId(Number(key));
      return category ? { ko: category.ko, en: category.en } : same(key);
    }
    if (group === 'day') return same(key);
    return { ko: this.regions.name(key, 'ko'), en: this.regions.name(key, 'en') };
  }
}

/** Bucket of what lies in the report's region but in none of its children. No region code looks like it. */
const REST = 'rest';

function same(text: string): NameDto {
  return { ko: text, en: text };
}

function tookPayments(group: ReportGroup): boolean {
  return group === 'series' || group === 'day';
}

function bucketed<T extends Pick<KeyedSum, 'key'>>(rows: readonly T[], bucket: (key: string) => string): T[] {
  return rows.map((row) => ({ ...row, key: bucket(row.key) }));
}

/** Keys that have a figure, in the order of the group; those without a name last. */
function keysOf(group: ReportGroup, { figures, outstanding, refused }: Counted): string[] {
  // A day before the first day of the report counts in outstanding, but is no row of its own.
  const sums = group === 'day' ? [figures, refused] : [figures, outstanding, refused];
  const keys = [...new Set(sums.flat().map(({ key }) => key))];
  const numeric = group === 'series' || group === 'category';
  const last = (key: string) => (key === REST ? 1 : key === NONE ? 2 : 0);
  return keys.toSorted(
    (one, other) => last(one) - last(other) || (numeric ? Number(one) - Number(other) : one < other ? -1 : 1),
  );
}

/** What was counted under one key; a report by day has hundreds of them. */
function countedByKey(counted: Counted): (key: string) => Counted {
  const figures = Map.groupBy(counted.figures, ({ key }) => key);
  const outstanding = Map.groupBy(counted.outstanding, ({ key }) => key);
  const refused = Map.groupBy(counted.refused, ({ key }) => key);
  return (key) => ({
    figures: figures.get(key) ?? [],
    outstanding: outstanding.get(key) ?? [],
    refused: refused.get(key) ?? [],
    merchants: counted.merchants,
  });
}

/** The filter of one row of a report. */
function scopeOf(group: ReportGroup, key: string, filter: ReportFilter): ReportFilter {
  switch (group) {
    case 'authority':
      return { ...filter, authority: key };
    case 'series':
      return { ...filter, series: Number(key) };
    case 'region':
      return key === REST
        ? { ...filter, region: filter.region ?? '', rest: true }
        : { ...filter, region: key, rest: undefined };
    case 'category':
      return { ...filter, category: categoryKey(key) };
    case 'day':
      return { ...filter, from: key, to: key };
  }
}

function categoryKey(key: string): string {
  return key === NONE ? NONE : (categoryOfId(Number(key))?.key ?? key);
}

function shownKey(group: ReportGroup, key: string): string | null {
  if (key === NONE || key === REST) return null;
  return group === 'category' ? categoryKey(key) : key;
}

/** Sums up to and including a day. Asked for ascending days. */
function runningTotals(days: readonly KeyedSum[]): (day: string) => bigint {
  const ascending = days.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  let next = 0;
  let sum = 0n;
  return (day) => {
    for (let row = ascending[next]; row !== undefined && row.key <= day; row = ascending[++next])
      sum += row.amount;
    return sum;
  };
}

function sumOf<T>(rows: readonly T[], value: (row: T) => bigint): bigint {
  return rows.reduce((sum, row) => sum + value(row), 0n);
}

function figuresOf(counted: Counted, scope: ReportFilter, merchants: bigint, tookThem: boolean): FiguresDto {
  // A report by day asks for ten thousand links.
  const query = queryOf(scope);
  const figure = (name: FigureName) => {
    const rows = counted.figures.filter((row) => row.figure === name);
    return {
      amount: String(sumOf(rows, ({ amount }) => amount)),
      count: Number(sumOf(rows, ({ count }) => count)),
      href: `${ROWS}/${name}${query}`,
    };
  };
  return {
    issued: figure('issued'),
    outstanding: {
      amount: String(sumOf(counted.outstanding, ({ amount }) => amount)),
      count: null,
      href: `${ROWS}/outstanding${queryOf({ ...scope, from: undefined })}`,
    },
    paid: figure('paid'),
    voided: figure('voided'),
    given: figure('given'),
    circulated: figure('circulated'),
    redeemed: figure('redeemed'),
    returned: figure('returned'),
    refunded: figure('refunded'),
    expired: figure('expired'),
    refused: refusedFigure(counted.refused, scope),
    // Who is active now belongs to no series and no day.
    merchantsActive: {
      count: Number(merchants),
      href: tookThem
        ? `${ROWS}/paid-merchants${query}`
        : `${ROWS}/merchants${queryOf({ ...scope, series: undefined, from: undefined, to: undefined })}`,
    },
  };
}

function refusedFigure(rows: readonly RefusedSum[], scope: ReportFilter): RefusedFigureDto {
  const href = (code?: string) => `${ROWS}/refused${queryOf({ ...scope, code })}`;
  const codes = [...new Set(rows.map(({ code }) => code))].toSorted((one, other) => one - other);
  return {
    count: Number(sumOf(rows, ({ count }) => count)),
    href: href(),
    byCode: codes.map((number) => {
      const code = refusalOfItem(number) ?? String(number);
      const own = rows.filter((row) => row.code === number);
      return { code, count: Number(sumOf(own, ({ count }) => count)), href: href(code) };
    }),
  };
}
