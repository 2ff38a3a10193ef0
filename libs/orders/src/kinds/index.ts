import { OrderKinds } from '../pipeline/kind.js';
import {
  CancellationController,
  MerchantCancellationController,
} from './cancellation/cancellation.controller.js';
import { cancellation, merchantCancellation } from './cancellation/cancellation.kind.js';
import { circulation } from './circulation/circulation.kind.js';
import { CirculationController } from './circulation/circulation.controller.js';
import { gift } from './gift/gift.kind.js';
import { GiftController } from './gift/gift.controller.js';
import { payment } from './payment/payment.kind.js';
import { PaymentController } from './payment/payment.controller.js';
import { redemption } from './redemption/redemption.kind.js';
import { RedemptionController } from './redemption/redemption.controller.js';
import { refund } from './refund/refund.kind.js';
import { RefundController } from './refund/refund.controller.js';
import { voidKind } from './void/void.kind.js';
import { VoidController } from './void/void.controller.js';

/**
 * The kinds of signed orders: each is a folder here, and named in these two lists. A kind comes after those whose settled
 * rows its projector reads: voids after payments.
 */
export const ORDER_KINDS = new OrderKinds({
  payment,
  void: voidKind,
  gift,
  circulation,
  redemption,
  refund,
  cancellation,
  merchant_cancellation: merchantCancellation,
});

export const ORDER_CONTROLLERS = [
  PaymentController,
  VoidController,
  GiftController,
  CirculationController,
  RedemptionController,
  RefundController,
  CancellationController,
  MerchantCancellationController,
];
