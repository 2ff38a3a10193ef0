import type { OrderKind } from '../../pipeline/kind.js';
import { giftProjector } from './gift.projector.js';
import { giftRules } from './gift.rules.js';

/** A resident gives vouchers to another one. */
export const gift: OrderKind = {
  name: 'gift',
  takesFrom: 'holding',
  deviceLimited: false,
  // The receiver's caps bind what all givers give together.
  locksOther: true,
  batchMax: 1,
  outbox: 'call',
  merchant: null,
  settled: { name: 'chain.gift', holder: 'giver', other: 'receiver', placed: false },
  history: {
    holder: { event: 'given', counterpart: 'other' },
    other: { event: 'received', counterpart: 'other' },
  },
  rules: giftRules,
  projector: giftProjector,
};
