import { ApiProperty } from '@nestjs/swagger';
import { isoTime, type HandOver } from '#domain';

export class HandOverDto {
  @ApiProperty({ example: '28275', description: 'Authority that shall take the account on.' }) to: string;
  @ApiProperty({
    format: 'date-time',
    description: 'From then on it may; until it does, an owner key may object.',
  })
  readyAt: string;

  @ApiProperty({ description: 'Number of the proposal, for an objection to it.' }) number: number;
}

/** Of an account of any role: what is proposed for it, and how often who answers for it changed. */
export class MovingDto {
  @ApiProperty({
    type: HandOverDto,
    nullable: true,
    description: 'What the authority in charge proposed; null = nothing.',
  })
  handOver: HandOverDto | null;

  @ApiProperty({
    description: 'How often the authority in charge changed; a consent to a move names it as its number.',
  })
  moves: number;
}

export function showMoving({ proposed, number, moves }: HandOver): MovingDto {
  return {
    handOver: proposed && { to: proposed.to, readyAt: isoTime(proposed.readyAt), number },
    moves,
  };
}
