import { type DynamicModule, Module } from '@nestjs/common';
import { OrderWatchModule } from './orders/order-watch.js';
import { PaymentController } from './payment.controller.js';
import { PAYMENTS_OPTIONS, PaymentService, type PaymentsOptions } from './payment.service.js';

/** Payments over HTTP. Needs PersistenceModule and DeploymentModule. */
@Module({})
export class PaymentsModule {
  static forRoot(options: PaymentsOptions): DynamicModule {
    return {
      module: PaymentsModule,
      imports: [OrderWatchModule],
      controllers: [PaymentController],
      providers: [{ provide: PAYMENTS_OPTIONS, useValue: options }, PaymentService],
      exports: [PaymentService],
    };
  }
}
