import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { ANCHOR_KINDS, type AnchorKindName } from '#domain';
import { IsRegionCode, MayBeAbsent, PageQuery } from '#platform';

export class AnchorQuery extends PageQuery {
  @IsRegionCode({ optional: true, allowState: true })
  authority?: string;

  @ApiPropertyOptional({ enum: ANCHOR_KINDS })
  @MayBeAbsent()
  @IsIn(ANCHOR_KINDS)
  kind?: AnchorKindName;
}

export class AnchorDto {
  @ApiProperty({ description: 'Code of the authority whose officers signed it; empty = the state.' })
  authority: string;

  @ApiProperty({ enum: ANCHOR_KINDS, description: 'What the root stands for.' }) kind: string;
  @ApiProperty({ description: 'Digits: counts the roots of the authority and the kind, from 1.' })
  number: string;

  @ApiProperty({ description: 'Hash of a document, or the Merkle root of several; 32 bytes.' }) root: string;
  @ApiProperty({ description: 'Block on chain, digits.' }) block: string;
  @ApiProperty({ description: 'ISO 8601.' }) anchoredAt: string;
}

export class AnchorPageDto {
  @ApiProperty({ type: [AnchorDto] }) items: AnchorDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}
