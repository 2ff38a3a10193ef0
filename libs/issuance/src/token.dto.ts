import { ApiProperty } from '@nestjs/swagger';
import { ProgrammeNameDto } from './series.dto.js';

export class TokenPropertiesDto {
  @ApiProperty() series: number;
  @ApiProperty({ type: ProgrammeNameDto }) name: ProgrammeNameDto;
  @ApiProperty({ type: ProgrammeNameDto, description: 'The rules in plain words, a line each.' })
  description: ProgrammeNameDto;

  @ApiProperty() authority: string;
  @ApiProperty() authorityName: string;
  @ApiProperty({ enum: ['sold', 'granted'] }) kind: string;
  @ApiProperty() validFrom: string;
  @ApiProperty({ description: 'Exclusive; officers may extend it.' }) validUntil: string;
  @ApiProperty() termsHash: string;
  @ApiProperty() demo: boolean;
}

/** ERC-1155 Metadata URI JSON Schema. */
export class TokenDto {
  @ApiProperty() name: string;
  @ApiProperty() description: string;
  @ApiProperty({ description: 'Absolute address of a picture.' }) image: string;
  @ApiProperty({ description: 'Absolute address of the series in this API.' }) external_url: string;
  @ApiProperty({ description: 'One unit is one won.' }) decimals: number;
  @ApiProperty({ type: TokenPropertiesDto }) properties: TokenPropertiesDto;
}
