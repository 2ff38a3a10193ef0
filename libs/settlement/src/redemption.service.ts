import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CurrentDeployment } from '#chain';
import { recoverSigner, redemptionDigest, vouchersDomain, type SigningDomain } from '#contracts';
import { OrderService, OrderWatch, type ListedOrder, type OrderFilter, type OrderRecord } from '#payments';
import { Database } from '#persistence';
import { SubmitRedemptionDto } from './redemption.dto.js';
import { redemptionRules, type RedemptionSituation } from './redemption-rules.js';

/** Injection token of SettlementOptions. */
export const SETTLEMENT_OPTIONS = Symbol('SETTLEMENT_OPTIONS');

export interface SettlementOptions {
  /** Unix seconds; the machine's clock by default. */
  readonly clock?: () => number;
}

/** Merchants' redemptions from the moment they are submitted until the chain has decided. */
@Injectable()
export class RedemptionService implements OnApplicationShutdown {
  private readonly orders: OrderService<RedemptionSituation>;
  private readonly domain: SigningDomain;

  constructor(
    db: Database,
    deployment: CurrentDeployment,
    @Inject(SETTLEMENT_OPTIONS) options: SettlementOptions,
    watch: OrderWatch,
  ) {
    this.domain = vouchersDomain(deployment);
    this.orders = new OrderService(db, redemptionRules, { ...options, watch });
  }

  /** Only now: until the server has closed, requests that are under way are taken in and answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.orders.close();
  }

  /** @throws ProblemException with the code that the contract would give */
  submit({ authorisation, signature }: SubmitRedemptionDto): Promise<OrderRecord> {
    const { merchant, series, amount, nonce, deadline, order } = authorisation;
    const id = redemptionDigest(this.domain, authorisation);
    const signed = recoverSigner(id, signature) === merchant;
    return this.orders.submit({
      id,
      holder: merchant,
      merchant,
      series,
      amount,
      nonce,
      deadline,
      order,
      signature,
      signed,
    });
  }

  /** @throws ProblemException not_found */
  get(id: string): Promise<OrderRecord> {
    return this.orders.get(id);
  }

  list(filter: OrderFilter, limit: number, after: readonly string[] | undefined): Promise<ListedOrder[]> {
    return this.orders.list(filter, limit, after);
  }
}
