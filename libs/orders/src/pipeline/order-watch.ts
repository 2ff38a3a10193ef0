import { Inject, Injectable, Optional } from '@nestjs/common';
import type { OrderKindName } from '#contracts';
import { Log, Metrics } from '#platform';
import type { Order, Verdict } from './order.js';

/** Names under which one order can be followed through the logs of all processes. */
export function orderIdField(kind: OrderKindName, id: string): Readonly<Record<string, string>> {
  return { [`${kind}Id`]: id };
}

/** Counts what the API decides, and writes a line for each order at the level debug. */
@Injectable()
export class OrderWatch {
  private readonly accepted;
  private readonly refused;
  private readonly repeated;
  private readonly early;

  constructor(
    metrics: Metrics,
    @Optional() @Inject(Log) private readonly log?: Log,
  ) {
    this.accepted = metrics.counter({
      name: 'jangteo_orders_accepted_total',
      help: 'Orders that were stored and promised',
      labelNames: ['kind'],
    });
    this.refused = metrics.counter({
      name: 'jangteo_orders_refused_total',
      help: 'Orders that were refused on acceptance, by code',
      labelNames: ['kind', 'code'],
    });
    this.repeated = metrics.counter({
      name: 'jangteo_orders_repeated_total',
      help: 'Submissions of what was known already',
      labelNames: ['kind'],
    });
    this.early = metrics.counter({
      name: 'jangteo_orders_early_total',
      help: 'Orders that were put off for a moment, because too many of the same holder were under way',
      labelNames: ['kind'],
    });
  }

  note(kind: OrderKindName, { id }: Order, verdict: Verdict): void {
    if (verdict.kind === 'accepted') this.accepted.inc({ kind });
    else if (verdict.kind === 'refused') this.refused.inc({ kind, code: verdict.refusal.code });
    else if (verdict.kind === 'far') this.refused.inc({ kind, code: 'order_deadline_too_far' });
    else if (verdict.kind === 'early') this.early.inc({ kind });
    else this.repeated.inc({ kind });
    // At 2,000 a second the lines would be the load, so they are for those who ask for them.
    if (this.log?.writes('debug') !== true) return;
    const code = verdict.kind === 'refused' ? { code: verdict.refusal.code } : {};
    this.log.debug(`${kind}.${verdict.kind}`, { ...orderIdField(kind, id), ...code });
  }
}
