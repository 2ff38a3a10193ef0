import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { MovingDto } from '#access';
import { SeriesSummaryDto } from '#issuance';
import { CATEGORIES } from '#domain';
import { IsPlainText, IsRegionCode, IsUndivided, PageQuery } from '#platform';

const CATEGORY_KEYS = CATEGORIES.map(({ key }) => key);
const STATUSES = ['active', 'suspended', 'closed'] as const;

export class MerchantQuery extends PageQuery {
  @IsUndivided()
  @IsRegionCode({ optional: true, description: 'In this region.' })
  region?: string;

  @ApiPropertyOptional({ enum: CATEGORY_KEYS })
  @IsOptional()
  @IsIn(CATEGORY_KEYS)
  category?: string;

  @IsPlainText({
    optional: true,
    max: 100,
    description: 'Part of the name, whatever its spaces, hyphens, case and width; or a business number.',
  })
  text?: string;

  @ApiPropertyOptional({ enum: STATUSES })
  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];
}

export class CategoryDto {
  @ApiProperty() key: string;
  @ApiProperty() ko: string;
  @ApiProperty() en: string;
}

export class FormerPlaceDto {
  @ApiProperty({ example: '47720' }) region: string;
  @ApiProperty({
    description: 'Series up to this number may be spent here as if the place were still there.',
  })
  lastSeries: number;
}

export class MerchantDto extends MovingDto {
  @ApiProperty({ description: 'Address of the account.' }) id: string;
  @ApiProperty({ type: String, nullable: true }) name: string | null;
  @ApiProperty({ type: String, nullable: true, example: '123-45-67890' }) businessNumber: string | null;
  @ApiProperty({ type: String, nullable: true }) address: string | null;
  @ApiProperty() region: string;
  @ApiProperty() regionName: string;
  @ApiProperty({
    example: '47130',
    description: 'Authority that answers for it; no other one can act on it.',
  })
  authority: string;

  @ApiProperty({ description: 'It was registered without keys and has none yet.' }) keyless: boolean;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '47720',
    description: 'Code of its place before the newest reform of the codes; null after a move.',
  })
  formerRegion: string | null;

  @ApiProperty({ type: [FormerPlaceDto], description: 'Its places before reforms, the newest first.' })
  formerPlaces: FormerPlaceDto[];

  @ApiProperty({ type: CategoryDto }) category: CategoryDto;
  @ApiProperty({ description: 'Size class by annual sales, 0 the smallest.' }) size: number;
  @ApiProperty({ enum: STATUSES }) status: string;
  @ApiProperty({ type: String, nullable: true, description: 'Payouts are kept back until then.' })
  heldUntil: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Days since the newest payment; null = never.' })
  lastPaidDaysAgo: number | null;

  @ApiProperty({ type: String, nullable: true }) lastPaidAt: string | null;
  @ApiProperty() demo: boolean;
}

export class MerchantPageDto {
  @ApiProperty({ type: [MerchantDto] }) items: MerchantDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

export class MerchantSeriesFiguresDto {
  @ApiProperty() series: number;
  @ApiProperty({ description: 'Won not redeemed yet.' }) balance: string;
  @ApiProperty({ description: 'Of it taken from residents; the rest came from other merchants.' })
  fromResidents: string;
}

export class MerchantDetailDto extends MerchantDto {
  @ApiProperty({ type: [SeriesSummaryDto], description: 'Series that can be spent here now.' })
  accepts: SeriesSummaryDto[];

  @ApiProperty({ type: [MerchantSeriesFiguresDto] }) balances: MerchantSeriesFiguresDto[];
}
