import { type DynamicModule, Module } from '@nestjs/common';
import { Database } from '#persistence';
import { MetricsModule } from '#platform';
import { ORDER_CONTROLLERS, ORDER_KINDS } from './kinds/index.js';
import { RefundQuoteService } from './kinds/refund/refund-quote.service.js';
import { OrderKinds } from './pipeline/kind.js';
import { OrderEvents } from './pipeline/order-events.js';
import { OrderWatch } from './pipeline/order-watch.js';
import { ORDERS_OPTIONS, OrdersService, type OrdersOptions } from './pipeline/orders.service.js';

/**
 * Signed orders of all kinds over HTTP, and the stream of their states. Needs PersistenceModule and DeploymentModule;
 * a ChainNode says what device keys moved, without one they cannot sign.
 */
@Module({})
export class OrdersModule {
  static forRoot(options: OrdersOptions): DynamicModule {
    return {
      module: OrdersModule,
      imports: [MetricsModule],
      controllers: ORDER_CONTROLLERS,
      providers: [
        { provide: ORDERS_OPTIONS, useValue: options },
        { provide: OrderKinds, useValue: ORDER_KINDS },
        {
          provide: OrderEvents,
          inject: [Database],
          useFactory: (db: Database) => new OrderEvents({ databaseUrl: options.databaseUrl, db }),
        },
        OrderWatch,
        OrdersService,
        RefundQuoteService,
      ],
      exports: [OrdersService],
    };
  }
}
