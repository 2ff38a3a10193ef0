/** Payments and the other orders of holders, and what every signed order has in common (settlement uses it). */
export { PaymentsModule } from './payments.module.js';
export { PaymentService, type PaymentsOptions } from './payment.service.js';
export { paymentView, PaymentView } from './payment.dto.js';
export {
  acceptOrders,
  SETTLE_SECONDS,
  type AcceptanceRules,
  type Case,
  type Reserving,
  type AcceptanceContext,
} from './orders/acceptance.js';
export {
  ORDER_KINDS,
  type Order,
  type OrderKind,
  type OrderEnd,
  type OrderRecord,
  type OrderRefusal,
  type OrderState,
  type Signer,
  type Verdict,
} from './orders/order.js';
export { OrderTermsDto, SingleSeriesDto } from './orders/order-dto.js';
export { OrderEvents } from './orders/order-events.js';
export { sendOrder, streamOrder } from './orders/order-http.js';
export { OrderParams } from './orders/order-param.js';
export { filterOf, OrderListQuery } from './orders/order-query.js';
export {
  findOrders,
  KEY_FORMS,
  leftCode,
  listOrders,
  type ListedOrder,
  type OrderFilter,
} from './orders/order-record.repository.js';
export { OrderService, type OrderServiceOptions } from './orders/order-service.js';
export { orderIdField, OrderWatch, OrderWatchModule } from './orders/order-watch.js';
export {
  orderView,
  OrderView,
  otherOf,
  PlacedOrderView,
  placedOrderView,
  seriesOf,
} from './orders/order-view.js';
export { pendingOf, readPending, type Reservation } from './orders/pending.js';
export {
  EMPTY_HOLDING,
  EMPTY_MERCHANT_BALANCE,
  ProjectedHoldings,
  ProjectedMerchantBalance,
  type HoldingEntry,
  type MerchantBalanceEntry,
} from './orders/projected-balances.js';
export { PACKED_SERIES, seriesRulesOf } from './orders/series-rules.js';
export { Signers } from './orders/signers.js';
export {
  loadHoldings,
  loadMerchantBalances,
  type HoldingContext,
  type MerchantContext,
} from './orders/acceptance-context.repository.js';
export { orderProjectors } from './projection/index.js';
