import { ApiProperty } from '@nestjs/swagger';
import { MovingDto } from '#access';
import { SeriesSummaryDto } from '#issuance';
import { IsRegionCode } from '#platform';
import { ACTIVITY_KINDS } from '#orders';

export class UnspendableDto {
  @ApiProperty({ description: 'Won.' }) amount: string;
  @ApiProperty({
    enum: ['account_frozen', 'series_paused', 'not_yet_valid', 'expired', 'daily_cap_exceeded'],
    description: 'How a payment of it would be refused; see GET /v1/refusals.',
  })
  code: string;

  @ApiProperty({ format: 'date-time', description: 'When that ends; of expired, when it began.' })
  at: string;
}

export class HoldingDto {
  @ApiProperty({ type: SeriesSummaryDto }) series: SeriesSummaryDto;
  @ApiProperty({ description: 'Won on chain.' }) balance: string;
  @ApiProperty({ description: 'Won of payments accepted and not final yet.' }) reserved: string;
  @ApiProperty({
    description:
      'Won that may be spent now: of balance − reserved what account, pause, validity and daily cap let.',
  })
  spendable: string;

  @ApiProperty({ type: UnspendableDto, nullable: true, description: 'What of balance − reserved must wait.' })
  unspendable: UnspendableDto | null;

  @ApiProperty({ description: 'Won that came in since the last refund, less what was given away.' })
  received: string;

  @ApiProperty({ type: String, nullable: true, description: 'Korean day on which vouchers last came in.' })
  receivedOn: string | null;

  @ApiProperty({ description: 'For the next payment from this holding.' }) nextNonce: number;
  @ApiProperty({ type: String, nullable: true, description: 'Won; null = no daily cap.' })
  dailyCapLeft: string | null;
}

export class RingKeyDto {
  @ApiProperty({ enum: ['owner', 'device'] }) right: string;
  @ApiProperty({ description: 'Id of the key, 32 bytes.' }) id: string;
}

export class KeyRingDto {
  @ApiProperty({ description: 'Won that all devices together may spend in a Korean day.' })
  dailyLimit: string;
  @ApiProperty({ type: [RingKeyDto] }) keys: RingKeyDto[];
}

export class ReplacementDto {
  @ApiProperty({ description: 'Authority whose officers propose it.' }) authority: string;
  @ApiProperty({ description: 'Hash of the proposed ring, for an objection.' }) hash: string;
  @ApiProperty({ type: KeyRingDto }) keys: KeyRingDto;
  @ApiProperty({ description: 'From then on they are the keys, unless an old one objects.' }) readyAt: string;
  @ApiProperty({ description: 'Number of the proposal, for an objection to it.' }) number: number;
  @ApiProperty({ description: 'Three registrars overruled an earlier objection: no other is possible.' })
  overruling: boolean;
}

export class AccountKeysDto {
  @ApiProperty({ description: 'How often they were changed; the next change has the next number.' })
  changes: number;

  @ApiProperty({
    type: KeyRingDto,
    nullable: true,
    description: 'Null: never changed, so that they are what the address was made of.',
  })
  ring: KeyRingDto | null;

  @ApiProperty({ type: ReplacementDto, nullable: true }) replacement: ReplacementDto | null;
}

export class AllowanceDto {
  @ApiProperty() series: number;
  @ApiProperty({ type: String, nullable: true, description: 'Won that may still be bought; null = no cap.' })
  purchaseMonthLeft: string | null;

  @ApiProperty({ type: String, nullable: true }) purchaseYearLeft: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Won that may still be received as gifts.' })
  giftMonthLeft: string | null;
}

export class HoldingsQuery {
  @IsRegionCode({
    optional: true,
    allowState: true,
    description: 'Adds what may still be bought and received of the series of this authority.',
  })
  authority?: string;
}

export class HoldingsDto extends MovingDto {
  @ApiProperty() account: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Authority that answers for the account; no other one can act on it. Null: it is not on record.',
  })
  authority: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Province, city or district where the holder lives.',
  })
  home: string | null;

  @ApiProperty({ enum: ['none', 'phone', 'real_name'] }) tier: string;
  @ApiProperty() frozen: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: it is not frozen.' })
  frozenUntil: string | null;

  @ApiProperty({ description: 'A company, which buys company vouchers alone.' }) company: boolean;
  @ApiProperty({ type: AccountKeysDto }) keys: AccountKeysDto;
  @ApiProperty({ description: 'It was opened without keys and has none yet.' }) keyless: boolean;
  @ApiProperty({ description: 'Won in all series.' }) total: string;
  @ApiProperty({ type: [HoldingDto], description: 'Newest series first.' }) items: HoldingDto[];
  @ApiProperty({ type: [AllowanceDto], nullable: true, description: 'When an authority is asked for.' })
  allowances: AllowanceDto[] | null;
}

export class HistoryItemDto {
  @ApiProperty({ enum: ACTIVITY_KINDS }) kind: string;
  @ApiProperty({ description: 'ISO 8601 in UTC.' }) at: string;
  @ApiProperty() series: string;
  @ApiProperty({ description: 'Won.' }) amount: string;
  @ApiProperty({ type: String, nullable: true, description: 'Id of the payment, void, gift or refund.' })
  order: string | null;

  @ApiProperty({ type: String, nullable: true }) merchant: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'The other resident of a gift.' })
  other: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Refusal code.' }) code: string | null;
  @ApiProperty({ type: String, nullable: true }) block: string | null;
}

export class HistoryPageDto {
  @ApiProperty({ type: [HistoryItemDto] }) items: HistoryItemDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}
