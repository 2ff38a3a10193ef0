import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CurrentDeployment } from '#chain';
import { paymentDigest, recoverSigner, vouchersDomain, type SigningDomain } from '#contracts';
import { Database } from '#persistence';
import type { Order, OrderRecord } from './orders/order.js';
import { OrderEvents } from './orders/order-events.js';
import type { ListedOrder, OrderFilter } from './orders/order-record.repository.js';
import { OrderService } from './orders/order-service.js';
import { OrderWatch } from './orders/order-watch.js';
import { paymentView, SubmitPaymentDto } from './payment.dto.js';
import { paymentRules, type PaymentSituation } from './payment-rules.js';

/** Injection token of PaymentsOptions. */
export const PAYMENTS_OPTIONS = Symbol('PAYMENTS_OPTIONS');

export interface PaymentsOptions {
  /** For LISTEN, which needs a connection of its own. */
  readonly databaseUrl: string;
  /** Unix seconds; the machine's clock by default. */
  readonly clock?: () => number;
  /** Payments that may wait to be decided; default 1,000. */
  readonly queueMax?: number;
}

/** Residents' payments from the moment they are submitted until the chain has decided. */
@Injectable()
export class PaymentService
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly events: OrderEvents;
  private readonly orders: OrderService<PaymentSituation>;
  private readonly domain: SigningDomain;

  constructor(
    db: Database,
    deployment: CurrentDeployment,
    @Inject(PAYMENTS_OPTIONS) { databaseUrl, clock, queueMax }: PaymentsOptions,
    watch: OrderWatch,
  ) {
    this.domain = vouchersDomain(deployment);
    this.orders = new OrderService(db, paymentRules, { clock, watch, queueMax });
    this.events = new OrderEvents({ databaseUrl, find: (ids) => this.orders.find(ids), view: paymentView });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.events.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.events.stop();
  }

  /** Only now: until the server has closed, requests that are under way are taken in and answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.orders.close();
  }

  /** @throws ProblemException with the code that the contract would give */
  async submit({ authorisation, signature }: SubmitPaymentDto): Promise<OrderRecord> {
    this.orders.requireRoom();
    const { payer, merchant, series, amount, nonce, deadline, order } = authorisation;
    const id = paymentDigest(this.domain, authorisation);
    const signed = recoverSigner(id, signature) === payer;
    const submitted: Order = {
      id,
      holder: payer,
      merchant,
      series,
      amount,
      nonce,
      deadline,
      order,
      signature,
      signed,
    };
    return this.orders.submit(submitted);
  }

  /** @throws ProblemException not_found */
  get(id: string): Promise<OrderRecord> {
    return this.orders.get(id);
  }

  list(filter: OrderFilter, limit: number, after: readonly string[] | undefined): Promise<ListedOrder[]> {
    return this.orders.list(filter, limit, after);
  }
}
