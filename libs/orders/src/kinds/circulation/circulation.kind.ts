import type { OrderKind } from '../../pipeline/kind.js';
import { circulationProjector } from './circulation.projector.js';
import { circulationRules } from './circulation.rules.js';

/** A merchant spends its balance at another merchant. */
export const circulation: OrderKind = {
  name: 'circulation',
  takesFrom: 'merchant_balance',
  deviceLimited: true,
  outbox: 'call',
  merchant: 'other',
  settled: { name: 'chain.circulation', holder: 'merchant', other: 'recipient', placed: true },
  history: {},
  rules: circulationRules,
  projector: circulationProjector,
};
