import { Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ChainNode, CurrentDeployment } from '#chain';
import { refundDigest, vouchersDomain, type Hex, type SigningDomain } from '#contracts';
import { nextNonce, refundStatement } from '#domain';
import { ProjectedHoldings, loadHoldings, OrderService, OrderWatch, readPending, Signers } from '#payments';
import type { HoldingEntry, HoldingContext, ListedOrder, OrderFilter, OrderRecord } from '#payments';
import { Clock, Database } from '#persistence';
import { ProblemException } from '#platform';
import { refundRules } from './refund-rules.js';
import { type RefundQuote, SubmitRefundDto } from './refund.dto.js';

const ZERO_HASH = `0x${'00'.repeat(32)}`;

/** Refunds of residents, and what they would come to. */
@Injectable()
export class RefundService implements OnApplicationShutdown {
  private readonly orders: OrderService<HoldingEntry, HoldingContext, ProjectedHoldings>;
  private readonly domain: SigningDomain;

  constructor(
    private readonly db: Database,
    deployment: CurrentDeployment,
    watch: OrderWatch,
    private readonly clock: Clock,
    @Optional() node?: ChainNode,
  ) {
    this.domain = vouchersDomain(deployment);
    const signers = new Signers(db, deployment.vouchers, node);
    this.orders = new OrderService(db, refundRules(deployment.vouchers), signers, { watch });
  }

  /** Only now: until the server has closed, requests that are under way are taken in and answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.orders.close();
  }

  /** @throws ProblemException with the code that the contract would give */
  submit({ authorisation, proof }: SubmitRefundDto): Promise<OrderRecord> {
    const { account, series, ...terms } = authorisation;
    const id = refundDigest(this.domain, authorisation);
    const sides = { holder: account, other: null, payment: null };
    return this.orders.submit({ id, ...sides, series: [series], ...terms }, proof);
  }

  /** @throws ProblemException not_found: the account never had anything in the series */
  async quote(account: Hex, series: number): Promise<RefundQuote> {
    const now = await this.clock.now();
    const [context] = await loadHoldings(this.db, 'refund', [asked(account, series)]);
    if (context?.established !== true) throw new ProblemException('not_found');
    const balances = new ProjectedHoldings(context.account, now);
    balances.know(context.entries);
    for (const order of readPending(context.pending)) balances.replay(order);
    const rules = balances.rulesOf(series);
    if (rules === undefined) throw new ProblemException('not_found');
    const holding = balances.of(series);
    return { statement: refundStatement(rules, holding, now), nextNonce: nextNonce(holding.window) };
  }

  /** @throws ProblemException not_found */
  get(id: string): Promise<OrderRecord> {
    return this.orders.get(id);
  }

  list(filter: OrderFilter, limit: number, after: readonly string[] | undefined): Promise<ListedOrder[]> {
    return this.orders.list(filter, limit, after);
  }
}

/** A question in the form of an order that nobody signed. */
function asked(account: Hex, series: number) {
  return {
    id: ZERO_HASH,
    holder: account,
    other: null,
    payment: null,
    series: [series],
    amount: 0n,
    nonce: 0,
    deadline: 0,
    order: ZERO_HASH,
    proof: '0x',
    signer: { proven: null, keysHash: null, spending: null },
  };
}
