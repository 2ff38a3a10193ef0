import { Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ChainNode, CurrentDeployment } from '#chain';
import { redemptionDigest, vouchersDomain, type SigningDomain } from '#contracts';
import { OrderService, OrderWatch, Signers } from '#payments';
import type {
  ListedOrder,
  OrderFilter,
  OrderRecord,
  MerchantBalanceEntry,
  ProjectedMerchantBalance,
  MerchantContext,
} from '#payments';
import { Database } from '#persistence';
import { SubmitRedemptionDto } from './redemption.dto.js';
import { redemptionRules } from './redemption-rules.js';

/** Merchants' redemptions from the moment they are submitted until the chain has decided. */
@Injectable()
export class RedemptionService implements OnApplicationShutdown {
  private readonly orders: OrderService<MerchantBalanceEntry, MerchantContext, ProjectedMerchantBalance>;
  private readonly domain: SigningDomain;

  constructor(db: Database, deployment: CurrentDeployment, watch: OrderWatch, @Optional() node?: ChainNode) {
    this.domain = vouchersDomain(deployment);
    const signers = new Signers(db, deployment.vouchers, node);
    this.orders = new OrderService(db, redemptionRules, signers, { watch });
  }

  /** Only now: until the server has closed, requests that are under way are taken in and answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.orders.close();
  }

  /** @throws ProblemException with the code that the contract would give */
  submit({ authorisation, proof }: SubmitRedemptionDto): Promise<OrderRecord> {
    const { merchant, series, amount, nonce, deadline, order } = authorisation;
    const id = redemptionDigest(this.domain, authorisation);
    return this.orders.submit(
      {
        id,
        holder: merchant,
        other: null,
        payment: null,
        series: [series],
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
