import { ApiProperty } from '@nestjs/swagger';
import { IsDeadline, IsProof, IsRegionCode, PageQuery } from '#platform';

export class HandOverObjectionBody {
  @IsDeadline({ description: 'Unix seconds.' })
  deadline: number;

  @IsProof({
    description:
      'Of the EIP-712 message "HandOverObjection" by an owner key, with its ring; to and number are those of the proposal.',
  })
  proof: string;
}

export class HandOverQuery extends PageQuery {
  @IsRegionCode({ optional: true, description: 'That wait for this authority.' })
  to?: string;

  @IsRegionCode({ optional: true, description: 'For which this authority answers.' })
  from?: string;
}

export class WaitingAccountDto {
  @ApiProperty() account: string;
  @ApiProperty({ enum: ['resident', 'company', 'merchant'] }) kind: string;
  @ApiProperty({ example: '28', description: 'Authority that answers for it.' }) from: string;
  @ApiProperty() fromName: string;
  @ApiProperty({ example: '28275', description: 'Authority that shall take it on.' }) to: string;
  @ApiProperty() toName: string;
  @ApiProperty({ description: "A merchant's place, else the home." }) place: string;
  @ApiProperty() placeName: string;
  @ApiProperty({ format: 'date-time', description: 'From then on it may be taken.' }) readyAt: string;
  @ApiProperty({ description: 'It may be taken now.' }) ready: boolean;
  @ApiProperty({ description: 'Number of the proposal.' }) number: number;
  @ApiProperty({ description: 'How often the authority in charge changed before.' }) moves: number;
}

export class WaitingAccountPageDto {
  @ApiProperty({ type: [WaitingAccountDto] }) items: WaitingAccountDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

export class MoveDto {
  @ApiProperty({
    enum: ['proposed', 'taken_back', 'stopped', 'taken'],
    description:
      'A hand-over was proposed, taken back by the authority in charge, or stopped by an owner key; or another authority took the account on.',
  })
  event: string;

  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ description: 'Authority that answers for it since then.' }) authority: string;
  @ApiProperty({ type: String, nullable: true, description: 'Of taken: the authority that answered before.' })
  from: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of taken: its place or home since then.' })
  place: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of proposed: the authority that shall take it on.',
  })
  to: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Of proposed: when it may.',
  })
  readyAt: string | null;

  @ApiProperty() block: string;
}

export class MovePageDto {
  @ApiProperty({ type: [MoveDto] }) items: MoveDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}
