import { Inject, Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ChainNode, CurrentDeployment } from '#chain';
import { paymentDigest, vouchersDomain, type SigningDomain } from '#contracts';
import { Database } from '#persistence';
import type { OrderRecord } from './orders/order.js';
import type { ListedOrder, OrderFilter } from './orders/order-record.repository.js';
import { OrderService } from './orders/order-service.js';
import { OrderWatch } from './orders/order-watch.js';
import type { HoldingEntry, ProjectedHoldings } from './orders/projected-balances.js';
import { Signers } from './orders/signers.js';
import type { HoldingContext } from './orders/acceptance-context.repository.js';
import { SubmitPaymentDto } from './payment.dto.js';
import { paymentRules } from './payment-rules.js';

/** Injection token of PaymentsOptions. */
export const PAYMENTS_OPTIONS = Symbol('PAYMENTS_OPTIONS');

export interface PaymentsOptions {
  /** For LISTEN, which needs a connection of its own. */
  readonly databaseUrl: string;
  /** Payments that may wait to be decided; default 1,000. */
  readonly queueMax?: number;
}

/** Residents' payments from the moment they are submitted until the chain has decided. */
@Injectable()
export class PaymentService implements OnApplicationShutdown {
  private readonly orders: OrderService<HoldingEntry, HoldingContext, ProjectedHoldings>;
  private readonly domain: SigningDomain;

  constructor(
    db: Database,
    deployment: CurrentDeployment,
    @Inject(PAYMENTS_OPTIONS) { queueMax }: PaymentsOptions,
    watch: OrderWatch,
    @Optional() node?: ChainNode,
  ) {
    this.domain = vouchersDomain(deployment);
    const signers = new Signers(db, deployment.vouchers, node);
    this.orders = new OrderService(db, paymentRules, signers, { watch, queueMax });
  }

  /** Only now: until the server has closed, requests that are under way are taken in and answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.orders.close();
  }

  /** @throws ProblemException with the code that the contract would give */
  submit({ authorisation, proof }: SubmitPaymentDto): Promise<OrderRecord> {
    const { payer, merchant, series, amount, nonce, deadline, order } = authorisation;
    const id = paymentDigest(this.domain, authorisation);
    return this.orders.submit(
      {
        id,
        holder: payer,
        other: merchant,
        payment: null,
        series,
        amount,
        nonce,
        deadline,
        order,
      },
      proof,
    );
  }

  /** @throws ProblemException not_found */
  get(id: string): Promise<OrderRecord> {
    return this.orders.get(id);
  }

  list(filter: OrderFilter, limit: number, after: readonly string[] | undefined): Promise<ListedOrder[]> {
    return this.orders.list(filter, limit, after);
  }
}
