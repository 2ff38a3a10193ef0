import { ApiProperty } from '@nestjs/swagger';
import { IsRegionCode, IsUndivided, PageQuery } from '#platform';

export class SeriesQuery extends PageQuery {
  @IsRegionCode({ optional: true, allowState: true, description: 'Issuing authority.' })
  authority?: string;

  @IsUndivided()
  @IsRegionCode({ optional: true, description: 'Can be spent somewhere in this region.' })
  region?: string;
}

export const SERIES_STATES = ['upcoming', 'open', 'paused', 'over', 'expiring', 'closed'] as const;
export type SeriesState = (typeof SERIES_STATES)[number];

export class ScopeRuleDto {
  @ApiProperty({ description: 'Region code.' }) area: string;
  @ApiProperty() areaName: string;
  @ApiProperty({ description: 'Category ids 0–127.', type: [Number] }) categories: number[];
  @ApiProperty({ type: Number, nullable: true, description: 'Largest size class; null = any.' })
  maxSize: number | null;
}

export class SeriesFiguresDto {
  @ApiProperty({ description: 'Won that may be issued in all.' }) budget: string;
  @ApiProperty({ description: 'Won that issue orders claim.' }) approved: string;
  @ApiProperty() issued: string;
  @ApiProperty({
    description: 'With residents and merchants: issued − redeemed + returned − refunded − expired.',
  })
  outstanding: string;

  @ApiProperty({ description: 'Paid to merchants, voided payments included.' }) paid: string;
  @ApiProperty({ description: 'Of what was paid, taken back by the merchants.' }) voided: string;
  @ApiProperty({ description: 'With what was returned later.' }) redeemed: string;
  @ApiProperty({ description: 'Redemptions that were not paid out: vouchers again.' }) returned: string;
  @ApiProperty({ description: 'Given back to residents and funders by the statutory rule.' })
  refunded: string;
  @ApiProperty({ description: 'Fell back to the funders after validity.' }) expired: string;
}

export class ProgrammeNameDto {
  @ApiProperty() ko: string;
  @ApiProperty() en: string;
}

export class SeriesSummaryDto {
  @ApiProperty() id: number;
  @ApiProperty() authority: string;
  @ApiProperty() authorityName: string;
  @ApiProperty({ type: ProgrammeNameDto, nullable: true }) programme: ProgrammeNameDto | null;
  @ApiProperty({ enum: ['sold', 'granted'] }) kind: string;
  @ApiProperty({ enum: ['residents', 'companies'], description: 'Who may have it from the authority.' })
  audience: string;

  @ApiProperty({
    enum: SERIES_STATES,
    description:
      'open: may be issued and spent now; over: validity has ended; expiring: what residents have left is being ' +
      'given back to the funders; closed: for good.',
  })
  state: SeriesState;

  @ApiProperty() validFrom: string;
  @ApiProperty({ description: 'Exclusive; officers may extend it.' }) validUntil: string;
  @ApiProperty({
    description: 'The end that it was published with, which stays: a payment takes from the earliest first.',
  })
  originalUntil: string;

  @ApiProperty({ type: String, nullable: true }) pausedUntil: string | null;
  @ApiProperty({ type: SeriesFiguresDto }) figures: SeriesFiguresDto;
  @ApiProperty() demo: boolean;
}

export class DailyCapsDto {
  @ApiProperty({ type: String, nullable: true }) none: string | null;
  @ApiProperty({ type: String, nullable: true }) phone: string | null;
  @ApiProperty({ type: String, nullable: true }) real_name: string | null;
}

export class SeriesCapsDto {
  @ApiProperty({ type: String, nullable: true }) payment: string | null;
  @ApiProperty({ type: DailyCapsDto, nullable: true, description: 'By how well the holder is identified.' })
  daily: DailyCapsDto | null;

  @ApiProperty({ type: String, nullable: true }) holding: string | null;
  @ApiProperty({ type: String, nullable: true, description: "Of all the authority's sold series." })
  purchaseMonth: string | null;

  @ApiProperty({ type: String, nullable: true }) purchaseYear: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Received as gifts.' }) giftMonth: string | null;
}

export class RefundRuleDto {
  @ApiProperty({ description: 'Per cent that must be spent before the rest is refunded; 0 = never.' })
  thresholdPercent: number;

  @ApiProperty({ description: 'Korean days in which an untouched holding is refunded; 0 = never.' })
  unusedDays: number;
}

export class FundingDto {
  @ApiProperty({ description: 'Basis points.' }) resident: number;
  @ApiProperty() state: number;
  @ApiProperty() province: number;
  @ApiProperty() city: number;
}

export class ExplanationDto {
  @ApiProperty({ type: [String] }) ko: string[];
  @ApiProperty({ type: [String] }) en: string[];
}

export class SeriesDetailDto extends SeriesSummaryDto {
  @ApiProperty({ description: 'keccak256 of termsText in UTF-8, pinned on chain.' }) termsHash: string;
  @ApiProperty({ type: String, nullable: true, description: 'Canonical terms (RFC 8785).' })
  termsText: string | null;

  @ApiProperty({ type: SeriesCapsDto, description: 'Won; null = none.' }) caps: SeriesCapsDto;
  @ApiProperty({ type: FundingDto }) funding: FundingDto;
  @ApiProperty() gift: boolean;
  @ApiProperty({ description: 'How often merchant balances may move on to other merchants; 0 = never.' })
  circulation: number;

  @ApiProperty({ type: RefundRuleDto }) refund: RefundRuleDto;
  @ApiProperty({ type: [ScopeRuleDto] }) rules: ScopeRuleDto[];
  @ApiProperty({ type: ExplanationDto, nullable: true }) explanation: ExplanationDto | null;
  @ApiProperty({
    type: [String],
    description: 'Fields in which the chain does not say what the terms say; none.',
  })
  differences: string[];
}

export class SeriesPageDto {
  @ApiProperty({ type: [SeriesSummaryDto] }) items: SeriesSummaryDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

export class DelegationDto {
  @ApiProperty() authority: string;
  @ApiProperty() authorityName: string;
  @ApiProperty({ description: 'Won that it may still approve by itself.' }) left: string;
  @ApiProperty({ description: 'Won that its open and closed orders claim.' }) approved: string;
}

export class DelegationListDto {
  @ApiProperty({ type: [DelegationDto] }) items: DelegationDto[];
}
