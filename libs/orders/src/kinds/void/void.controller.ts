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
      'Signed by the merchant. The server finds the receipt that proves the payment; parts may be taken back one after ' +
      'another until all of it is. Works whatever became of series, shop or customer since, until it is redeemed.',
    list: 'Voids, newest first',
  },
  digest: voidDigest,
  sidesOf: ({ merchant, payer, payment, series }) => ({
    holder: merchant,
    other: payer,
    payment,
    series: [series],
  }),
  filterBy: ({ merchant, payer, payment }) => ({ holder: merchant, other: payer, payment }),
  viewOf: voidView,
}) {}
