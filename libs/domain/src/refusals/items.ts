import { ORDER_ITEM_REFUSALS } from './items-orders.js';
import { PAYMENT_ITEM_REFUSALS } from './items-payments.js';

/**
 * Refusals of one item in a batch: the contract writes the number and two arguments into an event.
 * A number or key that was ever published keeps its meaning; new ones go to the end.
 */
export const ITEM_REFUSALS = [...PAYMENT_ITEM_REFUSALS, ...ORDER_ITEM_REFUSALS] as const;
