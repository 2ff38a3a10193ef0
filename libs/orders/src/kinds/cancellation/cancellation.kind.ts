import type { OrderKind } from '../../pipeline/kind.js';
import { cancellationProjector, merchantCancellationProjector } from './cancellation.projector.js';
import { cancellationRules, merchantCancellationRules } from './cancellation.rules.js';

/** An owner cancels payments, gifts and refunds that were signed and have not settled. */
export const cancellation: OrderKind = {
  name: 'cancellation',
  takesFrom: 'holding',
  deviceLimited: false,
  outbox: 'call',
  merchant: null,
  settled: { name: 'chain.cancellation', holder: 'account', other: null, placed: false },
  history: {},
  rules: cancellationRules,
  projector: cancellationProjector,
};

/** The same of a merchant's voids, circulations and redemptions, which have a replay window of their own. */
export const merchantCancellation: OrderKind = {
  name: 'merchant_cancellation',
  takesFrom: 'merchant_balance',
  deviceLimited: false,
  outbox: 'call',
  merchant: null,
  settled: { name: 'chain.merchant_cancellation', holder: 'merchant', other: null, placed: false },
  history: {},
  rules: merchantCancellationRules,
  projector: merchantCancellationProjector,
};
