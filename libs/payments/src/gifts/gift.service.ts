import { Inject, Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ChainNode, CurrentDeployment } from '#chain';
import { giftDigest, vouchersDomain, type SigningDomain } from '#contracts';
import { Database } from '#persistence';
import type { OrderRecord } from '../orders/order.js';
import type { ListedOrder, OrderFilter } from '../orders/order-record.repository.js';
import { OrderService } from '../orders/order-service.js';
import { OrderWatch } from '../orders/order-watch.js';
import type { HoldingEntry, ProjectedHoldings } from '../orders/projected-balances.js';
import { Signers } from '../orders/signers.js';
import { PAYMENTS_OPTIONS, type PaymentsOptions } from '../payment.service.js';
import { SubmitGiftDto } from './gift.dto.js';
import { giftRules, type GiftContext } from './gift-rules.js';

/** Gifts from the moment they are submitted until the chain has decided. */
@Injectable()
export class GiftService implements OnApplicationShutdown {
  private readonly orders: OrderService<HoldingEntry, GiftContext, ProjectedHoldings>;
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
    const rules = giftRules(deployment.vouchers);
    this.orders = new OrderService(db, rules, signers, { watch, queueMax, batchMax: 1 });
  }

  /** Only now: until the server has closed, requests that are under way are taken in and answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.orders.close();
  }

  /** @throws ProblemException with the code that the contract would give */
  submit({ authorisation, proof }: SubmitGiftDto): Promise<OrderRecord> {
    const { giver, receiver, series, ...terms } = authorisation;
    const id = giftDigest(this.domain, authorisation);
    const sides = { holder: giver, other: receiver, payment: null };
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
