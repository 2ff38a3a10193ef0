import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { REGION_LEVELS, type RegionLevel } from '#domain';
import { IsPlainText, IsRegionCode, IsUndivided, PageQuery } from '#platform';

export class RegionQuery extends PageQuery {
  @ApiPropertyOptional({ enum: REGION_LEVELS })
  @IsOptional()
  @IsIn(REGION_LEVELS)
  level?: RegionLevel;

  @IsUndivided()
  @IsRegionCode({
    optional: true,
    allowState: true,
    description:
      'Region directly above, in any spelling that `GET /v1/regions/{code}` takes; empty = the provinces.',
  })
  parent?: string;

  @IsPlainText({
    optional: true,
    max: 50,
    description: 'Part of the Korean name, whatever its spaces, hyphens and width.',
  })
  text?: string;
}

export class RegionNameDto {
  @ApiProperty({ example: '47130' }) code: string;
  @ApiProperty({ example: '경상북도 경주시' }) name: string;
}

export class RegionDto extends RegionNameDto {
  @ApiProperty({ enum: REGION_LEVELS }) level: string;
  @ApiProperty({ description: 'Code of the region above; empty for a province.' }) parent: string;
  @ApiProperty({ description: 'Registered residents on 31 August 2026.' }) population: number;
  @ApiProperty({ type: String, nullable: true, description: 'Code before a reform.' }) formerCode:
    string | null;
}

export class RegionPageDto {
  @ApiProperty({ type: [RegionDto] }) items: RegionDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

/** A former place that several became: only an address says which of them is meant. */
export class DividedRegionDto {
  @ApiProperty({ description: 'The former code, as it was asked for.' }) code: string;
  @ApiProperty({ type: [RegionNameDto], description: 'What it became, two places at least.' })
  became: RegionNameDto[];
}

export class RegionDetailDto extends RegionDto {
  @ApiProperty({ type: [RegionNameDto], description: 'From the province down.' }) path: RegionNameDto[];
  @ApiProperty({ type: [RegionDto] }) children: RegionDto[];
}
