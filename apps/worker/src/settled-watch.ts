import { Inject, Injectable } from '@nestjs/common';
import type { IndexedBatch } from '#indexer';
import type { SubmittedTransaction, OutboxKind } from '#relayer';
import { decidedOrder, type OrderKindName } from '#contracts';
import { ITEM_REFUSALS } from '#domain';
import { orderIdField } from '#orders';
import { Log, Metrics } from '#platform';

/** Counts what the chain decides, and writes a line for each order at the level debug. */
@Injectable()
export class SettledWatch {
  private readonly final;
  private readonly refused;
  private readonly refusedBefore;

  constructor(
    metrics: Metrics,
    @Inject(Log) private readonly log: Log,
  ) {
    this.final = metrics.counter({
      name: 'jangteo_orders_final_total',
      help: 'Orders that this process saw settled on chain',
      labelNames: ['kind'],
    });
    this.refused = metrics.counter({
      name: 'jangteo_orders_refused_on_chain_total',
      help: 'Orders that the contract refused, by code',
      labelNames: ['kind', 'code'],
    });
    this.refusedBefore = metrics.counter({
      name: 'jangteo_outbox_refused_total',
      help: 'What left the outbox without the chain, by what the contract would have said',
      labelNames: ['kind', 'code'],
    });
  }

  /** A transaction of the relayer is journalled and about to be sent. */
  submitted({ kind, hash, nonce, relayer, ids }: SubmittedTransaction): void {
    if (!this.log.writes('debug')) return;
    this.log.debug('relayer.submitted', {
      component: kind,
      txHash: hash,
      nonce,
      address: relayer,
      count: ids.length,
    });
    for (const id of ids) this.log.debug(`${kind}.submitted`, { [ITEM_ID[kind]]: id, txHash: hash });
  }

  /** A row leaves the outbox because the contract would refuse it. `code`: of the contract's error, if there is one. */
  left(kind: OutboxKind, id: string, code: string, message: string): void {
    this.refusedBefore.inc({ kind, code });
    this.log.warn('relayer.refused', { component: kind, [ITEM_ID[kind]]: id, code, message });
  }

  /** Blocks are in the tables. */
  applied(batch: IndexedBatch): void {
    // A payment has an event for each series that gave to it.
    const paid = new Set<string>();
    for (const event of batch.events) {
      const order = decidedOrder(event);
      if (order === null || paid.has(order.id)) continue;
      if (event.name === 'Paid') paid.add(order.id);
      if ('code' in event) this.declined(order.kind, order.id, event);
      else this.settled(order.kind, order.id, event);
    }
  }

  private settled(kind: OrderKindName, id: string, place: Place): void {
    this.final.inc({ kind });
    this.write(`${kind}.final`, kind, id, place);
  }

  private declined(kind: OrderKindName, id: string, event: Place & { readonly code: number }): void {
    // A watcher must not stop what it watches, whatever number a later contract may have.
    const code = ITEM_REFUSALS.find(({ number }) => number === event.code)?.key ?? 'unknown';
    this.refused.inc({ kind, code });
    this.write(`${kind}.refused_on_chain`, kind, id, event, { code });
  }

  private write(
    event: string,
    kind: OrderKindName,
    id: string,
    { txHash, blockNumber }: Place,
    more: { readonly code?: string } = {},
  ): void {
    if (!this.log.writes('debug')) return;
    this.log.debug(event, { ...orderIdField(kind, id), txHash, blockNumber: Number(blockNumber), ...more });
  }
}

/** The log field of an item's id. A call's id is its order's, whatever kind of order it submits. */
const ITEM_ID = {
  payment: 'paymentId',
  redemption: 'redemptionId',
  call: 'orderId',
  act: 'actId',
  issue_chunk: 'orderId',
} as const satisfies Record<OutboxKind, string>;

interface Place {
  readonly txHash: string;
  readonly blockNumber: bigint;
}
