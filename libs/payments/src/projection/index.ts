import type { Projector } from '#indexer';
import { balancesProjector } from './balances.projector.js';
import { merchantOrdersProjector } from './merchant-orders.projector.js';
import { paymentsProjector } from './payments.projector.js';
import { receiptsProjector } from './receipts.projector.js';
import { refusedPaymentsProjector } from './refused-payments.projector.js';
import { residentOrdersProjector } from './resident-orders.projector.js';

/** What became of signed orders, in the order in which the projectors build on each other: balances come last. */
export const orderProjectors: readonly Projector[] = [
  paymentsProjector,
  refusedPaymentsProjector,
  residentOrdersProjector,
  merchantOrdersProjector,
  receiptsProjector,
  balancesProjector,
];
