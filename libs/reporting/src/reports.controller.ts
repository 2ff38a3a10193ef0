import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { refuseDivided } from '#access';
import { refusalOfItem } from '#contracts';
import { categoryOfId, isoTime, isRefusalKey, refusal } from '#domain';
import { Database } from '#persistence';
import { cursorOf, limitOf, MayCall, type Page, pageOf, ProblemException, wrongField } from '#platform';
import { filterOf, type ReportFilter } from './report-filter.js';
import {
  EVENT_FIGURES,
  type EventRow,
  type MerchantCountRow,
  ReportRowsRepository,
} from './report-rows.repository.js';
import {
  ReportEventDto,
  ReportEventPageDto,
  ReportMerchantDto,
  ReportMerchantPageDto,
  ActiveMerchantsQuery,
  RefusedRowsQuery,
  ReportScopeQuery,
  SummaryDto,
  SummaryQuery,
} from './reports.dto.js';
import { ReportsRepository } from './reports.repository.js';
import { ReportsService } from './reports.service.js';

const ADDRESS = /^0x[0-9a-f]{40}$/;
const NUMBER = /^\d{1,18}$/;

@ApiTags('reports')
@MayCall('anybody')
@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly reports: ReportsService,
    private readonly rows: ReportRowsRepository,
    private readonly repository: ReportsRepository,
    private readonly db: Database,
  ) {}

  @Get('summary')
  @ApiOperation({
    summary:
      'What was issued, paid, voided, given, redeemed, refunded and so on, in groups; every figure opens to its rows',
  })
  @ApiOkResponse({ type: SummaryDto })
  async summary(@Query() query: SummaryQuery): Promise<SummaryDto> {
    return this.reports.summary(query.group, await this.filterOf(query));
  }

  @Get('rows/merchants')
  @ApiOperation({ summary: 'Merchants that may take payments now' })
  @ApiOkResponse({ type: ReportMerchantPageDto })
  async merchants(@Query() query: ActiveMerchantsQuery): Promise<Page<ReportMerchantDto>> {
    const limit = limitOf(query);
    const [after] = cursorOf(query, [ADDRESS]) ?? [];
    const filter = await this.filterOf(query);
    const rows = await this.repository.read((tx) => this.rows.activeMerchants(tx, filter, after, limit + 1));
    return pageOf(rows, limit, ({ merchant }) => [merchant], showMerchant);
  }

  @Get('rows/paid-merchants')
  @ApiOperation({ summary: 'Merchants that took payments' })
  @ApiOkResponse({ type: ReportMerchantPageDto })
  async paidMerchants(@Query() query: ReportScopeQuery): Promise<Page<ReportMerchantDto>> {
    const limit = limitOf(query);
    const [after] = cursorOf(query, [ADDRESS]) ?? [];
    const filter = await this.filterOf(query);
    const rows = await this.repository.read((tx) => this.rows.paidMerchants(tx, filter, after, limit + 1));
    return pageOf(rows, limit, ({ merchant }) => [merchant], showMerchant);
  }

  @Get('rows/refused')
  @ApiOperation({ summary: 'Refused payments behind a figure, newest first' })
  @ApiOkResponse({ type: ReportEventPageDto })
  async refused(@Query() query: RefusedRowsQuery): Promise<Page<ReportEventDto>> {
    const limit = limitOf(query);
    const after = cursorOf(query, [NUMBER, /^0x[0-9a-f]{64}$/]);
    const code = query.code === undefined ? undefined : numberOf(query.code);
    const filter = await this.filterOf(query);
    const rows = await this.repository.read((tx) => this.rows.refused(tx, filter, code, after, limit + 1));
    return pageOf(rows, limit, ({ micros, id }) => [micros ?? 0n, id ?? ''], showEvent);
  }

  @Get('rows/:figure')
  @ApiOperation({ summary: 'Events behind a figure, newest first' })
  @ApiParam({ name: 'figure', enum: EVENT_FIGURES })
  @ApiOkResponse({ type: ReportEventPageDto })
  async events(
    @Param('figure') name: string,
    @Query() query: ReportScopeQuery,
  ): Promise<Page<ReportEventDto>> {
    const figure = EVENT_FIGURES.find((known) => known === name);
    if (figure === undefined) throw new ProblemException('not_found');
    const limit = limitOf(query);
    const after = cursorOf(query, [NUMBER, /^\d{1,9}$/]);
    const filter = await this.filterOf(query);
    const rows = await this.repository.read((tx) => this.rows.events(tx, figure, filter, after, limit + 1));
    return pageOf(rows, limit, ({ blockNumber, logIndex }) => [blockNumber, logIndex], showEvent);
  }

  private async filterOf(query: Parameters<typeof filterOf>[0]): Promise<ReportFilter> {
    await refuseDivided(this.db, query.authority);
    return filterOf(query);
  }
}

function numberOf(code: string): number {
  if (isRefusalKey(code)) return refusal(code).number;
  throw wrongField('code', { ko: '거절 코드가 아닙니다.', en: 'is not the code of a refusal' });
}

function categoryText(category: number): string {
  return categoryOfId(category)?.key ?? String(category);
}

function showMerchant({ merchant, region, category }: MerchantCountRow): ReportMerchantDto {
  return { merchant, region, category: categoryText(category), href: `/v1/merchants/${merchant}` };
}

function showEvent(row: EventRow): ReportEventDto {
  return {
    at: isoTime(row.timestamp),
    id: row.id,
    series: String(row.series),
    authority: row.authority,
    account: row.account,
    merchant: row.merchant,
    region: row.region,
    category: row.category === null ? null : categoryText(row.category),
    amount: String(row.amount),
    code: row.code === null ? null : (refusalOfItem(row.code) ?? String(row.code)),
    block: row.txHash === null && row.code !== null ? null : String(row.blockNumber),
    transaction: row.txHash,
  };
}
