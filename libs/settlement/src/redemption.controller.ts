import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { filterOf, KEY_FORMS, OrderListQuery, OrderParams, orderView, OrderView, sendOrder } from '#payments';
import { cursorOf, limitOf, pageOf } from '#platform';
import { RedemptionPageView, SubmitRedemptionDto } from './redemption.dto.js';
import { RedemptionService } from './redemption.service.js';

@ApiTags('redemptions')
@Controller('v1/redemptions')
export class RedemptionController {
  constructor(private readonly redemptions: RedemptionService) {}

  @Post()
  @ApiOperation({
    summary: 'Submit a signed redemption',
    description:
      'The same authorisation gets the same answer: 202 while it is accepted, 200 once the chain has decided.',
  })
  @ApiAcceptedResponse({ type: OrderView })
  @ApiOkResponse({ type: OrderView, description: 'Known and decided.' })
  @ApiUnprocessableEntityResponse({ description: 'Problem document with the code of the refusal.' })
  async submit(
    @Body() body: SubmitRedemptionDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    const record = await this.redemptions.submit(body);
    sendOrder(reply, record, '/v1/redemptions');
    return orderView(record);
  }

  @Get()
  @ApiOperation({ summary: 'Redemptions, newest first; the rows behind the figures of reports' })
  @ApiOkResponse({ type: RedemptionPageView })
  async list(@Query() query: OrderListQuery): Promise<RedemptionPageView> {
    const filter = filterOf(query, undefined);
    const limit = limitOf(query);
    const rows = await this.redemptions.list(filter, limit + 1, cursorOf(query, KEY_FORMS[filter.state]));
    return pageOf(
      rows,
      limit,
      ({ key }) => key,
      ({ record }) => orderView(record),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a redemption' })
  @ApiOkResponse({ type: OrderView })
  async get(@Param() { id }: OrderParams): Promise<OrderView> {
    return orderView(await this.redemptions.get(id));
  }
}
