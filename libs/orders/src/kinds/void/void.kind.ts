import type { OrderKind } from '../../pipeline/kind.js';
import { voidProjector } from './void.projector.js';
import { voidRules } from './void.rules.js';

/** A merchant gives a payment back, wholly or in part. */
export const voidKind: OrderKind = {
  name: 'void',
  takesFrom: 'merchant_balance',
  deviceLimited: true,
  outbox: 'call',
  merchant: 'holder',
  settled: { name: 'chain.void', holder: 'merchant', other: 'payer', placed: true, payment: true },
  history: { other: { event: 'voided', counterpart: 'merchant' } },
  rules: voidRules,
  projector: voidProjector,
};
