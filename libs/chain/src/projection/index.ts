import type { Projector } from '../indexer/batch.js';
import { authoritiesProjector } from './authorities.projector.js';
import { dailyTotalProjector } from './daily-total.projector.js';
import { issuanceProjector } from './issuance.projector.js';
import { registryProjector } from './registry.projector.js';
import { relayProjector } from './relay.projector.js';
import { runningStateProjector } from './running-state.projector.js';
import { seriesProjector } from './series.projector.js';
import { paymentsProjector, redemptionsProjector } from './transfers.projector.js';

/** All projectors of the schema `chain` and of the outbox, in the order in which they build on each other. */
export function chainProjectors(): Projector[] {
  return [
    authoritiesProjector,
    seriesProjector,
    registryProjector,
    issuanceProjector,
    paymentsProjector,
    redemptionsProjector,
    runningStateProjector,
    dailyTotalProjector,
    relayProjector,
  ];
}
