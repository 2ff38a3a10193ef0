/** Payments, and what every signed order has in common (settlement uses it for redemptions). */
export { PaymentsModule } from './payments.module.js';
export { PaymentService, type PaymentsOptions } from './payment.service.js';
export { paymentView, PaymentView } from './payment.dto.js';
export { acceptOrders, SETTLE_SECONDS, type AcceptanceRules, type Situation } from './orders/acceptance.js';
export type { Order, OrderKind, OrderRecord, OrderRefusal, OrderState, Verdict } from './orders/order.js';
export { reservedBy } from './orders/order.repository.js';
export { OrderEvents } from './orders/order-events.js';
export { sendOrder, streamOrder } from './orders/order-http.js';
export { OrderParams } from './orders/order-param.js';
export { filterOf, OrderListQuery } from './orders/order-query.js';
export {
  findOrders,
  KEY_FORMS,
  listOrders,
  type ListedOrder,
  type OrderFilter,
} from './orders/order-record.repository.js';
export { OrderService, type OrderServiceOptions } from './orders/order-service.js';
export { orderIdField, OrderWatch, OrderWatchModule } from './orders/order-watch.js';
export { isoTime, orderView, OrderView } from './orders/order-view.js';
export { Purse, type PurseState } from './orders/purse.js';
