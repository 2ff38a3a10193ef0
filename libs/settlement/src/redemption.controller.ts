import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { filterOf, KEY_FORMS, OrderParams, sendOrder } from '#payments';
import { cursorOf, limitOf, pageOf } from '#platform';
import {
  RedemptionListQuery,
  RedemptionPageView,
  RedemptionView,
  redemptionView,
  SubmitRedemptionDto,
} from './redemption.dto.js';
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
  @ApiAcceptedResponse({ type: RedemptionView })
  @ApiOkResponse({ type: RedemptionView, description: 'Known and decided.' })
  @ApiUnprocessableEntityResponse({ description: 'Problem document with the code of the refusal.' })
  async submit(
    @Body() body: SubmitRedemptionDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RedemptionView> {
    const record = await this.redemptions.submit(body);
    sendOrder(reply, record, '/v1/redemptions');
    return redemptionView(record);
  }

  @Get()
  @ApiOperation({ summary: 'Redemptions, newest first; the rows behind the figures of reports' })
  @ApiOkResponse({ type: RedemptionPageView })
  async list(@Query() query: RedemptionListQuery): Promise<RedemptionPageView> {
    const filter = filterOf(query, { holder: query.merchant });
    const limit = limitOf(query);
    const rows = await this.redemptions.list(filter, limit + 1, cursorOf(query, KEY_FORMS[filter.state]));
    return pageOf(
      rows,
      limit,
      ({ key }) => key,
      ({ record }) => redemptionView(record),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a redemption' })
  @ApiOkResponse({ type: RedemptionView })
  async get(@Param() { id }: OrderParams): Promise<RedemptionView> {
    return redemptionView(await this.redemptions.get(id));
  }
}
