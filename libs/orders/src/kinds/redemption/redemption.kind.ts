import type { OrderKind } from '../../pipeline/kind.js';
import { redemptionProjector } from './redemption.projector.js';
import { redemptionRules } from './redemption.rules.js';

/** A merchant turns its balance into won. */
export const redemption: OrderKind = {
  name: 'redemption',
  takesFrom: 'merchant_balance',
  deviceLimited: false,
  outbox: 'redemption',
  merchant: 'holder',
  settled: { name: 'chain.redemption', holder: 'merchant', other: null, placed: true },
  history: {},
  rules: redemptionRules,
  projector: redemptionProjector,
};
