import { ApiProperty } from '@nestjs/swagger';
import { SeriesSummaryDto } from '#issuance';

export class HoldingDto {
  @ApiProperty({ type: SeriesSummaryDto }) series: SeriesSummaryDto;
  @ApiProperty({ description: 'Won on chain.' }) balance: string;
  @ApiProperty({ description: 'Won of payments accepted and not final yet.' }) reserved: string;
  @ApiProperty({ description: 'balance − reserved.' }) spendable: string;
  @ApiProperty({ description: 'Won received in all.' }) received: string;
  @ApiProperty({ description: 'For the next payment from this holding.' }) nextNonce: number;
  @ApiProperty({ type: String, nullable: true, description: 'Won; null = no daily cap.' })
  dailyCapLeft: string | null;
}

export class HoldingsDto {
  @ApiProperty() account: string;
  @ApiProperty({ type: String, nullable: true, description: 'Region whose authority identified the person.' })
  home: string | null;

  @ApiProperty({ enum: ['none', 'phone', 'real_name'] }) tier: string;
  @ApiProperty() frozen: boolean;
  @ApiProperty({ description: 'Won in all series.' }) total: string;
  @ApiProperty({ type: [HoldingDto], description: 'Newest series first.' }) items: HoldingDto[];
}

export class HistoryItemDto {
  @ApiProperty({ enum: ['issued', 'paid', 'refused', 'accepted'] }) kind: string;
  @ApiProperty({ description: 'ISO 8601 in UTC.' }) at: string;
  @ApiProperty() series: string;
  @ApiProperty({ description: 'Won.' }) amount: string;
  @ApiProperty({ type: String, nullable: true }) payment: string | null;
  @ApiProperty({ type: String, nullable: true }) merchant: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Refusal code.' }) code: string | null;
  @ApiProperty({ type: String, nullable: true }) block: string | null;
}

export class HistoryPageDto {
  @ApiProperty({ type: [HistoryItemDto] }) items: HistoryItemDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}
