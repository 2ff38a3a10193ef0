import type { OrderKind } from '../../pipeline/kind.js';
import { paymentProjector } from './payment.projector.js';
import { paymentRules } from './payment.rules.js';

/** A resident pays a merchant from one or more series. */
export const payment: OrderKind = {
  name: 'payment',
  takesFrom: 'holding',
  deviceLimited: true,
  outbox: 'payment',
  merchant: 'other',
  settled: { name: 'chain.payment', holder: 'payer', other: 'merchant', placed: true, parts: true },
  history: { holder: { event: 'paid', counterpart: 'merchant' } },
  rules: paymentRules,
  projector: paymentProjector,
};
