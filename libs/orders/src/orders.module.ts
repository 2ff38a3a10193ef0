import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Database } from '#persistence';
import { MetricsModule, ServiceConfig } from '#platform';
import { ORDER_CONTROLLERS, ORDER_KINDS } from './kinds/index.js';
import { RefundQuoteService } from './kinds/refund/refund-quote.service.js';
import { OrderKinds } from './pipeline/kind.js';
import { OrderEvents } from './pipeline/order-events.js';
import { OrderWatch } from './pipeline/order-watch.js';
import { ORDERS_OPTIONS, OrdersService, type OrdersOptions } from './pipeline/orders.service.js';

/**
 * Signed orders of all kinds over HTTP, and the stream of their states. Needs PersistenceModule and DeploymentModule.
 */
@Module({})
export class OrdersModule {
  /** With fixed options, for tests. */
  static forRoot(options: OrdersOptions): DynamicModule {
    return OrdersModule.with({ provide: ORDERS_OPTIONS, useValue: options });
  }

  /** For a service: options from its settings (SettingsModule). */
  static forService(): DynamicModule {
    return OrdersModule.with({
      provide: ORDERS_OPTIONS,
      inject: [ServiceConfig],
      useFactory: ({ databaseUrl }: ServiceConfig): OrdersOptions => ({ databaseUrl }),
    });
  }

  private static with(options: Provider): DynamicModule {
    return {
      module: OrdersModule,
      imports: [MetricsModule],
      controllers: ORDER_CONTROLLERS,
      providers: [
        options,
        { provide: OrderKinds, useValue: ORDER_KINDS },
        {
          provide: OrderEvents,
          inject: [Database, ORDERS_OPTIONS],
          useFactory: (db: Database, { databaseUrl }: OrdersOptions) => new OrderEvents({ databaseUrl, db }),
        },
        OrderWatch,
        OrdersService,
        RefundQuoteService,
      ],
      exports: [OrdersService],
    };
  }
}
