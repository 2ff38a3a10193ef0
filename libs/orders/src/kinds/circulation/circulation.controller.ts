import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MayCall } from '#platform';
import { circulationDigest } from '#contracts';
import { watchedOrderController } from '../../pipeline/order-controller.js';
import {
  CirculationListQuery,
  CirculationPageView,
  CirculationView,
  circulationView,
  SubmitCirculationDto,
} from './circulation.dto.js';
import { circulation } from './circulation.kind.js';

const ROUTE = 'v1/circulations';

@ApiTags('merchants')
@MayCall('anybody')
@Controller(ROUTE)
export class CirculationController extends watchedOrderController({
  kind: circulation,
  route: ROUTE,
  dto: {
    submit: SubmitCirculationDto,
    query: CirculationListQuery,
    view: CirculationView,
    page: CirculationPageView,
  },
  texts: {
    submit: 'Spend merchant balances at another merchant: 가맹점 간 결제',
    explanation:
      'Where the series lets merchant balances hop on, up to its number of hops; what made most hops goes first.',
    list: 'Circulations, newest first',
  },
  digest: circulationDigest,
  sidesOf: ({ merchant, recipient, series, amount }) => ({
    holder: merchant,
    other: recipient,
    payment: null,
    series: [series],
    amount,
  }),
  filterBy: ({ merchant, recipient }) => ({ holder: merchant, other: recipient }),
  viewOf: circulationView,
}) {}
