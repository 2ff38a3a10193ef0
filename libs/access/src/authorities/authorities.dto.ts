import { ApiProperty } from '@nestjs/swagger';
import { OFFICER_ROLES } from '#domain';

export class OfficerKeyDto {
  @ApiProperty({ description: 'Id of the key, 32 bytes.' }) id: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Address of a wallet; null for a device or passkey.',
  })
  wallet: string | null;
}

export class OfficerDto {
  @ApiProperty({ description: 'Number within the authority; stays when the keys change.' }) id: number;
  @ApiProperty({ type: [OfficerKeyDto], description: 'Any of them signs for the officer.' })
  keys: OfficerKeyDto[];

  @ApiProperty({ enum: OFFICER_ROLES, isArray: true }) roles: string[];
}

export class BandDto {
  @ApiProperty({ type: String, nullable: true, description: 'Won, inclusive; null = no end.' })
  upTo: string | null;

  @ApiProperty() officers: number;
}

export class ThresholdsDto {
  @ApiProperty() governors: number;
  @ApiProperty() registrars: number;
  @ApiProperty({ type: [BandDto], description: 'Treasurers, by the won at stake.' }) bands: BandDto[];
}

export class AuthorityDto {
  @ApiProperty({ example: '47130', description: 'The code that it was founded with; it stays.' })
  code: string;
  @ApiProperty({ description: 'Of its newest area.' }) name: string;
  @ApiProperty({
    type: [String],
    example: ['47720', '27720'],
    description:
      'What it answers for, up to four codes in the order in which it got them; none of the state.',
  })
  areas: string[];

  @ApiProperty({ description: 'Authority that founded it.' }) founder: string;
}

export class AuthorityPageDto {
  @ApiProperty({ type: [AuthorityDto] }) items: AuthorityDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

export class AreaChangeDto {
  @ApiProperty({ example: '27720' }) code: string;
  @ApiProperty({ description: 'Code of the authority that gets it.' }) to: string;
}

export class OfficerChangeDto {
  @ApiProperty({ description: 'What stop_change names.' }) id: string;
  @ApiProperty({
    type: [OfficerDto],
    nullable: true,
    description: 'Without keys and roles an officer leaves.',
  })
  officers: OfficerDto[] | null;

  @ApiProperty({ type: ThresholdsDto, nullable: true }) thresholds: ThresholdsDto | null;
  @ApiProperty({
    type: AreaChangeDto,
    nullable: true,
    description: 'An area that goes to an authority; to the proposing one itself: that it gives up.',
  })
  area: AreaChangeDto | null;

  @ApiProperty({ description: 'ISO 8601; from then on it comes into force by itself.' }) readyAt: string;
  @ApiProperty({ description: 'More governors approved it than needed: no one can stop it.' }) firm: boolean;
  @ApiProperty({
    type: [Number],
    description: 'Governors who stopped the same change before and cannot do so again.',
  })
  stoppedBy: number[];
}

export class ReseatDto {
  @ApiProperty({ description: 'Authority that proposed it: the founder.' }) founder: string;
  @ApiProperty({ type: [OfficerDto] }) officers: OfficerDto[];
  @ApiProperty({ type: ThresholdsDto }) thresholds: ThresholdsDto;
  @ApiProperty({
    description:
      "ISO 8601; from then on these officers replace all others, unless the authority's governors execute any act before.",
  })
  readyAt: string;
}

export class AuthorityDetailDto extends AuthorityDto {
  @ApiProperty({ type: [OfficerDto] }) officers: OfficerDto[];
  @ApiProperty({ type: ThresholdsDto }) thresholds: ThresholdsDto;
  @ApiProperty({ type: [OfficerChangeDto], description: 'Changes that wait.' }) changes: OfficerChangeDto[];
  @ApiProperty({ type: ReseatDto, nullable: true, description: 'Other officers that the founder proposed.' })
  reseat: ReseatDto | null;
}
