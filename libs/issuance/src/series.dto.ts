import { ApiProperty } from '@nestjs/swagger';
import { IsRegionCode, PageQuery } from '#platform';

export class SeriesQuery extends PageQuery {
  @IsRegionCode({ optional: true, allowState: true, description: 'Issuing authority.' })
  authority?: string;

  @IsRegionCode({ optional: true, description: 'Can be spent somewhere in this region.' })
  region?: string;
}

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
  @ApiProperty({ description: 'Issued and not redeemed: with residents and merchants.' }) outstanding: string;
  @ApiProperty({ description: 'Paid to merchants.' }) paid: string;
  @ApiProperty() redeemed: string;
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
  @ApiProperty({ type: String, enum: ['sold', 'granted'], nullable: true }) kind: string | null;
  @ApiProperty() validFrom: string;
  @ApiProperty({ description: 'Exclusive.' }) validUntil: string;
  @ApiProperty({ type: String, nullable: true }) pausedUntil: string | null;
  @ApiProperty({ type: SeriesFiguresDto }) figures: SeriesFiguresDto;
  @ApiProperty() demo: boolean;
}

export class SeriesCapsDto {
  @ApiProperty({ type: String, nullable: true }) payment: string | null;
  @ApiProperty({ type: String, nullable: true }) daily: string | null;
  @ApiProperty({ type: String, nullable: true }) holding: string | null;
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
  @ApiProperty() circulation: boolean;
  @ApiProperty({ type: [ScopeRuleDto] }) rules: ScopeRuleDto[];
  @ApiProperty({ type: ExplanationDto, nullable: true }) explanation: ExplanationDto | null;
}

export class SeriesPageDto {
  @ApiProperty({ type: [SeriesSummaryDto] }) items: SeriesSummaryDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}
