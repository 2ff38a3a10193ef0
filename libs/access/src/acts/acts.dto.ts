import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsObject, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { ACT_KINDS, type ActKind } from '#contracts';
import { OFFICER_ROLES } from '#domain';
import {
  IsAddress,
  IsDeadline,
  IsHexData,
  IsRegionCode,
  IsProof,
  IsUint,
  MayBeAbsent,
  PageQuery,
  RawJson,
} from '#platform';
import { ANY_ARGUMENTS, ANY_ATTACHMENT, ANY_STORED_ATTACHMENT } from './act-schemas.js';
import { ACT_STATES, type ActState } from './acts.repository.js';

export class ActBody {
  @IsRegionCode({
    allowState: true,
    onChain: true,
    description: 'Region code of the acting authority; empty = the state.',
  })
  authority: string;

  @IsAddress({ description: 'Contract that is called; see GET /v1/chain.' })
  target: string;

  @MaxLength(600_000)
  @IsHexData({ description: 'Calldata.' })
  call: string;

  @IsUint(256, { description: 'Digits. Random, or the hash of the attachment when there is one.' })
  nonce: bigint;

  @IsDeadline({ description: 'Unix seconds.' })
  deadline: number;
}

export class ApprovalBody {
  @IsUint(32, { description: 'Number of the officer within the authority.' })
  officer: number;

  @IsProof({ description: 'Of the EIP-712 message "Act" by one of the officer\'s keys; see GET /v1/chain.' })
  signature: string;
}

export class ProposalBody {
  @ApiProperty({ type: ActBody })
  @IsDefined()
  @ValidateNested()
  @Type(() => ActBody)
  act: ActBody;

  @ApiPropertyOptional({ anyOf: ANY_ATTACHMENT, nullable: true, description: 'As the draft returned it.' })
  @IsOptional()
  @IsObject()
  attachment?: Record<string, unknown> | null;

  @ApiProperty({ type: ApprovalBody })
  @IsDefined()
  @ValidateNested()
  @Type(() => ApprovalBody)
  approval: ApprovalBody;
}

export class DraftBody {
  @ApiProperty({ enum: ACT_KINDS })
  @IsIn(ACT_KINDS)
  kind: ActKind;

  @IsRegionCode({ allowState: true, onChain: true })
  authority: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description:
      'Arguments by kind; publish_series has none, approve_issue only `series`, return_redemptions only `redemptions` ' +
      '(ids; the receipts are filled in). Keys are ids of 32 bytes, or addresses of wallets.',
  })
  @MayBeAbsent()
  @IsObject()
  args?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description:
      'publish_series: `terms`; set_merchants: `profiles` of {merchant, name, businessNumber, address}; ' +
      'approve_issue: `items` of {account, amount}, up to 100,000.',
  })
  @MayBeAbsent()
  @IsObject()
  attachment?: Record<string, unknown>;

  @IsDeadline({ optional: true, description: 'Unix seconds, at most 30 days ahead; default one day.' })
  deadline?: number;
}

export class WithdrawalBody {
  @IsUint(32, { description: 'Number of the officer who takes the own approval back.' })
  officer: number;

  @IsProof({ description: 'Of the EIP-712 message "Withdrawal" by one of the officer\'s keys.' })
  signature: string;
}

export class ActQuery extends PageQuery {
  @IsRegionCode({ optional: true, allowState: true })
  authority?: string;

  @ApiPropertyOptional({ enum: ACT_STATES })
  @IsOptional()
  @IsIn(ACT_STATES)
  state?: ActState;
}

export class SentenceDto {
  @ApiProperty() ko: string;
  @ApiProperty() en: string;
}

export class ActDto {
  @ApiProperty() authority: string;
  @ApiProperty() target: string;
  @ApiProperty() call: string;
  @ApiProperty({ description: 'Digits.' }) nonce: string;
  @ApiProperty({ description: 'Unix seconds.' }) deadline: number;
}

export class NeededDto {
  @ApiProperty({ enum: OFFICER_ROLES }) role: string;
  @ApiProperty({ description: 'Distinct officers with that role.' }) officers: number;
  @ApiProperty({
    description:
      'Won that chose the band; of approvals for issue with what the authority approved before on the same Korean day.',
  })
  amount: string;
}

export class SignedDto {
  @ApiProperty() officer: number;
  @ApiProperty() signedAt: string;
}

export class ActFailureDto {
  @ApiProperty({ description: 'Code of the refusal table.' }) code: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) args: Record<string, unknown>;
  @ApiProperty() title: SentenceDto;
}

export class SkippedEntryDto {
  @ApiProperty({ description: 'Place in the list, from 0.' }) index: number;
  @ApiProperty({ description: 'The merchant or account.' }) subject: string;
  @ApiProperty({ description: 'Code of the refusal table.' }) code: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) args: Record<string, unknown>;
  @ApiProperty() title: SentenceDto;
}

export class ExecutedDto {
  @ApiProperty() block: string;
  @ApiProperty() txHash: string;
}

export class ActSummaryDto {
  @ApiProperty() id: string;
  @ApiProperty() authority: string;
  @ApiProperty({ enum: ACT_KINDS }) kind: string;
  @ApiProperty({ enum: ACT_STATES }) state: string;
  @ApiProperty({ type: SentenceDto }) explanation: SentenceDto;
  @ApiProperty() proposedBy: number;
  @ApiProperty() proposedAt: string;
  @ApiProperty({ description: 'ISO 8601.' }) deadline: string;
}

export class ActDetailDto extends ActSummaryDto {
  @ApiProperty({ type: ActDto }) act: ActDto;
  @ApiProperty({ anyOf: ANY_ARGUMENTS, description: 'By `kind`.' }) args: Record<string, unknown>;
  @ApiProperty({
    anyOf: ANY_STORED_ATTACHMENT,
    nullable: true,
    description: 'By `kind`; the items of a list are at GET /v1/issue-lists/{act}/items.',
  })
  attachment: Record<string, unknown> | null;

  @ApiProperty({ type: NeededDto }) needed: NeededDto;
  @ApiProperty({ type: [SignedDto], description: 'Signatures that count now.' }) signed: SignedDto[];
  @ApiProperty({ type: ActFailureDto, nullable: true }) failure: ActFailureDto | null;
  @ApiProperty({ type: ExecutedDto, nullable: true }) executed: ExecutedDto | null;
  @ApiProperty({
    type: [SkippedEntryDto],
    description: 'Of an executed act: the entries of its list that could not be done. The others were.',
  })
  skipped: SkippedEntryDto[];
}

export class ActPageDto {
  @ApiProperty({ type: [ActSummaryDto] }) items: ActSummaryDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

/** Schema of EIP-712 types. */
export const TYPED_DATA_TYPES = {
  type: 'object' as const,
  additionalProperties: {
    type: 'array',
    items: {
      type: 'object',
      properties: { name: { type: 'string' }, type: { type: 'string' } },
      required: ['name', 'type'],
    },
  },
};

/** EIP-712 domain. */
export class SigningDomainDto {
  @ApiProperty() name: string;
  @ApiProperty() version: string;
  @ApiProperty() chainId: number;
  @ApiProperty() verifyingContract: string;
  @ApiProperty() salt: string;
}

export class TypedDataDto {
  @ApiProperty({ type: SigningDomainDto }) domain: object;
  @ApiProperty(TYPED_DATA_TYPES) types: object;
  @ApiProperty() primaryType: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) message: object;
}

export class DraftWarningDto {
  @ApiProperty({ enum: ['repeated_recipient', 'equal_list'] }) code: string;
  @ApiProperty({ type: [String], description: 'Entries that it is about, as attachment.items[3].' })
  fields: string[];
  @ApiProperty({ type: String, nullable: true, description: 'Earlier act that it is about.' })
  act: string | null;
  @ApiProperty({ type: SentenceDto }) message: SentenceDto;
}

export class DraftDto {
  @ApiProperty({ description: 'Digest to be signed; the id of the act.' }) id: string;
  @ApiProperty({ type: ActDto }) act: ActDto;
  @ApiProperty({
    type: TypedDataDto,
    description:
      'Whole, for `eth_signTypedData_v4` of any wallet. For the signTypedData of ethers take EIP712Domain out of the types.',
  })
  typedData: TypedDataDto;
  @ApiProperty({
    anyOf: ANY_ATTACHMENT,
    nullable: true,
    description: 'To be sent with the proposal as it is.',
  })
  attachment: Record<string, unknown> | RawJson | null;

  @ApiProperty({ type: SentenceDto }) explanation: SentenceDto;
  @ApiProperty({ anyOf: ANY_ARGUMENTS, description: 'By kind.' }) args: Record<string, unknown>;
  @ApiProperty({ type: NeededDto }) needed: NeededDto;
  @ApiProperty({
    type: [SkippedEntryDto],
    description: 'Entries of the list that the contract would skip now; the others would be done.',
  })
  skipped: SkippedEntryDto[];

  @ApiProperty({
    type: [DraftWarningDto],
    description: 'What is allowed and probably not meant: to be shown before anybody signs.',
  })
  warnings: DraftWarningDto[];
}
