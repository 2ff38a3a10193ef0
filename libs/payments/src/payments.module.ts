import { type DynamicModule, Module } from '@nestjs/common';
import { Database } from '#persistence';
import { CirculationController } from './circulations/circulation.controller.js';
import { CirculationService } from './circulations/circulation.service.js';
import { GiftController } from './gifts/gift.controller.js';
import { GiftService } from './gifts/gift.service.js';
import { OrderEvents } from './orders/order-events.js';
import { OrderWatchModule } from './orders/order-watch.js';
import { PaymentController } from './payment.controller.js';
import { PAYMENTS_OPTIONS, PaymentService, type PaymentsOptions } from './payment.service.js';
import { VoidController } from './voids/void.controller.js';
import { VoidService } from './voids/void.service.js';

/**
 * Payments, voids, gifts and circulations over HTTP, and the events of all orders. Needs PersistenceModule and
 * DeploymentModule; a ChainNode tells what device keys moved, without one they cannot sign.
 */
@Module({})
export class PaymentsModule {
  static forRoot(options: PaymentsOptions): DynamicModule {
    return {
      module: PaymentsModule,
      // Refunds are told by the same events.
      global: true,
      imports: [OrderWatchModule],
      controllers: [PaymentController, VoidController, GiftController, CirculationController],
      providers: [
        { provide: PAYMENTS_OPTIONS, useValue: options },
        {
          provide: OrderEvents,
          inject: [Database],
          useFactory: (db: Database) => new OrderEvents({ databaseUrl: options.databaseUrl, db }),
        },
        PaymentService,
        VoidService,
        GiftService,
        CirculationService,
      ],
      exports: [PaymentService, OrderEvents],
    };
  }
}
