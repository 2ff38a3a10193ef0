import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { cursorOf, limitOf, MayCall, type Page, pageOf, PageQuery, ProblemException } from '#platform';
import { IssueOrderDto, IssueOrderPageDto, QuotaChunkBody, QuotaChunkDto } from './issue-orders.dto.js';
import { IssueOrdersService } from './issue-orders.service.js';
import { DelegationListDto } from './series.dto.js';

@ApiTags('issue orders')
@MayCall('anybody')
@Controller('v1')
export class IssueOrdersController {
  constructor(private readonly orders: IssueOrdersService) {}

  @Get('series/:id/issue-orders')
  @ApiOperation({ summary: 'What officers approved for issue of a series: lists and quotas, newest first' })
  @ApiOkResponse({ type: IssueOrderPageDto })
  async list(@Param('id') id: string, @Query() query: PageQuery): Promise<Page<IssueOrderDto>> {
    const [before] = cursorOf(query, [/^\d{1,15}$/]) ?? [];
    const limit = limitOf(query);
    const last = before === undefined ? undefined : Number(before);
    return pageOf(
      await this.orders.ofSeries(numberOf(id), last, limit + 1),
      limit,
      (order) => [order.id],
      (order) => order,
    );
  }

  @Get('series/:id/delegations')
  @ApiOperation({
    summary: 'Authorities to which a part of the budget is left, with what they may still approve',
  })
  @ApiOkResponse({ type: DelegationListDto })
  async delegations(@Param('id') id: string): Promise<DelegationListDto> {
    return { items: await this.orders.delegations(numberOf(id)) };
  }

  @Get('issue-orders/:id')
  @ApiOperation({ summary: 'An issue order: what it may issue and what it has issued' })
  @ApiOkResponse({ type: IssueOrderDto })
  one(@Param('id') id: string): Promise<IssueOrderDto> {
    return this.orders.find(numberOf(id));
  }

  @Post('issue-orders/:id/quota-chunks')
  @HttpCode(202)
  @ApiOperation({
    summary: "Issue to up to 250 buyers by a quota's key, which signs each chunk",
    description:
      'The same chunk again changes nothing. Another list under a number that is used or under way is refused ' +
      '(409 chunk_already_issued); what chunks under way promise is spent (409 quota_exceeded).',
  })
  @ApiAcceptedResponse({ type: QuotaChunkDto })
  issue(@Param('id') id: string, @Body() body: QuotaChunkBody): Promise<QuotaChunkDto> {
    return this.orders.issueByQuota(numberOf(id), body);
  }
}

function numberOf(id: string): number {
  if (!/^[1-9]\d{0,8}$/.test(id)) throw new ProblemException('not_found');
  return Number(id);
}
