import { Injectable } from '@nestjs/common';
import { isoTime, RegionDirectory } from '#access';
import {
  categoriesOf,
  explainTerms,
  parseTerms,
  regionContains,
  SIZE_ANY,
  TERMS_FLAG_CIRCULATION,
  TERMS_FLAG_GIFT,
  unpackScopeRule,
  type ScopeRule,
  type Terms,
} from '#domain';
import { ProblemException } from '#platform';
import type { SeriesDetailDto, SeriesSummaryDto } from './series.dto.js';
import { SeriesRepository, type SeriesRow } from './series.repository.js';

/** What is known of the series, in the words of the API. */
@Injectable()
export class SeriesService {
  constructor(
    private readonly series: SeriesRepository,
    private readonly regions: RegionDirectory,
  ) {}

  /** Up to `limit` series with ids below `before`, newest first. */
  async list(
    filter: { readonly authority?: string; readonly region?: string },
    before: number | undefined,
    limit: number,
  ): Promise<SeriesSummaryDto[]> {
    const { authority, region } = filter;
    const ids = (await this.series.scopes(authority))
      .filter(({ id }) => before === undefined || id < before)
      .filter(
        ({ rules }) => region === undefined || rules.some((rule) => reaches(unpackScopeRule(rule), region)),
      )
      .slice(0, limit)
      .map(({ id }) => id);
    return this.summaries(ids);
  }

  /** Summaries of some series, newest first. */
  async summaries(ids: readonly number[]): Promise<SeriesSummaryDto[]> {
    return (await this.series.findAll(ids)).map((row) => this.summary(row, termsOf(row)));
  }

  /** Throws series_unknown. */
  async detail(id: number): Promise<SeriesDetailDto> {
    const row = await this.series.find(id);
    if (row === undefined) throw new ProblemException('series_unknown', { args: { series: id } });
    const terms = termsOf(row);
    const [resident = 0, state = 0, province = 0, city = 0] = row.funding;
    return {
      ...this.summary(row, terms),
      termsHash: row.document,
      termsText: row.canonical,
      caps: { payment: cap(row.paymentCap), daily: cap(row.dailyCap), holding: cap(row.holdingCap) },
      funding: { resident, state, province, city },
      gift: (row.flags & TERMS_FLAG_GIFT) !== 0,
      circulation: (row.flags & TERMS_FLAG_CIRCULATION) !== 0,
      rules: row.rules.map(unpackScopeRule).map(({ area, categories, maxSize }) => ({
        area,
        areaName: this.regions.name(area),
        categories: categoriesOf(categories),
        maxSize: maxSize === SIZE_ANY ? null : maxSize,
      })),
      explanation: terms && {
        ko: explainTerms(terms, 'ko', this.regions.name),
        en: explainTerms(terms, 'en', this.regions.name),
      },
    };
  }

  private summary(row: SeriesRow, terms: Terms | null): SeriesSummaryDto {
    const now = BigInt(Math.floor(Date.now() / 1000));
    return {
      id: row.id,
      authority: row.authority,
      authorityName: this.regions.name(row.authority),
      programme: terms && { ...terms.programme },
      kind: terms && terms.kind,
      validFrom: isoTime(row.validFrom),
      validUntil: isoTime(row.validUntil),
      pausedUntil: row.pausedUntil > now ? isoTime(row.pausedUntil) : null,
      figures: {
        budget: String(row.budget),
        approved: String(row.approved),
        issued: String(row.issued),
        outstanding: String(row.issued - row.redeemed),
        paid: String(row.paid),
        redeemed: String(row.redeemed),
      },
      demo: row.demo,
    };
  }
}

/** Whether a rule's area and a region have a place in common: one lies within the other. */
function reaches({ area }: ScopeRule, region: string): boolean {
  return regionContains(area, region) || regionContains(region, area);
}

/** The stored document; it was checked before it was stored, so a broken one counts as absent. */
function termsOf({ canonical }: SeriesRow): Terms | null {
  if (canonical === null) return null;
  const parsed = parseTerms(JSON.parse(canonical));
  return parsed.ok ? parsed.terms : null;
}

function cap(won: bigint): string | null {
  return won === 0n ? null : String(won);
}
