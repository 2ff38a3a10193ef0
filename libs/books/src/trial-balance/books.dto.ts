import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { FUNDERS } from '#domain';
import { IsRegionCode, IsUint, MayBeAbsent, PageQuery } from '#platform';
import { type Account, ACCOUNTS, ENTRY_KINDS } from '../journal/chart.js';

const SERIES_BITS = 31;

export class TrialBalanceQuery {
  @IsRegionCode({ optional: true, allowState: true, description: 'Issuing authority.' })
  authority?: string;

  @IsUint(SERIES_BITS, { optional: true })
  series?: number;
}

export class EntriesQuery extends PageQuery {
  @IsRegionCode({ optional: true, allowState: true, description: 'Issuing authority.' })
  authority?: string;

  @IsUint(SERIES_BITS, { optional: true })
  series?: number;

  @ApiProperty({ enum: ACCOUNTS, required: false, description: 'Entries that touch this account.' })
  @MayBeAbsent()
  @IsIn(ACCOUNTS)
  account?: Account;
}

export class BalanceLineDto {
  @ApiProperty({ enum: ACCOUNTS }) account: string;
  @ApiProperty({ enum: FUNDERS }) funder: string;
  @ApiProperty({ description: 'Won.' }) debit: string;
  @ApiProperty({ description: 'Won.' }) credit: string;
  @ApiProperty({ description: 'The entries behind this line.' }) rows: string;
}

export class SeriesBalanceDto {
  @ApiProperty() series: number;
  @ApiProperty() authority: string;
  @ApiProperty() debit: string;
  @ApiProperty() credit: string;
  @ApiProperty({ description: 'The trial balance of this series alone.' }) href: string;
}

export class TrialBalanceDto {
  @ApiProperty({ type: String, nullable: true, description: 'The last block that is posted.' })
  block: string | null;

  @ApiProperty({ type: [BalanceLineDto] }) lines: BalanceLineDto[];
  @ApiProperty({ type: [SeriesBalanceDto] }) series: SeriesBalanceDto[];
  @ApiProperty({ description: 'Sum of all debits; equal to the credits.' }) debit: string;
  @ApiProperty() credit: string;
}

export class PostingDto {
  @ApiProperty({ enum: ACCOUNTS }) account: string;
  @ApiProperty({ enum: FUNDERS }) funder: string;
  @ApiProperty({ description: 'Won; "0" on the other side.' }) debit: string;
  @ApiProperty() credit: string;
}

export class EntryDto {
  @ApiProperty({ description: 'Block and log of the event, "120/4".' }) id: string;
  @ApiProperty({ enum: ENTRY_KINDS }) kind: string;
  @ApiProperty() series: number;
  @ApiProperty({ description: 'Korean calendar day.', example: '2026-01-31' }) day: string;
  @ApiProperty() amount: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Payment, void, redemption or refund that it follows from.',
  })
  subject: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The resident, for an issue, a refund and an expiry.',
  })
  account: string | null;

  @ApiProperty({ type: [PostingDto] }) postings: PostingDto[];
}

export class EntryPageDto {
  @ApiProperty({ type: [EntryDto] }) items: EntryDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}
