import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsIn } from 'class-validator';
import { RING_KEYS_MAX, type KeyRight } from '#contracts';
import { IsDeadline, IsHex32, IsNested, IsProof, IsWon } from '#platform';

/** The contract's uint32. */
const DAILY_LIMIT_MAX = 2n ** 32n - 1n;

export class RingKeyBody {
  @ApiProperty({ enum: ['owner', 'device'] })
  @IsIn(['owner', 'device'])
  right: KeyRight;

  @IsHex32({ description: 'Id of the key.' })
  id: string;
}

export class KeyRingBody {
  @IsWon({
    max: DAILY_LIMIT_MAX,
    description: `Won that all devices together may spend in a Korean day, at most ${DAILY_LIMIT_MAX}.`,
  })
  dailyLimit: bigint;

  @ArrayMinSize(1)
  @ArrayMaxSize(RING_KEYS_MAX)
  @IsNested(() => RingKeyBody, { each: true })
  keys: RingKeyBody[];
}

export class KeyChangeBody {
  @IsNested(() => KeyRingBody, { description: 'The whole new ring.' })
  keys: KeyRingBody;

  @IsDeadline({ description: 'Unix seconds.' })
  deadline: number;

  @IsProof({
    description: 'Of the EIP-712 message "KeyChange" by an owner key, with its ring; change = changes + 1.',
  })
  proof: string;
}

export class ObjectionBody {
  @IsDeadline({ description: 'Unix seconds.' })
  deadline: number;

  @IsProof({
    description:
      'Of the EIP-712 message "Objection" by an owner key, with its ring; keys and number are those of the proposal.',
  })
  proof: string;
}

export class KeyOrderDto {
  @ApiProperty({ description: 'Digest that was signed.' }) id: string;
  @ApiProperty({ enum: ['accepted'], description: 'On its way; the account shows when it is final.' })
  state: string;
}
