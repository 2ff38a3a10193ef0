import { Injectable } from '@nestjs/common';
import { ActSubjectsRepository, keySignature, RegionDirectory } from '#access';
import { CurrentDeployment } from '#node';
import {
  encodeIssueByQuota,
  type IssueRecipient,
  packRecipients,
  quotaIssueDigest,
  unpackRecipients,
  vouchersDomain,
} from '#contracts';
import { dayBounds } from '#domain';
import { Clock, type Transaction } from '#persistence';
import { ProblemException } from '#platform';
import { keccak256 } from 'ethers';
import type { IssueOrderDto, QuotaChunkBody, QuotaChunkDto } from './issue-orders.dto.js';
import { type IssueOrderRow, IssueOrdersRepository, type QuotaChunk } from './issue-orders.repository.js';
import type { DelegationDto, SeriesSummaryDto } from './series.dto.js';
import { SeriesService } from './series.service.js';

/** What officers approved for issue, and issuing by the key of a quota. */
@Injectable()
export class IssueOrdersService {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly orders: IssueOrdersRepository,
    private readonly subjects: ActSubjectsRepository,
    private readonly series: SeriesService,
    private readonly regions: RegionDirectory,
    private readonly clock: Clock,
  ) {}

  async ofSeries(series: number, before: number | undefined, limit: number): Promise<IssueOrderDto[]> {
    return (await this.orders.ofSeries(series, await this.dayStart(), before, limit)).map(show);
  }

  /** Throws not_found. */
  async find(id: number): Promise<IssueOrderDto> {
    return show(await this.order(id));
  }

  async delegations(series: number): Promise<DelegationDto[]> {
    const delegates = await this.orders.delegates(series);
    return Promise.all(
      delegates.map(async ({ authority, approved }) => ({
        authority,
        authorityName: this.regions.name(authority, 'ko'),
        left: String(await this.subjects.delegatedLeft(series, authority)),
        approved: String(approved),
      })),
    );
  }

  /**
   * Hands a chunk that the quota's key signed to the relayer. The same chunk again changes nothing; another one under a
   * number that is used, or under way, is refused. Throws a problem when the contract would refuse it as it stands;
   * recipients are judged one by one on chain.
   */
  async issueByQuota(id: number, { index, items, signature }: QuotaChunkBody): Promise<QuotaChunkDto> {
    const order = await this.order(id);
    const zero = items.findIndex(({ amount }) => amount === 0n);
    if (zero >= 0) throw new ProblemException('amount_zero');
    const packed = packRecipients(items);
    const domain = vouchersDomain(this.deployment);
    const digest = quotaIssueDigest(domain, { issueOrder: id, index, items: keccak256(packed) });
    const encoded = order.key === null ? null : keySignature(digest, signature, [order.key]);
    if (encoded === null) throw new ProblemException('chunk_not_in_order', { args: { order: id, index } });
    const [series] = await this.series.summaries([order.series]);
    const dayStart = await this.dayStart();
    const { vouchers } = this.deployment;
    const state = await this.orders.oneAtATime(id, async (tx) => {
      const found = await this.orders.withUnderWay(tx, id, dayStart, vouchers);
      if (found === undefined) throw new ProblemException('not_found');
      const earlier = await this.earlier(tx, id, { index, items: packed }, found.underWay);
      if (earlier === 'issued') return earlier;
      if (found.order.closed) throw new ProblemException('order_closed', { args: { order: id } });
      if (earlier === 'accepted') return earlier;
      requireRoom(found.order, found.underWay, sumOf(items));
      requireOpen(series?.state ?? 'closed');
      await this.orders.enqueue(tx, digest, vouchers, encodeIssueByQuota(id, index, packed, encoded));
      return 'accepted';
    });
    return { issueOrder: String(id), index, state };
  }

  /**
   * What became of the same chunk; undefined when its number is free. Throws chunk_already_issued for another one.
   * `underWay` is read before: a chunk that a block has taken out of it since is found as issued.
   */
  private async earlier(
    tx: Transaction,
    order: number,
    { index, items }: QuotaChunk,
    underWay: readonly QuotaChunk[],
  ): Promise<'issued' | 'accepted' | undefined> {
    const issued = await this.orders.issuedChunk(tx, order, index);
    const accepted = underWay.find((chunk) => chunk.index === index);
    const first = issued ?? (accepted && unpackRecipients(accepted.items));
    if (first === undefined) return undefined;
    if (!isSameList(first, unpackRecipients(items)))
      throw new ProblemException('chunk_already_issued', { args: { order, index } });
    return issued === undefined ? 'accepted' : 'issued';
  }

  private async order(id: number): Promise<IssueOrderRow> {
    const order = await this.orders.find(id, await this.dayStart());
    if (order === undefined) throw new ProblemException('not_found');
    return order;
  }

  private async dayStart(): Promise<number> {
    return dayBounds(await this.clock.today()).from;
  }
}

function sumOf(items: readonly { readonly amount: bigint }[]): bigint {
  return items.reduce((sum, { amount }) => sum + amount, 0n);
}

/** What chunks under way have promised is spent. Throws quota_exceeded. */
function requireRoom(order: IssueOrderRow, underWay: readonly QuotaChunk[], needed: bigint): void {
  const promised = underWay.reduce((sum, { items }) => sum + sumOf(unpackRecipients(items)), 0n);
  const left = leftToday(order) - promised;
  if (needed <= left) return;
  throw new ProblemException('quota_exceeded', {
    args: { left: String(left > 0n ? left : 0n), needed: String(needed) },
  });
}

function requireOpen(state: SeriesSummaryDto['state']): void {
  // The contract refuses the whole chunk then; its reasons have the numbers of the refusals of items.
  if (state === 'paused') throw new ProblemException('series_paused');
  // What is bought ahead of the first day is issued then: the contract asks for the end alone.
  if (state !== 'open' && state !== 'upcoming') throw new ProblemException('expired');
}

function isSameList(one: readonly IssueRecipient[], other: readonly IssueRecipient[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ account, amount }, at) => account === other[at]?.account && amount === other[at].amount)
  );
}

function leftToday({ perDay, issuedToday, total, issued }: IssueOrderRow): bigint {
  const today = perDay === null || perDay < issuedToday ? 0n : perDay - issuedToday;
  const inAll = total - issued;
  return today < inAll ? today : inAll;
}

function show(order: IssueOrderRow): IssueOrderDto {
  const { id, series, approvedBy, total, issued, key, perDay, closed, list } = order;
  return {
    id: String(id),
    series,
    kind: key === null ? 'list' : 'quota',
    approvedBy,
    total: String(total),
    issued: String(issued),
    recipients: Number(order.recipients),
    refused: Number(order.refused),
    chunks: Number(order.chunks),
    closed,
    quota:
      key === null
        ? null
        : { key, perDay: String(perDay ?? 0n), leftToday: closed ? '0' : String(leftToday(order)) },
    list,
  };
}
