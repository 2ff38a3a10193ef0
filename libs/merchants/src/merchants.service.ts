import { Injectable } from '@nestjs/common';
import { RegionDirectory, showMoving } from '#access';
import {
  categoryOfId,
  categoryOfKey,
  formatBusinessNumber,
  isoTime,
  koreanDayIndex,
  matchSeries,
  MERCHANT_STATUS,
  merchantStatusName,
  unpackScopeRule,
} from '#domain';
import { SeriesRepository, SeriesService } from '#issuance';
import { Clock } from '#persistence';
import { ProblemException, searchedText } from '#platform';
import type { MerchantDetailDto, MerchantDto, MerchantQuery } from './merchants.dto.js';
import { type MerchantRow, MerchantsRepository } from './merchants.repository.js';

/** The register of merchants as people look it up. */
@Injectable()
export class MerchantsService {
  constructor(
    private readonly merchants: MerchantsRepository,
    private readonly scopes: SeriesRepository,
    private readonly series: SeriesService,
    private readonly regions: RegionDirectory,
    private readonly clock: Clock,
  ) {}

  /** Up to `limit` merchants behind `after`, in the order of their addresses. */
  async list(query: MerchantQuery, after: string | undefined, limit: number): Promise<MerchantDto[]> {
    const { region, category, text, status } = query;
    const rows = await this.merchants.list({
      region,
      category: category === undefined ? undefined : categoryOfKey(category)?.id,
      status: status === undefined ? undefined : MERCHANT_STATUS[status],
      text: text === undefined ? undefined : searchedText(text),
      after,
      limit,
    });
    const now = await this.clock.recent();
    return rows.map((row) => this.show(row, now));
  }

  /** Throws not_found. */
  async detail(id: string): Promise<MerchantDetailDto> {
    const row = await this.merchants.find(id);
    if (row === undefined) throw new ProblemException('not_found');
    const [balances, accepts] = await Promise.all([this.merchants.balances(id), this.accepts(row)]);
    return {
      ...this.show(row, await this.clock.recent()),
      accepts: await this.series.summaries(accepts),
      balances: balances.map(({ series, balance, own }) => ({
        series,
        balance: String(balance),
        fromResidents: String(own),
      })),
    };
  }

  /** Series in force whose scope rules match the merchant; none when it may not take payments. */
  private async accepts(merchant: MerchantRow): Promise<number[]> {
    if (merchant.status !== MERCHANT_STATUS.active) return [];
    const now = BigInt(await this.clock.recent());
    return (await this.scopes.scopes())
      .filter(({ validUntil }) => validUntil > now)
      .filter(({ id, rules }) => matchSeries({ id, rules: rules.map(unpackScopeRule) }, merchant).ok)
      .map(({ id }) => id);
  }

  private show(row: MerchantRow, now: number): MerchantDto {
    const category = categoryOfId(row.category);
    const unnamed = String(row.category);
    const { lastPaidAt } = row;
    return {
      id: row.merchant,
      name: row.name,
      businessNumber: row.businessNumber === null ? null : formatBusinessNumber(row.businessNumber),
      address: row.address,
      region: row.region,
      regionName: this.regions.name(row.region, 'ko'),
      authority: row.authority,
      keyless: row.keyless,
      ...showMoving(row.handOver),
      formerRegion: row.formerly[0]?.region ?? null,
      formerPlaces: row.formerly.map(({ region, lastSeries }) => ({ region, lastSeries })),
      category: { key: category?.key ?? unnamed, ko: category?.ko ?? unnamed, en: category?.en ?? unnamed },
      size: row.size,
      status: merchantStatusName(row.status) ?? String(row.status),
      heldUntil: row.heldUntil > now ? isoTime(row.heldUntil) : null,
      lastPaidDaysAgo:
        lastPaidAt === null ? null : Math.max(koreanDayIndex(now) - koreanDayIndex(Number(lastPaidAt)), 0),
      lastPaidAt: lastPaidAt === null ? null : isoTime(lastPaidAt),
      demo: row.demo,
    };
  }
}
