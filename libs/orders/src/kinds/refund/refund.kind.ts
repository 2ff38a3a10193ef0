import type { OrderKind } from '../../pipeline/kind.js';
import { refundProjector } from './refund.projector.js';
import { refundRules } from './refund.rules.js';

/** A resident wants the rest of a holding in won, where the statute says that it is due. */
export const refund: OrderKind = {
  name: 'refund',
  takesFrom: 'holding',
  deviceLimited: false,
  outbox: 'call',
  merchant: null,
  settled: { name: 'chain.refund', holder: 'account', other: null, placed: false, own: true },
  history: { holder: { event: 'refunded', counterpart: null } },
  rules: refundRules,
  projector: refundProjector,
};
