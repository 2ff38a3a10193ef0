import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize } from 'class-validator';
import { IsAddress, IsNested, IsProof, IsUint, IsWon } from '#platform';
import { CHUNK_RECIPIENTS } from './lists/recipients.js';

export class QuotaDto {
  @ApiProperty({ description: 'Id of the key that may issue, 32 bytes.' }) key: string;
  @ApiProperty({ description: 'Won that it may issue in a Korean day.' }) perDay: string;
  @ApiProperty({ description: 'Won that it may still issue today.' }) leftToday: string;
}

export class IssueOrderDto {
  @ApiProperty() id: string;
  @ApiProperty() series: number;
  @ApiProperty({ enum: ['list', 'quota'] }) kind: string;
  @ApiProperty({
    description: 'Authority that approved it: the issuer, or one that a part of the budget is left to.',
  })
  approvedBy: string;

  @ApiProperty({ description: 'Won.' }) total: string;
  @ApiProperty({ description: 'Won.' }) issued: string;
  @ApiProperty() recipients: number;
  @ApiProperty({ description: 'Recipients whom the contract refused.' }) refused: number;
  @ApiProperty() chunks: number;
  @ApiProperty() closed: boolean;
  @ApiProperty({ type: QuotaDto, nullable: true }) quota: QuotaDto | null;
  @ApiProperty({ type: String, nullable: true, description: 'See GET /v1/issue-lists/{act}.' })
  list: string | null;
}

export class IssueOrderPageDto {
  @ApiProperty({ type: [IssueOrderDto] }) items: IssueOrderDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

export class QuotaRecipientBody {
  @IsAddress() account: string;
  @IsWon({ description: 'Won, more than 0.' }) amount: bigint;
}

export class QuotaChunkBody {
  @IsUint(32, { description: 'Chosen by the key; each counts once per order.' })
  index: number;

  @ArrayMinSize(1)
  @ArrayMaxSize(CHUNK_RECIPIENTS)
  @IsNested(() => QuotaRecipientBody, { each: true })
  items: QuotaRecipientBody[];

  @IsProof({
    description:
      'Of the EIP-712 message "QuotaIssue" by the key of the quota; items is keccak256 of one word a recipient: ' +
      'bits 0–159 account, 160–223 won.',
  })
  signature: string;
}

export class QuotaChunkDto {
  @ApiProperty() issueOrder: string;
  @ApiProperty() index: number;
  @ApiProperty({ enum: ['accepted', 'issued'] }) state: string;
}
