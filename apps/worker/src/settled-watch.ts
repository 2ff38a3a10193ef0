import { Inject, Injectable } from '@nestjs/common';
import type { CarriedTransaction, IndexedBatch } from '#chain';
import { ITEM_REFUSALS } from '#domain';
import { orderIdField, type OrderKind } from '#payments';
import { Log, Metrics } from '#platform';

/** Counts what the chain decides, and writes a line for each order at the level debug. */
@Injectable()
export class SettledWatch {
  private readonly final;
  private readonly refused;

  constructor(
    metrics: Metrics,
    @Inject(Log) private readonly log: Log,
  ) {
    this.final = metrics.counter({
      name: 'jangteo_orders_final_total',
      help: 'Payments and redemptions that this process saw settled on chain',
      labelNames: ['kind'],
    });
    this.refused = metrics.counter({
      name: 'jangteo_orders_refused_on_chain_total',
      help: 'Payments and redemptions that the contract refused, by code',
      labelNames: ['kind', 'code'],
    });
  }

  /** A transaction of the relayer is journalled and about to be sent. */
  carried({ kind, hash, nonce, relayer, ids }: CarriedTransaction): void {
    if (!this.log.writes('debug')) return;
    this.log.debug('relayer.carried', {
      component: kind,
      txHash: hash,
      nonce,
      address: relayer,
      count: ids.length,
    });
    if (kind !== 'payment' && kind !== 'redemption') return;
    for (const id of ids) this.log.debug(`${kind}.carried`, { ...orderIdField(kind, id), txHash: hash });
  }

  /** Blocks are in the tables. */
  applied(batch: IndexedBatch): void {
    for (const event of batch.events) {
      switch (event.name) {
        case 'Paid':
          this.settled('payment', event.payment, event);
          break;
        case 'Redeemed':
          this.settled('redemption', event.redemption, event);
          break;
        case 'PaymentRefused':
          this.declined('payment', event.payment, event);
          break;
        case 'RedemptionRefused':
          this.declined('redemption', event.redemption, event);
          break;
        default:
      }
    }
  }

  private settled(kind: OrderKind, id: string, place: Place): void {
    this.final.inc({ kind });
    this.tell(`${kind}.final`, kind, id, place);
  }

  private declined(kind: OrderKind, id: string, event: Place & { readonly code: number }): void {
    // A watcher must not stop what it watches, whatever number a later contract may have.
    const code = ITEM_REFUSALS.find(({ number }) => number === event.code)?.key ?? 'unknown';
    this.refused.inc({ kind, code });
    this.tell(`${kind}.refused_on_chain`, kind, id, event, { code });
  }

  private tell(
    event: string,
    kind: OrderKind,
    id: string,
    { txHash, blockNumber }: Place,
    more: { readonly code?: string } = {},
  ): void {
    if (!this.log.writes('debug')) return;
    this.log.debug(event, { ...orderIdField(kind, id), txHash, blockNumber: Number(blockNumber), ...more });
  }
}

interface Place {
  readonly txHash: string;
  readonly blockNumber: bigint;
}
