import { Inject, Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ChainNode, CurrentDeployment } from '#chain';
import { circulationDigest, vouchersDomain, type SigningDomain } from '#contracts';
import { Database } from '#persistence';
import type { OrderRecord } from '../orders/order.js';
import type { ListedOrder, OrderFilter } from '../orders/order-record.repository.js';
import { OrderService } from '../orders/order-service.js';
import { OrderWatch } from '../orders/order-watch.js';
import type { MerchantBalanceEntry, ProjectedMerchantBalance } from '../orders/projected-balances.js';
import { Signers } from '../orders/signers.js';
import type { MerchantContext } from '../orders/acceptance-context.repository.js';
import { PAYMENTS_OPTIONS, type PaymentsOptions } from '../payment.service.js';
import { SubmitCirculationDto } from './circulation.dto.js';
import { circulationRules } from './circulation-rules.js';

/** Circulations from the moment they are submitted until the chain has decided. */
@Injectable()
export class CirculationService implements OnApplicationShutdown {
  private readonly orders: OrderService<MerchantBalanceEntry, MerchantContext, ProjectedMerchantBalance>;
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
    const rules = circulationRules(deployment.vouchers);
    this.orders = new OrderService(db, rules, signers, { watch, queueMax });
  }

  /** Only now: until the server has closed, requests that are under way are taken in and answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.orders.close();
  }

  /** @throws ProblemException with the code that the contract would give */
  submit({ authorisation, proof }: SubmitCirculationDto): Promise<OrderRecord> {
    const { merchant, recipient, series, ...terms } = authorisation;
    const id = circulationDigest(this.domain, authorisation);
    const sides = { holder: merchant, other: recipient, payment: null };
    return this.orders.submit({ id, ...sides, series: [series], ...terms }, proof);
  }

  /** @throws ProblemException not_found */
  get(id: string): Promise<OrderRecord> {
    return this.orders.get(id);
  }

  list(filter: OrderFilter, limit: number, after: readonly string[] | undefined): Promise<ListedOrder[]> {
    return this.orders.list(filter, limit, after);
  }
}
