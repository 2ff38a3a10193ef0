import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MayCall } from '#platform';
import { voidDigest } from '#contracts';
import { watchedOrderController } from '../../pipeline/order-controller.js';
import { SubmitVoidDto, VoidListQuery, VoidPageView, VoidView, voidView } from './void.dto.js';
import { voidKind } from './void.kind.js';

const ROUTE = 'v1/voids';

@ApiTags('payments')
@MayCall('anybody')
@Controller(ROUTE)
export class VoidController extends watchedOrderController({
  kind: voidKind,
  route: ROUTE,
  dto: { submit: SubmitVoidDto, query: VoidListQuery, view: VoidView, page: VoidPageView },
  texts: {
    submit: 'Take a payment back, wholly or in part: 결제 취소',
    explanation:
      'Signed by the merchant, and names the payment but no payer: the server finds the receipt that proves who paid. Parts may be taken back one after ' +
      'another until all of it is. Works whatever became of series, shop or customer since, until it is redeemed.',
    list: 'Voids, newest first',
  },
  digest: voidDigest,
  // Who gets it back is in the receipt of the payment, and in no message or answer of the merchant.
  sidesOf: ({ merchant, payment, series, amount }) => ({
    holder: merchant,
    other: null,
    payment,
    series: [series],
    amount,
  }),
  filterBy: ({ merchant, payment }) => ({ holder: merchant, payment }),
  viewOf: voidView,
}) {}
