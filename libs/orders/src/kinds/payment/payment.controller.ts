import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MayCall } from '#platform';
import { paymentDigest } from '#contracts';
import { watchedOrderController } from '../../pipeline/order-controller.js';
import {
  PaymentListQuery,
  PaymentPageView,
  PaymentView,
  paymentView,
  SubmitPaymentDto,
} from './payment.dto.js';
import { payment } from './payment.kind.js';

const ROUTE = 'v1/payments';

@ApiTags('payments')
@MayCall('anybody')
@Controller(ROUTE)
export class PaymentController extends watchedOrderController({
  kind: payment,
  route: ROUTE,
  dto: { submit: SubmitPaymentDto, query: PaymentListQuery, view: PaymentView, page: PaymentPageView },
  texts: {
    submit: 'Submit a signed payment',
    explanation:
      'The same authorisation gets the same answer: 202 while it is accepted, 200 once the chain has decided. ' +
      'What the contract would refuse is refused at once, with its code and what was expected. ' +
      'Signed by a wallet, a device key or a passkey of the payer.',
    list: 'Payments, newest first; the rows behind the figures of reports',
  },
  digest: paymentDigest,
  sidesOf: ({ payer, merchant, series, amount }) => ({
    holder: payer,
    other: merchant,
    payment: null,
    series,
    amount,
  }),
  filterBy: ({ payer, merchant }) => ({ holder: payer, other: merchant }),
  viewOf: paymentView,
}) {}
