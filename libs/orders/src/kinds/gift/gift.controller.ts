import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MayCall } from '#platform';
import { giftDigest } from '#contracts';
import { watchedOrderController } from '../../pipeline/order-controller.js';
import { GiftListQuery, GiftPageView, GiftView, giftView, SubmitGiftDto } from './gift.dto.js';
import { gift } from './gift.kind.js';

const ROUTE = 'v1/gifts';

@ApiTags('residents')
@MayCall('anybody')
@Controller(ROUTE)
export class GiftController extends watchedOrderController({
  kind: gift,
  route: ROUTE,
  dto: { submit: SubmitGiftDto, query: GiftListQuery, view: GiftView, page: GiftPageView },
  texts: {
    submit: 'Give vouchers to another resident: 선물',
    explanation:
      'Where the series allows it, up to what the receiver may have and be given in a Korean month. A device key may not.',
    list: 'Gifts, newest first',
  },
  digest: giftDigest,
  sidesOf: ({ giver, receiver, series, amount }) => ({
    holder: giver,
    other: receiver,
    payment: null,
    series: [series],
    amount,
  }),
  filterBy: ({ giver, receiver }) => ({ holder: giver, other: receiver }),
  viewOf: giftView,
}) {}
