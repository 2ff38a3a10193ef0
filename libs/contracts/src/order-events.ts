import type { ContractEvent } from './event-types.js';
import type { Hex } from './bytes.js';

/** The kinds of signed orders that the contracts settle. */
export const ORDER_KINDS = [
  'payment',
  'void',
  'gift',
  'circulation',
  'redemption',
  'refund',
  'cancellation',
  'merchant_cancellation',
] as const;
export type OrderKindName = (typeof ORDER_KINDS)[number];

/** What an event says about a signed order. */
export interface DecidedOrder {
  readonly kind: OrderKindName;
  /** EIP-712 digest of the authorisation. */
  readonly id: Hex;
  /** False: the contract refused it. */
  readonly settled: boolean;
}

/**
 * The order that an event decides; null when it decides none. A payment has an event for each series that gave to it.
 */
export function decidedOrder(event: ContractEvent): DecidedOrder | null {
  switch (event.name) {
    case 'Paid':
    case 'PaymentRefused':
      return { kind: 'payment', id: event.payment, settled: event.name === 'Paid' };
    case 'Voided':
    case 'VoidRefused':
      return { kind: 'void', id: event.voidId, settled: event.name === 'Voided' };
    case 'Given':
    case 'GiftRefused':
      return { kind: 'gift', id: event.gift, settled: event.name === 'Given' };
    case 'Circulated':
    case 'CirculationRefused':
      return { kind: 'circulation', id: event.circulation, settled: event.name === 'Circulated' };
    case 'Redeemed':
    case 'RedemptionRefused':
      return { kind: 'redemption', id: event.redemption, settled: event.name === 'Redeemed' };
    case 'Refunded':
    case 'RefundRefused':
      return { kind: 'refund', id: event.refund, settled: event.name === 'Refunded' };
    case 'Cancelled':
    case 'CancellationRefused':
      return { kind: 'cancellation', id: event.cancellation, settled: event.name === 'Cancelled' };
    case 'MerchantCancelled':
    case 'MerchantCancellationRefused':
      return {
        kind: 'merchant_cancellation',
        id: event.cancellation,
        settled: event.name === 'MerchantCancelled',
      };
    default:
      return null;
  }
}
