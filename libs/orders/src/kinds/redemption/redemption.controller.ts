import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MayCall } from '#platform';
import { redemptionDigest } from '#contracts';
import { watchedOrderController } from '../../pipeline/order-controller.js';
import {
  RedemptionListQuery,
  RedemptionPageView,
  RedemptionView,
  redemptionView,
  SubmitRedemptionDto,
} from './redemption.dto.js';
import { redemption } from './redemption.kind.js';

const ROUTE = 'v1/redemptions';

@ApiTags('redemptions')
@MayCall('anybody')
@Controller(ROUTE)
export class RedemptionController extends watchedOrderController({
  kind: redemption,
  route: ROUTE,
  dto: {
    submit: SubmitRedemptionDto,
    query: RedemptionListQuery,
    view: RedemptionView,
    page: RedemptionPageView,
  },
  texts: {
    submit: 'Submit a signed redemption',
    explanation:
      'The same authorisation gets the same answer: 202 while it is accepted, 200 once the chain has decided.',
    list: 'Redemptions, newest first; the rows behind the figures of reports',
  },
  digest: redemptionDigest,
  sidesOf: ({ merchant, series, amount }) => ({
    holder: merchant,
    other: null,
    payment: null,
    series: [series],
    amount,
  }),
  filterBy: ({ merchant }) => ({ holder: merchant }),
  viewOf: redemptionView,
}) {}
