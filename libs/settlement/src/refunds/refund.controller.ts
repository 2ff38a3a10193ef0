import { Body, Controller, Get, Optional, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { filterOf, KEY_FORMS, OrderEvents, OrderParams, sendOrder, streamOrder } from '#payments';
import { cursorOf, limitOf, pageOf, ProblemException } from '#platform';
import {
  quoteView,
  RefundListQuery,
  RefundPageView,
  RefundQuoteQuery,
  RefundQuoteView,
  RefundView,
  refundView,
  SubmitRefundDto,
} from './refund.dto.js';
import { RefundService } from './refund.service.js';

@ApiTags('residents')
@Controller('v1/refunds')
export class RefundController {
  constructor(
    private readonly refunds: RefundService,
    @Optional() private readonly events?: OrderEvents,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Ask for the rest of a holding in won: 잔액 환급',
    description:
      "Signed by an owner's key, for the whole balance, once enough of it is spent or while it is new and untouched. " +
      'Ask for the quote first: it shows what is paid out and what goes back to the funders.',
  })
  @ApiAcceptedResponse({ type: RefundView })
  @ApiOkResponse({ type: RefundView, description: 'Known and decided.' })
  @ApiUnprocessableEntityResponse({ description: 'Problem document with the code of the refusal.' })
  async submit(
    @Body() body: SubmitRefundDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RefundView> {
    const record = await this.refunds.submit(body);
    sendOrder(reply, record, '/v1/refunds');
    return refundView(record);
  }

  @Get('quote')
  @ApiOperation({ summary: 'What a refund would come to now, with its arithmetic: 환급 계산' })
  @ApiOkResponse({ type: RefundQuoteView })
  async quote(@Query() query: RefundQuoteQuery): Promise<RefundQuoteView> {
    return quoteView(query, await this.refunds.quote(query.account, query.series));
  }

  @Get()
  @ApiOperation({ summary: 'Refunds, newest first' })
  @ApiOkResponse({ type: RefundPageView })
  async list(@Query() query: RefundListQuery): Promise<RefundPageView> {
    const filter = filterOf(query, { holder: query.account });
    const limit = limitOf(query);
    const rows = await this.refunds.list(filter, limit + 1, cursorOf(query, KEY_FORMS[filter.state]));
    return pageOf(
      rows,
      limit,
      ({ key }) => key,
      ({ record }) => refundView(record),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a refund' })
  @ApiOkResponse({ type: RefundView })
  async get(@Param() { id }: OrderParams): Promise<RefundView> {
    return refundView(await this.refunds.get(id));
  }

  @Get(':id/events')
  @ApiOperation({
    summary: 'State of a refund now and at each change, as server-sent events, until it is decided',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ type: RefundView })
  async watch(@Param() { id }: OrderParams, @Res() reply: FastifyReply): Promise<void> {
    const record = await this.refunds.get(id);
    if (this.events === undefined) throw new ProblemException('unavailable');
    streamOrder(reply, record, refundView, this.events);
  }
}
