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
import {
  CirculationListQuery,
  CirculationPageView,
  CirculationView,
  circulationView,
  SubmitCirculationDto,
} from './circulation.dto.js';
import { CirculationService } from './circulation.service.js';

@ApiTags('merchants')
@Controller('v1/circulations')
export class CirculationController {
  constructor(
    private readonly circulations: CirculationService,
    private readonly events: OrderEvents,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Spend merchant balances at another merchant: 가맹점 간 결제',
    description:
      'Where the series lets merchant balances hop on, up to its number of hops; what made most hops goes first.',
  })
  @ApiAcceptedResponse({ type: CirculationView })
  @ApiOkResponse({ type: CirculationView, description: 'Known and decided.' })
  @ApiUnprocessableEntityResponse({ description: 'Problem document with the code of the refusal.' })
  async submit(
    @Body() body: SubmitCirculationDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CirculationView> {
    const record = await this.circulations.submit(body);
    sendOrder(reply, record, '/v1/circulations');
    return circulationView(record);
  }

  @Get()
  @ApiOperation({ summary: 'Circulations, newest first' })
  @ApiOkResponse({ type: CirculationPageView })
  async list(@Query() query: CirculationListQuery): Promise<CirculationPageView> {
    const filter = filterOf(query, { holder: query.merchant, other: query.recipient });
    const limit = limitOf(query);
    const after = cursorOf(query, KEY_FORMS[filter.state]);
    const rows = await this.circulations.list(filter, limit + 1, after);
    return pageOf(
      rows,
      limit,
      ({ key }) => key,
      ({ record }) => circulationView(record),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a circulation' })
  @ApiOkResponse({ type: CirculationView })
  async get(@Param() { id }: OrderParams): Promise<CirculationView> {
    return circulationView(await this.circulations.get(id));
  }

  @Get(':id/events')
  @ApiOperation({
    summary: 'State of a circulation now and at each change, as server-sent events, until it is decided',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ type: CirculationView })
  async watch(@Param() { id }: OrderParams, @Res() reply: FastifyReply): Promise<void> {
    streamOrder(reply, await this.circulations.get(id), circulationView, this.events);
  }
}
