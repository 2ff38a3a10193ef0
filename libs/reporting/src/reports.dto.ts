import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { CATEGORIES } from '#domain';
import { IsUint, MayBeAbsent, PageQuery } from '#platform';
import { REPORT_GROUPS, type ReportGroup } from './report-group.js';

const CATEGORY_KEYS = [...CATEGORIES.map(({ key }) => key), 'none'];
const REGION_OR_NONE = /^(\d{2,10}|none)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What a list of rows is about. */
export class ReportScopeQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Issuing authority; empty = the state, none = unknown series.' })
  @MayBeAbsent()
  @Matches(REGION_OR_NONE, { message: 'must be a region code of 2–10 digits' })
  authority?: string;

  @IsUint(32, { optional: true })
  series?: number;

  @ApiPropertyOptional({
    description: 'Region of the merchant, smaller ones included; for what has none of the authority.',
  })
  @MayBeAbsent()
  @Matches(REGION_OR_NONE, { message: 'must be a region code of 2–10 digits' })
  region?: string;

  @ApiPropertyOptional({ enum: ['true'], description: 'Of `region` only what lies in none of its children.' })
  @MayBeAbsent()
  @IsIn(['true'])
  rest?: string;

  @ApiPropertyOptional({ enum: CATEGORY_KEYS })
  @MayBeAbsent()
  @IsIn(CATEGORY_KEYS)
  category?: string;

  @ApiPropertyOptional({ format: 'date', description: 'First day in Korea.' })
  @MayBeAbsent()
  @Matches(DAY, { message: 'must be a date like 2026-01-31' })
  from?: string;

  @ApiPropertyOptional({ format: 'date', description: 'Last day in Korea, inclusive.' })
  @MayBeAbsent()
  @Matches(DAY, { message: 'must be a date like 2026-01-31' })
  to?: string;
}

export class SummaryQuery extends OmitType(ReportScopeQuery, ['cursor', 'limit'] as const) {
  @ApiProperty({ enum: REPORT_GROUPS })
  @IsIn(REPORT_GROUPS)
  group: ReportGroup;
}

export class ReportRowsQuery extends ReportScopeQuery {
  @ApiPropertyOptional({ description: 'Refusal code; for refused payments.' })
  @MayBeAbsent()
  @Matches(/^[a-z_]{1,40}$/)
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

export class RefusedFigureDto extends FigureDto {
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
    description: 'Payments submitted here and refused, at the door or on chain.',
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
