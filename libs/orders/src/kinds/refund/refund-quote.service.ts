import { Injectable } from '@nestjs/common';
import type { Hex } from '#contracts';
import { nextNonce, refundStatement } from '#domain';
import { Clock, Database } from '#persistence';
import { ProblemException } from '#platform';
import { loadHoldings } from '../../pipeline/acceptance-context.repository.js';
import { OrderKinds } from '../../pipeline/kind.js';
import type { Order } from '../../pipeline/order.js';
import { ProjectedHoldings } from '../../pipeline/projected-balances.js';
import { readReservations } from '../../pipeline/reservations.js';
import type { RefundQuote } from './refund.dto.js';

const ZERO_HASH = `0x${'00'.repeat(32)}`;

/** What refunds would come to. */
@Injectable()
export class RefundQuoteService {
  constructor(
    private readonly db: Database,
    private readonly kinds: OrderKinds,
    private readonly clock: Clock,
  ) {}

  /**
   * When all that was accepted is settled.
   * @throws ProblemException not_found: the account never had anything in the series
   */
  async quote(account: Hex, series: number): Promise<RefundQuote> {
    const now = await this.clock.now();
    const [context] = await loadHoldings(this.db, [asked(account, series)], now);
    if (context?.established !== true) throw new ProblemException('not_found');
    const balances = new ProjectedHoldings(context.account, now);
    balances.know(context.entries);
    for (const order of readReservations(context.reserved)) this.kinds.reserve('holding', balances, order);
    const rules = balances.rulesOf(series);
    if (rules === undefined) throw new ProblemException('not_found');
    const holding = balances.of(series);
    return { statement: refundStatement(rules, holding, now), nextNonce: nextNonce(holding.window) };
  }
}

/** A question in the form of an order without a signature. */
function asked(account: Hex, series: number): Order {
  return {
    id: ZERO_HASH,
    holder: account,
    other: null,
    payment: null,
    series: [series],
    amount: 0n,
    nonce: 0,
    deadline: 0,
    reference: ZERO_HASH,
    proof: '0x',
    signer: { proven: null, keysHash: null, ringed: false },
  };
}
