import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { cursorOf, limitOf, pageOf } from '#platform';
import { OrderEvents } from '../orders/order-events.js';
import { sendOrder, streamOrder } from '../orders/order-http.js';
import { OrderParams } from '../orders/order-param.js';
import { filterOf } from '../orders/order-query.js';
import { KEY_FORMS } from '../orders/order-record.repository.js';
import { VoidListQuery, VoidPageView, VoidView, voidView, SubmitVoidDto } from './void.dto.js';
import { VoidService } from './void.service.js';

@ApiTags('payments')
@Controller('v1/voids')
export class VoidController {
  constructor(
    private readonly voids: VoidService,
    private readonly events: OrderEvents,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Take a payment back, wholly or in part: 결제 취소',
    description:
      'Signed by the merchant. The server finds the receipt that proves the payment; parts may be taken back one after ' +
      'another until all of it is. Works whatever became of series, shop or customer since, until it is redeemed.',
  })
  @ApiAcceptedResponse({ type: VoidView })
  @ApiOkResponse({ type: VoidView, description: 'Known and decided.' })
  @ApiUnprocessableEntityResponse({ description: 'Problem document with the code of the refusal.' })
  async submit(
    @Body() body: SubmitVoidDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VoidView> {
    const record = await this.voids.submit(body);
    sendOrder(reply, record, '/v1/voids');
    return voidView(record);
  }

  @Get()
  @ApiOperation({ summary: 'Voids, newest first' })
  @ApiOkResponse({ type: VoidPageView })
  async list(@Query() query: VoidListQuery): Promise<VoidPageView> {
    const filter = filterOf(query, { holder: query.merchant, other: query.payer });
    const limit = limitOf(query);
    const after = cursorOf(query, KEY_FORMS[filter.state]);
    const rows = await this.voids.list(filter, limit + 1, after);
    return pageOf(
      rows,
      limit,
      ({ key }) => key,
      ({ record }) => voidView(record),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a void' })
  @ApiOkResponse({ type: VoidView })
  async get(@Param() { id }: OrderParams): Promise<VoidView> {
    return voidView(await this.voids.get(id));
  }

  @Get(':id/events')
  @ApiOperation({
    summary: 'State of a void now and at each change, as server-sent events, until it is decided',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ type: VoidView })
  async watch(@Param() { id }: OrderParams, @Res() reply: FastifyReply): Promise<void> {
    streamOrder(reply, await this.voids.get(id), voidView, this.events);
  }
}
