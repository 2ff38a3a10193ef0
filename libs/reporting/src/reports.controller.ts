import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { refusalOfItem } from '#contracts';
import { categoryOfId, isoTime, isRefusalKey, refusal } from '#domain';
import { cursorOf, limitOf, MayCall, type Page, pageOf, ProblemException } from '#platform';
import { filterOf } from './report-filter.js';
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
  ReportRowsQuery,
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
  ) {}

  @Get('summary')
  @ApiOperation({
    summary:
      'What was issued, paid, voided, given, redeemed, refunded and so on, in groups; every figure opens to its rows',
  })
  @ApiOkResponse({ type: SummaryDto })
  summary(@Query() query: SummaryQuery): Promise<SummaryDto> {
    return this.reports.summary(query.group, filterOf(query));
  }

  @Get('rows/merchants')
  @ApiOperation({ summary: 'Merchants that may take payments now' })
  @ApiOkResponse({ type: ReportMerchantPageDto })
  async merchants(@Query() query: ReportRowsQuery): Promise<Page<ReportMerchantDto>> {
    const limit = limitOf(query);
    const [after] = cursorOf(query, [ADDRESS]) ?? [];
    const rows = await this.repository.read((tx) =>
      this.rows.activeMerchants(tx, filterOf(query), after, limit + 1),
    );
    return pageOf(rows, limit, ({ merchant }) => [merchant], showMerchant);
  }

  @Get('rows/paid-merchants')
  @ApiOperation({ summary: 'Merchants that took payments' })
  @ApiOkResponse({ type: ReportMerchantPageDto })
  async paidMerchants(@Query() query: ReportRowsQuery): Promise<Page<ReportMerchantDto>> {
    const limit = limitOf(query);
    const [after] = cursorOf(query, [ADDRESS]) ?? [];
    const rows = await this.repository.read((tx) =>
      this.rows.paidMerchants(tx, filterOf(query), after, limit + 1),
    );
    return pageOf(rows, limit, ({ merchant }) => [merchant], showMerchant);
  }

  @Get('rows/refused')
  @ApiOperation({ summary: 'Refused payments behind a figure, newest first' })
  @ApiOkResponse({ type: ReportEventPageDto })
  async refused(@Query() query: ReportRowsQuery): Promise<Page<ReportEventDto>> {
    const limit = limitOf(query);
    const after = cursorOf(query, [NUMBER, /^0x[0-9a-f]{64}$/]);
    const code = query.code === undefined ? undefined : numberOf(query.code);
    const rows = await this.repository.read((tx) =>
      this.rows.refused(tx, filterOf(query), code, after, limit + 1),
    );
    return pageOf(rows, limit, ({ micros, id }) => [micros ?? 0n, id ?? ''], showEvent);
  }

  @Get('rows/:figure')
  @ApiOperation({ summary: 'Events behind a figure, newest first' })
  @ApiParam({ name: 'figure', enum: EVENT_FIGURES })
  @ApiOkResponse({ type: ReportEventPageDto })
  async events(
    @Param('figure') name: string,
    @Query() query: ReportRowsQuery,
  ): Promise<Page<ReportEventDto>> {
    const figure = EVENT_FIGURES.find((known) => known === name);
    if (figure === undefined) throw new ProblemException('not_found');
    const limit = limitOf(query);
    const after = cursorOf(query, [NUMBER, /^\d{1,9}$/]);
    const rows = await this.repository.read((tx) =>
      this.rows.events(tx, figure, filterOf(query), after, limit + 1),
    );
    return pageOf(rows, limit, ({ blockNumber, logIndex }) => [blockNumber, logIndex], showEvent);
  }
}

function numberOf(code: string): number {
  if (isRefusalKey(code)) return refusal(code).number;
  throw new ProblemException('invalid_request', {
    fields: [{ field: 'code', message: { ko: '거절 코드가 아닙니다.', en: 'is not the code of a refusal' } }],
  });
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
