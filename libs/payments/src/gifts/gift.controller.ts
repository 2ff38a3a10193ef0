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
import { GiftListQuery, GiftPageView, GiftView, giftView, SubmitGiftDto } from './gift.dto.js';
import { GiftService } from './gift.service.js';

@ApiTags('residents')
@Controller('v1/gifts')
export class GiftController {
  constructor(
    private readonly gifts: GiftService,
    private readonly events: OrderEvents,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Give vouchers to another resident: 선물',
    description:
      'Where the series allows it, up to what the receiver may have and be given in a Korean month. A device key may not.',
  })
  @ApiAcceptedResponse({ type: GiftView })
  @ApiOkResponse({ type: GiftView, description: 'Known and decided.' })
  @ApiUnprocessableEntityResponse({ description: 'Problem document with the code of the refusal.' })
  async submit(
    @Body() body: SubmitGiftDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GiftView> {
    const record = await this.gifts.submit(body);
    sendOrder(reply, record, '/v1/gifts');
    return giftView(record);
  }

  @Get()
  @ApiOperation({ summary: 'Gifts, newest first' })
  @ApiOkResponse({ type: GiftPageView })
  async list(@Query() query: GiftListQuery): Promise<GiftPageView> {
    const filter = filterOf(query, { holder: query.giver, other: query.receiver });
    const limit = limitOf(query);
    const after = cursorOf(query, KEY_FORMS[filter.state]);
    const rows = await this.gifts.list(filter, limit + 1, after);
    return pageOf(
      rows,
      limit,
      ({ key }) => key,
      ({ record }) => giftView(record),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a gift' })
  @ApiOkResponse({ type: GiftView })
  async get(@Param() { id }: OrderParams): Promise<GiftView> {
    return giftView(await this.gifts.get(id));
  }

  @Get(':id/events')
  @ApiOperation({
    summary: 'State of a gift now and at each change, as server-sent events, until it is decided',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ type: GiftView })
  async watch(@Param() { id }: OrderParams, @Res() reply: FastifyReply): Promise<void> {
    streamOrder(reply, await this.gifts.get(id), giftView, this.events);
  }
}
