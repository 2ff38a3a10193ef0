/** Signed orders: payments, voids, gifts, circulations, redemptions and refunds go through one pipeline. */
export { OrdersModule } from './orders.module.js';
export { projectHoldings, projectMerchantBalances } from './balances.js';
export { ACTIVITY_KINDS, listActivity, type ActivityKind, type ActivityRow } from './activity.repository.js';
export { ORDER_KINDS } from './kinds/index.js';
export { orderIdField } from './pipeline/order-watch.js';
export type { HoldingEntry, MerchantBalanceEntry } from './pipeline/projected-balances.js';
export { reservedBy } from './pipeline/reservations.js';
export { type DecidedSince, PACKED_SERIES, seriesRulesOf } from './pipeline/series-rules.js';
export { orderProjectors } from './projection/index.js';
