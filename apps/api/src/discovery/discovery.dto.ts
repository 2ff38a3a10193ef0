import { ApiProperty } from '@nestjs/swagger';
import { SigningDomainDto, TYPED_DATA_TYPES } from '#access';
import type { RefusalEntry } from '#domain';

export class SigningDomainsDto {
  @ApiProperty({ type: SigningDomainDto, description: 'For everything else.' }) vouchers: SigningDomainDto;
  @ApiProperty({ type: SigningDomainDto, description: 'For Act and Withdrawal.' })
  authorities: SigningDomainDto;
}

export class ContractsDto {
  @ApiProperty() authorities: string;
  @ApiProperty() vouchers: string;
}

export class BlockDto {
  @ApiProperty() number: string;
  @ApiProperty() hash: string;
  @ApiProperty({ description: 'ISO 8601 in UTC.' }) time: string;
}

export class UnitDto {
  @ApiProperty({ example: 'KRW', description: 'ISO 4217, or a private code.' }) code: string;
  @ApiProperty({ minimum: 0, maximum: 6, description: 'Digits after the point.' }) digits: number;
  @ApiProperty({ example: '원', description: 'Korean name.' }) ko: string;
  @ApiProperty({ example: 'won', description: 'English name.' }) en: string;
}

export class StartsDto {
  @ApiProperty() series: number;
  @ApiProperty({ description: 'Digits.' }) issueOrders: string;
}

export class ChainDto {
  @ApiProperty() chainId: number;
  @ApiProperty({ type: ContractsDto }) contracts: ContractsDto;
  @ApiProperty({
    type: UnitDto,
    description:
      'What every amount of this API counts, in whole numbers of its smallest part; fixed for ever.',
  })
  unit: UnitDto;

  @ApiProperty({
    type: StartsDto,
    description: 'Series and issue orders of this deployment come after these.',
  })
  startsAfter: StartsDto;

  @ApiProperty({ description: 'Nothing of this deployment is older.' }) deploymentBlock: string;
  @ApiProperty({ type: BlockDto, nullable: true, description: 'Newest block that the answers know.' })
  indexedBlock: BlockDto | null;

  @ApiProperty({ type: SigningDomainsDto, description: 'EIP-712 domains.' }) domains: SigningDomainsDto;
  @ApiProperty({ ...TYPED_DATA_TYPES, description: 'EIP-712 types, EIP712Domain of both domains included.' })
  types: object;

  @ApiProperty({
    description:
      "The contract's `uri` under this API's address (PUBLIC_URL): ERC-1155 metadata, {id} = 64 hex digits.",
  })
  tokenUri: string;

  @ApiProperty({ description: 'ISO 8601 in UTC.' }) serverTime: string;
  @ApiProperty() refusals: string;
  @ApiProperty() documentation: string;
}

export class CategoryEntryDto {
  @ApiProperty({ description: 'On chain: the bit in a scope rule, 0 to 127. Never changes.' }) number: number;
  @ApiProperty({ description: 'In terms, acts and filters. Never changes.' }) key: string;
  @ApiProperty() ko: string;
  @ApiProperty() en: string;
  @ApiProperty({ description: 'false: never a merchant (Act Art 7).' }) allowed: boolean;
}

export class CategoryListDto {
  @ApiProperty({ type: [CategoryEntryDto] }) items: CategoryEntryDto[];
}

export class RefusalWordsDto {
  @ApiProperty() title: string;
  @ApiProperty({ required: false }) detail?: string;
  @ApiProperty() next: string;
}

export class RefusalDto {
  @ApiProperty({ description: 'As in the events of the contract; 100 and above are the servers’ own.' })
  number: number;

  @ApiProperty() code: string;
  @ApiProperty({ enum: ['item', 'act', 'api'] }) where: string;
  @ApiProperty() httpStatus: number;
  @ApiProperty({ type: [String], description: '`name:type` in the order of the event or error.' })
  args: string[];
  @ApiProperty({ type: RefusalWordsDto }) ko: RefusalWordsDto;
  @ApiProperty({ type: RefusalWordsDto }) en: RefusalWordsDto;
}

export class RefusalListDto {
  @ApiProperty({ type: [RefusalDto] }) items: RefusalDto[];
}

export function showRefusal({ number, key, where, http, args, ko, en }: RefusalEntry): RefusalDto {
  return { number, code: key, where, httpStatus: http, args: [...args], ko, en };
}
