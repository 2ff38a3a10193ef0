import type { Projector } from '#indexer';
import { circulationProjector } from '../kinds/circulation/circulation.projector.js';
import { giftProjector } from '../kinds/gift/gift.projector.js';
import { paymentProjector } from '../kinds/payment/payment.projector.js';
import { redemptionProjector } from '../kinds/redemption/redemption.projector.js';
import { refundProjector } from '../kinds/refund/refund.projector.js';
import { voidProjector } from '../kinds/void/void.projector.js';
import { balancesProjector } from './balances.projector.js';
import { expiryProjector } from './expiry.projector.js';
import { receiptsProjector } from './receipts.projector.js';
import { refusalsProjector } from './refusals.projector.js';
import { refusedPaymentsProjector } from './refused-payments.projector.js';

/** What became of signed orders, in the order in which the projectors build on each other: balances come last. */
export const orderProjectors: readonly Projector[] = [
  paymentProjector,
  voidProjector,
  giftProjector,
  refundProjector,
  circulationProjector,
  redemptionProjector,
  refusalsProjector,
  refusedPaymentsProjector,
  expiryProjector,
  receiptsProjector,
  balancesProjector,
];
