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
import { OrderEvents } from './orders/order-events.js';
import { sendOrder, streamOrder } from './orders/order-http.js';
import { OrderParams } from './orders/order-param.js';
import { filterOf } from './orders/order-query.js';
import { KEY_FORMS } from './orders/order-record.repository.js';
import {
  PaymentListQuery,
  PaymentPageView,
  PaymentView,
  paymentView,
  SubmitPaymentDto,
} from './payment.dto.js';
import { PaymentService } from './payment.service.js';

@ApiTags('payments')
@Controller('v1/payments')
export class PaymentController {
  constructor(
    private readonly payments: PaymentService,
    private readonly events: OrderEvents,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Submit a signed payment',
    description:
      'The same authorisation gets the same answer: 202 while it is accepted, 200 once the chain has decided. ' +
      'What the contract would refuse is refused at once, with its code and what was expected. ' +
      'Signed by a wallet, a device key or a passkey of the payer.',
  })
  @ApiAcceptedResponse({ type: PaymentView })
  @ApiOkResponse({ type: PaymentView, description: 'Known and decided.' })
  @ApiUnprocessableEntityResponse({ description: 'Problem document with the code of the refusal.' })
  async submit(
    @Body() body: SubmitPaymentDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentView> {
    const record = await this.payments.submit(body);
    sendOrder(reply, record, '/v1/payments');
    return paymentView(record);
  }

  @Get()
  @ApiOperation({ summary: 'Payments, newest first; the rows behind the figures of reports' })
  @ApiOkResponse({ type: PaymentPageView })
  async list(@Query() query: PaymentListQuery): Promise<PaymentPageView> {
    const filter = filterOf(query, { holder: query.payer, other: query.merchant });
    const limit = limitOf(query);
    const after = cursorOf(query, KEY_FORMS[filter.state]);
    const rows = await this.payments.list(filter, limit + 1, after);
    return pageOf(
      rows,
      limit,
      ({ key }) => key,
      ({ record }) => paymentView(record),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a payment' })
  @ApiOkResponse({ type: PaymentView })
  async get(@Param() { id }: OrderParams): Promise<PaymentView> {
    return paymentView(await this.payments.get(id));
  }

  @Get(':id/events')
  @ApiOperation({
    summary: 'State of a payment now and at each change, as server-sent events, until it is decided',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ type: PaymentView })
  async watch(@Param() { id }: OrderParams, @Res() reply: FastifyReply): Promise<void> {
    streamOrder(reply, await this.payments.get(id), paymentView, this.events);
  }
}
