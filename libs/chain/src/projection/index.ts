import type { Projector } from '../indexer/batch.js';
import { authoritiesProjector } from './authorities.projector.js';
import { dailyTotalProjector } from './daily-total.projector.js';
import { issuanceProjector } from './issuance.projector.js';
import { keysProjector } from './keys.projector.js';
import { merchantDaysProjector } from './merchant-days.projector.js';
import { merchantsProjector } from './merchants.projector.js';
import { paymentsProjector } from './payments.projector.js';
import { receiptsProjector } from './receipts.projector.js';
import { refusedPaymentsProjector } from './refused-payments.projector.js';
import { registryProjector } from './registry.projector.js';
import { relayProjector } from './relay.projector.js';
import { residentsProjector } from './residents.projector.js';
import { runningStateProjector } from './running-state.projector.js';
import { seriesProjector } from './series.projector.js';
import { purchaseMonthProjector, seriesTotalProjector } from './totals.projector.js';

/** All projectors of the schema `chain` and of the outbox, in the order in which they build on each other. */
export function chainProjectors(): Projector[] {
  return [
    authoritiesProjector,
    seriesProjector,
    registryProjector,
    keysProjector,
    issuanceProjector,
    paymentsProjector,
    refusedPaymentsProjector,
    residentsProjector,
    merchantsProjector,
    receiptsProjector,
    runningStateProjector,
    seriesTotalProjector,
    purchaseMonthProjector,
    dailyTotalProjector,
    merchantDaysProjector,
    relayProjector,
  ];
}
