import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { CATEGORIES } from '#domain';
import { IsDay, IsRefusalCode, IsRegionCode, IsUint, IsUndivided, MayBeAbsent, PageQuery } from '#platform';
import { REPORT_GROUPS, type ReportGroup } from './report-group.js';

const CATEGORY_KEYS = [...CATEGORIES.map(({ key }) => key), 'none'];

/** What a list of rows is about. */
export class ReportScopeQuery extends PageQuery {
  @IsRegionCode({
    optional: true,
    allowState: true,
    orNone: true,
    description: 'Issuing authority; empty = the state, none = unknown series.',
  })
  authority?: string;

  @IsUint(32, { optional: true })
  series?: number;

  @IsUndivided()
  @IsRegionCode({
    optional: true,
    allowState: true,
    orNone: true,
    description: 'Region of the merchant, smaller ones included; for what has none of the authority.',
  })
  region?: string;

  @ApiPropertyOptional({ enum: ['true'], description: 'Of `region` only what lies in none of its children.' })
  @MayBeAbsent()
  @IsIn(['true'])
  rest?: string;

  @ApiPropertyOptional({ enum: CATEGORY_KEYS })
  @MayBeAbsent()
  @IsIn(CATEGORY_KEYS)
  category?: string;

  @IsDay({ optional: true, description: 'First day in Korea.' })
  from?: string;

  @IsDay({ optional: true, description: 'Last day in Korea, inclusive.' })
  to?: string;
}

export class SummaryQuery extends OmitType(ReportScopeQuery, ['cursor', 'limit'] as const) {
  @ApiProperty({ enum: REPORT_GROUPS })
  @IsIn(REPORT_GROUPS)
  group: ReportGroup;
}

/** Merchants of today belong to no series and no day. */
export class ActiveMerchantsQuery extends OmitType(ReportScopeQuery, ['series', 'from', 'to'] as const) {}

export class RefusedRowsQuery extends ReportScopeQuery {
  @IsRefusalCode({ optional: true, description: 'Refusal code.' })
  code?: string;
}

export class FigureDto {
  @ApiProperty({ description: 'Won.' }) amount: string;
  @ApiProperty({ type: Number, nullable: true, description: 'Events.' }) count: number | null;
  @ApiProperty({ description: 'The rows that this figure is made of.' }) href: string;
}

export class RefusedByCodeDto {
  @ApiProperty() code: string;
  @ApiProperty() count: number;
  @ApiProperty() href: string;
}

export class RefusedFigureDto extends OmitType(FigureDto, ['amount'] as const) {
  @ApiProperty({ type: [RefusedByCodeDto] }) byCode: RefusedByCodeDto[];
}

export class CountDto {
  @ApiProperty() count: number;
  @ApiProperty() href: string;
}

export class FiguresDto {
  @ApiProperty({ type: FigureDto }) issued: FigureDto;
  @ApiProperty({
    type: FigureDto,
    description: 'Up to the last day: issued − redeemed + returned − refunded − expired.',
  })
  outstanding: FigureDto;

  @ApiProperty({
    type: FigureDto,
    description: 'Voided payments included; a payment counts once for each series.',
  })
  paid: FigureDto;

  @ApiProperty({ type: FigureDto, description: 'Payments taken back by merchants.' }) voided: FigureDto;
  @ApiProperty({ type: FigureDto, description: 'From resident to resident.' }) given: FigureDto;
  @ApiProperty({ type: FigureDto, description: 'From merchant to merchant, at the recipient.' })
  circulated: FigureDto;

  @ApiProperty({ type: FigureDto }) redeemed: FigureDto;
  @ApiProperty({ type: FigureDto, description: 'Redemptions that were not paid out.' }) returned: FigureDto;
  @ApiProperty({ type: FigureDto, description: 'By the statutory rule.' }) refunded: FigureDto;
  @ApiProperty({ type: FigureDto, description: 'After validity, to the funders.' }) expired: FigureDto;
  @ApiProperty({
    type: RefusedFigureDto,
    description:
      'Payments submitted here and refused, on acceptance or on chain. Counted alone: anybody may ask for any amount, so ' +
      'a sum of what was refused says nothing.',
  })
  refused: RefusedFigureDto;

  @ApiProperty({
    type: CountDto,
    description: 'Registered and active there now; by series and by day: those that took payments.',
  })
  merchantsActive: CountDto;
}

export class NameDto {
  @ApiProperty() ko: string;
  @ApiProperty() en: string;
}

export class ReportRowDto {
  @ApiProperty({ type: String, nullable: true, description: 'Null = has none.' }) key: string | null;
  @ApiProperty({ type: NameDto }) name: NameDto;
  @ApiProperty({ type: FiguresDto }) figures: FiguresDto;
}

export class SummaryDto {
  @ApiProperty({ enum: REPORT_GROUPS }) group: string;
  @ApiProperty({ type: String, nullable: true, description: 'Newest block that the figures know.' })
  block: string | null;

  @ApiProperty({ type: [ReportRowDto] }) rows: ReportRowDto[];
  @ApiProperty({ type: FiguresDto }) total: FiguresDto;
}

export class ReportEventDto {
  @ApiProperty({ description: 'ISO 8601 in UTC.' }) at: string;
  @ApiProperty({ type: String, nullable: true, description: 'Payment or redemption.' }) id: string | null;
  @ApiProperty() series: string;
  @ApiProperty({ type: String, nullable: true }) authority: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Resident.' }) account: string | null;
  @ApiProperty({ type: String, nullable: true }) merchant: string | null;
  @ApiProperty({ type: String, nullable: true }) region: string | null;
  @ApiProperty({ type: String, nullable: true }) category: string | null;
  @ApiProperty({ description: 'Won; negative where it takes from what is outstanding.' }) amount: string;
  @ApiProperty({ type: String, nullable: true }) code: string | null;
  @ApiProperty({ type: String, nullable: true }) block: string | null;
  @ApiProperty({ type: String, nullable: true }) transaction: string | null;
}

export class ReportEventPageDto {
  @ApiProperty({ type: [ReportEventDto] }) items: ReportEventDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

export class ReportMerchantDto {
  @ApiProperty() merchant: string;
  @ApiProperty() region: string;
  @ApiProperty() category: string;
  @ApiProperty() href: string;
}

export class ReportMerchantPageDto {
  @ApiProperty({ type: [ReportMerchantDto] }) items: ReportMerchantDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}
