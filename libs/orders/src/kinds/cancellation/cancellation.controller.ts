import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MayCall } from '#platform';
import { cancellationDigest, merchantCancellationDigest } from '#contracts';
import { CANCELLATIONS, MERCHANT_CANCELLATIONS } from '../../pipeline/cancel-routes.js';
import { orderController } from '../../pipeline/order-controller.js';
import {
  CancellationListQuery,
  CancellationPageView,
  CancellationView,
  cancellationView,
  MerchantCancellationListQuery,
  MerchantCancellationPageView,
  MerchantCancellationView,
  merchantCancellationView,
  SubmitCancellationDto,
  SubmitMerchantCancellationDto,
} from './cancellation.dto.js';
import { cancellation, merchantCancellation } from './cancellation.kind.js';

const WHAT_BECOMES_OF_IT =
  'What was accepted and is not settled yet is refused in the end (`replayed`), and what it had reserved is free. One ' +
  'that comes too late is refused as `nothing_to_cancel`. One at a time for each account and series.';

@ApiTags('residents')
@MayCall('anybody')
@Controller(CANCELLATIONS)
export class CancellationController extends orderController({
  kind: cancellation,
  route: CANCELLATIONS,
  dto: {
    submit: SubmitCancellationDto,
    query: CancellationListQuery,
    view: CancellationView,
    page: CancellationPageView,
  },
  texts: {
    submit: 'Cancel what was signed and has not settled: 승인 철회',
    explanation:
      "Signed by an owner's key: uses up `count` numbers of a holding, the last of which is `nonce`, so that no payment, " +
      'gift or refund settles that was signed with one of them, whoever has its bytes. With 63 above the latest number ' +
      `used and a count of 64 it cancels everything. ${WHAT_BECOMES_OF_IT}`,
    list: 'Cancellations, newest first',
  },
  digest: cancellationDigest,
  sidesOf: ({ account, series, count }) => ({
    holder: account,
    other: null,
    payment: null,
    series: [series],
    amount: BigInt(count),
  }),
  filterBy: ({ account }) => ({ holder: account }),
  viewOf: cancellationView,
}) {}

@ApiTags('redemptions')
@MayCall('anybody')
@Controller(MERCHANT_CANCELLATIONS)
export class MerchantCancellationController extends orderController({
  kind: merchantCancellation,
  route: MERCHANT_CANCELLATIONS,
  dto: {
    submit: SubmitMerchantCancellationDto,
    query: MerchantCancellationListQuery,
    view: MerchantCancellationView,
    page: MerchantCancellationPageView,
  },
  texts: {
    submit: 'Cancel what a merchant signed and has not settled: 가맹점 승인 철회',
    explanation:
      "Signed by an owner's key of the merchant: uses up `count` numbers of its merchant balance, the last of which is " +
      `\`nonce\`, so that no void, circulation or redemption settles that was signed with one of them. ${WHAT_BECOMES_OF_IT}`,
    list: 'Cancellations of merchants, newest first',
  },
  digest: merchantCancellationDigest,
  sidesOf: ({ merchant, series, count }) => ({
    holder: merchant,
    other: null,
    payment: null,
    series: [series],
    amount: BigInt(count),
  }),
  filterBy: ({ merchant }) => ({ holder: merchant }),
  viewOf: merchantCancellationView,
}) {}
