import { Injectable } from '@nestjs/common';
import type { ActCall } from '#contracts';
import { areasContain, areasMeet, latestPause, packRegion, refusalOfExtension, type Areas } from '#domain';
import { Clock } from '#persistence';
import { AuthoritiesRepository } from '../authorities/authorities.repository.js';
import { BLOCK_SECONDS } from '../block-time.js';
import { ActSubjectsRepository, type SeriesOwner } from './act-subjects.repository.js';
import { refusedAt } from './refused-at.js';

/** Acts about series, what may be issued of them, and what is paid out. */
const KINDS = [
  'publish_series',
  'set_budget',
  'pause_series',
  'extend_series',
  'delegate_budget',
  'start_expiry',
  'close_series',
  'approve_issue',
  'approve_quota',
  'close_issue_order',
  'settle',
  'return_redemptions',
] as const;

export type SeriesCall = Extract<ActCall, { kind: (typeof KINDS)[number] }>;

/** Refuses what the contract would refuse of acts about series, if they were executed now. */
@Injectable()
export class SeriesChecks {
  constructor(
    private readonly subjects: ActSubjectsRepository,
    private readonly authorities: AuthoritiesRepository,
    private readonly clock: Clock,
  ) {}

  /** @param areas of the authority that acts */
  async subject({ kind, args }: SeriesCall, areas: Areas): Promise<void> {
    const { authority } = args;
    switch (kind) {
      case 'publish_series':
        return this.mayBegin(args.terms.validUntil);
      case 'set_budget':
        return this.mayHaveBudget(authority, args.series, args.budget);
      case 'pause_series':
        return this.mayPause(authority, args.series, args.until);
      case 'extend_series':
        return this.mayExtend(authority, args);
      case 'delegate_budget':
        await this.ownSeries(authority, args.series);
        if (args.to === authority || !(await this.mayDelegate(areas, args.to)))
          throw refusedAt('args.to', 'region_outside_authority', { authority, region: args.to });
        return;
      case 'start_expiry':
        await this.overSeries(authority, args.series);
        return;
      case 'close_series':
        return this.mayClose(authority, args.series);
      case 'approve_issue':
        return this.mayIssue(authority, args, 'attachment.items');
      case 'approve_quota':
        return this.mayIssue(authority, args, 'args.total');
      case 'close_issue_order':
        return this.ownOrder(authority, args.issueOrder);
      case 'settle':
        for (const [index, { series }] of args.lines.entries())
          await this.ownSeries(authority, series, `args.lines[${index}].series`);
        return;
      case 'return_redemptions':
        return this.mayReturn(args.entries, authority);
    }
  }

  /** To whom has a place in one of the areas now; one that is not founded yet begins with its own code. */
  private async mayDelegate(areas: Areas, to: string): Promise<boolean> {
    return areasContain(areas, to) || areasMeet(areas, await this.authorities.areas(to));
  }

  private async mayBegin(validUntil: number): Promise<void> {
    if (validUntil <= (await this.clock.now()) + BLOCK_SECONDS)
      throw refusedAt('attachment.terms.validUntil', 'terms_invalid', { field: 'validUntil' });
  }

  private async ownSeries(authority: string, series: number, field = 'args.series'): Promise<SeriesOwner> {
    const known = await this.subjects.series(series);
    if (known === undefined) throw refusedAt(field, 'series_unknown', { series });
    if (known.authority !== authority) throw notOf(authority, series, field);
    return known;
  }

  private async mayHaveBudget(authority: string, series: number, budget: bigint): Promise<void> {
    const { approved } = await this.ownSeries(authority, series);
    if (budget < approved)
      throw refusedAt('args.budget', 'budget_below_approved', {
        budget: String(budget),
        approved: String(approved),
      });
  }

  /** All pauses of a series together last a tenth of its validity. */
  private async mayPause(authority: string, series: number, until: number): Promise<void> {
    const { pauses } = await this.ownSeries(authority, series);
    const latest = latestPause(pauses, await this.clock.now());
    if (until > latest) throw refusedAt('args.until', 'pause_too_long', { until, latest });
  }

  /** Refused a block early where its moment decides: the act is executed in a later one. */
  private async mayExtend(
    authority: string,
    { series, from, until }: { readonly series: number; readonly from: number; readonly until: number },
  ): Promise<void> {
    const { validity } = await this.ownSeries(authority, series);
    const now = (await this.clock.now()) + BLOCK_SECONDS;
    const refusal = refusalOfExtension(series, validity, { from, until }, now);
    if (refusal === undefined) return;
    const ofEnd = refusal.code === 'extension_too_short' || refusal.code === 'extension_too_long';
    throw refusedAt(ofEnd ? 'args.until' : 'args.series', refusal.code, refusal.args);
  }

  private async overSeries(authority: string, series: number): Promise<SeriesOwner> {
    const known = await this.ownSeries(authority, series);
    const { validUntil } = known.validity;
    if (validUntil + BLOCK_SECONDS > (await this.clock.now()))
      throw refusedAt('args.series', 'series_not_over', { series, valid_until: validUntil });
    return known;
  }

  private async mayClose(authority: string, series: number): Promise<void> {
    const { outstanding } = await this.overSeries(authority, series);
    if (outstanding !== 0n)
      throw refusedAt('args.series', 'series_not_empty', { series, outstanding: String(outstanding) });
  }

  private async ownOrder(authority: string, issueOrder: number): Promise<void> {
    const order = await this.subjects.order(issueOrder);
    const at = { order: issueOrder };
    if (order === undefined) throw refusedAt('args.issueOrder', 'order_unknown', at);
    if (order.closed) throw refusedAt('args.issueOrder', 'order_closed', at);
    // Of a delegate's order also the series' own authority: it is its money.
    if (order.by !== authority && order.owner !== authority)
      throw notOf(authority, order.series, 'args.issueOrder');
  }

  /** The series is the authority's own, or enough of its budget is delegated; and enough of the budget is left. */
  private async mayIssue(
    authority: string,
    { series, total }: { readonly series: number; readonly total: bigint },
    field: string,
  ): Promise<void> {
    const known = await this.subjects.series(series);
    if (known === undefined) throw refusedAt('args.series', 'series_unknown', { series });
    const needed = String(total);
    if (known.authority !== authority) {
      const delegated = await this.subjects.delegatedLeft(series, authority);
      if (delegated === 0n) throw notOf(authority, series, 'args.series');
      if (total > delegated)
        throw refusedAt(field, 'delegation_exceeded', { left: String(delegated), needed });
    }
    const left = known.budget - known.approved;
    if (total > left) throw refusedAt(field, 'budget_exceeded', { left: String(left), needed });
  }

  private async mayReturn(
    entries: Extract<SeriesCall, { kind: 'return_redemptions' }>['args']['entries'],
    authority: string,
  ): Promise<void> {
    for (const [index, { series, receipt }] of entries.entries()) {
      const field = `args.redemptions[${index}]`;
      const { validity } = await this.ownSeries(authority, series, field);
      if (validity.closed) throw refusedAt(field, 'return_invalid', { redemption: receipt.id });
    }
  }
}

/** True for an act that these checks are about. */
export function isSeriesCall(call: ActCall): call is SeriesCall {
  const kinds: readonly string[] = KINDS;
  return kinds.includes(call.kind);
}

function notOf(authority: string, series: number, field: string) {
  return refusedAt(field, 'series_not_of_authority', { series, authority: packRegion(authority) });
}
