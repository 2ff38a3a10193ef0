import type { Projector } from '#indexer';
import { ORDER_KINDS } from '../kinds/index.js';
import { balancesProjector } from './balances.projector.js';
import { expiryProjector } from './expiry.projector.js';
import { receiptsProjector } from './receipts.projector.js';
import { refusalsProjector } from './refusals.projector.js';
import { refusedPaymentsProjector } from './refused-payments.projector.js';

/** What became of signed orders, in the order in which the projectors build on each other: balances come last. */
export const orderProjectors: readonly Projector[] = [
  ...ORDER_KINDS.all.map(({ projector }) => projector),
  refusalsProjector,
  refusedPaymentsProjector,
  expiryProjector,
  receiptsProjector,
  balancesProjector,
];
