import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MayCall } from '#platform';
import { refundDigest } from '#contracts';
import { watchedOrderController } from '../../pipeline/order-controller.js';
import { OrderEvents } from '../../pipeline/order-events.js';
import { OrdersService } from '../../pipeline/orders.service.js';
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
import { refund } from './refund.kind.js';
import { RefundQuoteService } from './refund-quote.service.js';

const ROUTE = 'v1/refunds';

@ApiTags('residents')
@MayCall('anybody')
@Controller(ROUTE)
export class RefundController extends watchedOrderController({
  kind: refund,
  route: ROUTE,
  dto: { submit: SubmitRefundDto, query: RefundListQuery, view: RefundView, page: RefundPageView },
  texts: {
    submit: 'Ask for the rest of a holding in won: 잔액 환급',
    explanation:
      "Signed by an owner's key, for the whole balance, once enough of it is spent or while it is new and untouched. " +
      'Ask for the quote first: it shows what is paid out and what goes back to the funders.',
    list: 'Refunds, newest first',
  },
  digest: refundDigest,
  sidesOf: ({ account, series, amount }) => ({
    holder: account,
    other: null,
    payment: null,
    series: [series],
    amount,
  }),
  filterBy: ({ account }) => ({ holder: account }),
  viewOf: refundView,
}) {
  constructor(
    orders: OrdersService,
    events: OrderEvents,
    private readonly quotes: RefundQuoteService,
  ) {
    super(orders, events);
  }

  @Get('quote')
  @ApiOperation({ summary: 'What a refund would come to now, with its arithmetic: 환급 계산' })
  @ApiOkResponse({ type: RefundQuoteView })
  async quote(@Query() query: RefundQuoteQuery): Promise<RefundQuoteView> {
    return quoteView(query, await this.quotes.quote(query.account, query.series));
  }
}
