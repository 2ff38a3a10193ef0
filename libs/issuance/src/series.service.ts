import { Injectable } from '@nestjs/common';
import { RegionDirectory } from '#access';
import {
  categoriesOf,
  explainTerms,
  isoTime,
  pinnedTerms,
  regionContains,
  SIZE_ANY,
  TERMS_FLAG_COMPANY,
  TERMS_FLAG_GIFT,
  TERMS_FLAG_SOLD,
  termsDifferences,
  unpackScopeRule,
  type ChainTerms,
  type ScopeRule,
  type Terms,
} from '#domain';
import { Clock } from '#persistence';
import { placesMeant, ProblemException } from '#platform';
import type { SeriesCapsDto, SeriesDetailDto, SeriesState, SeriesSummaryDto } from './series.dto.js';
import { SeriesRepository, type SeriesRow } from './series.repository.js';

/** What is known of the series, in the words of the API. */
@Injectable()
export class SeriesService {
  constructor(
    private readonly series: SeriesRepository,
    private readonly regions: RegionDirectory,
    private readonly clock: Clock,
  ) {}

  /** Up to `limit` series with ids below `before`, newest first. */
  async list(
    filter: { readonly authority?: string; readonly region?: string },
    before: number | undefined,
    limit: number,
  ): Promise<SeriesSummaryDto[]> {
    const { authority, region } = filter;
    const places = region === undefined ? undefined : placesMeant(region);
    const ids = (await this.series.scopes(authority))
      .filter(({ id }) => before === undefined || id < before)
      .filter(
        ({ rules }) => places === undefined || rules.some((rule) => reaches(unpackScopeRule(rule), places)),
      )
      .slice(0, limit)
      .map(({ id }) => id);
    return this.summaries(ids);
  }

  /** Summaries of some series, newest first. */
  async summaries(ids: readonly number[]): Promise<SeriesSummaryDto[]> {
    const [rows, now] = await Promise.all([this.series.findAll(ids), this.clock.recent()]);
    return rows.map((row) => this.summary(row, termsOf(row), BigInt(now)));
  }

  /** Throws series_unknown. */
  async detail(id: number): Promise<SeriesDetailDto> {
    const row = await this.series.find(id);
    if (row === undefined) throw new ProblemException('series_unknown', { args: { series: id } });
    const terms = termsOf(row);
    const [resident, state, province, city] = row.funding;
    const validUntil = Number(row.validUntil);
    return {
      ...this.summary(row, terms, BigInt(await this.clock.recent())),
      termsHash: row.document,
      termsText: row.canonical,
      caps: capsOf(row),
      funding: { resident, state, province, city },
      gift: (row.flags & TERMS_FLAG_GIFT) !== 0,
      circulation: row.hops,
      refund: { thresholdPercent: row.refundPercent, unusedDays: row.refundDays },
      rules: row.rules.map(unpackScopeRule).map(({ area, categories, maxSize }) => ({
        area,
        areaName: this.regions.name(area, 'ko'),
        categories: categoriesOf(categories),
        maxSize: maxSize === SIZE_ANY ? null : maxSize,
      })),
      explanation: terms && {
        ko: explainTerms(terms, 'ko', this.regions.name, validUntil),
        en: explainTerms(terms, 'en', this.regions.name, validUntil),
      },
      differences: terms === null ? [] : termsDifferences(terms, chainTermsOf(row)),
    };
  }

  private summary(row: SeriesRow, terms: Terms | null, now: bigint): SeriesSummaryDto {
    const { issued, redeemed, returned, refunded, expired } = row;
    return {
      id: row.id,
      authority: row.authority,
      authorityName: this.regions.name(row.authority, 'ko'),
      programme: terms && { ...terms.programme },
      kind: (row.flags & TERMS_FLAG_SOLD) === 0 ? 'granted' : 'sold',
      audience: (row.flags & TERMS_FLAG_COMPANY) === 0 ? 'residents' : 'companies',
      state: stateOf(row, now),
      validFrom: isoTime(row.validFrom),
      validUntil: isoTime(row.validUntil),
      originalUntil: isoTime(row.originalUntil),
      pausedUntil: row.pausedUntil > now ? isoTime(row.pausedUntil) : null,
      figures: {
        budget: String(row.budget),
        approved: String(row.approved),
        issued: String(issued),
        outstanding: String(issued - redeemed + returned - refunded - expired),
        paid: String(row.paid),
        voided: String(row.voided),
        redeemed: String(redeemed),
        returned: String(returned),
        refunded: String(refunded),
        expired: String(expired),
      },
      demo: row.demo,
    };
  }
}

/** Whether a rule's area and one of some regions have a place in common: one lies within the other. */
function reaches({ area }: ScopeRule, regions: readonly string[]): boolean {
  return regions.some((region) => regionContains(area, region) || regionContains(region, area));
}

/** The stored document; one that is not what the chain pins counts as absent. */
function termsOf({ canonical, document }: SeriesRow): Terms | null {
  return canonical === null ? null : (pinnedTerms(canonical, document) ?? null);
}

function chainTermsOf(row: SeriesRow): ChainTerms {
  return { ...row, validFrom: Number(row.validFrom), validUntil: Number(row.originalUntil) };
}

function stateOf(
  { closed, expiring, validFrom, validUntil, pausedUntil }: SeriesRow,
  now: bigint,
): SeriesState {
  if (closed) return 'closed';
  if (expiring) return 'expiring';
  if (now >= validUntil) return 'over';
  if (now < pausedUntil) return 'paused';
  return now < validFrom ? 'upcoming' : 'open';
}

function capsOf(row: SeriesRow): SeriesCapsDto {
  const [none, phone, realName] = row.dailyCaps;
  return {
    payment: cap(row.paymentCap),
    daily: row.dailyCaps.every((won) => won === 0n)
      ? null
      : { none: cap(none), phone: cap(phone), real_name: cap(realName) },
    holding: cap(row.holdingCap),
    purchaseMonth: cap(row.monthCap),
    purchaseYear: cap(row.yearCap),
    giftMonth: cap(row.giftCap),
  };
}

function cap(won: bigint): string | null {
  return won === 0n ? null : String(won);
}
