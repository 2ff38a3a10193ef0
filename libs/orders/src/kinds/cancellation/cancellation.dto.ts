import { ApiProperty } from '@nestjs/swagger';
import { IsAddress, IsNested, IsProof, IsUint } from '#platform';
import { SignedTermsDto } from '../../pipeline/order-dto.js';
import { OrderListQuery } from '../../pipeline/order-query.js';
import { OrderStateView, orderStateView } from '../../pipeline/order-view.js';
import { onlySeries, type OrderRecord } from '../../pipeline/order.js';

const COUNT = '취소할 번호의 개수. How many numbers are used up: those that end at `nonce`.';
const PROOF = "Signature by an owner's key over the EIP-712 digest, with the key ring if there is one.";

/** What both kinds of cancellations say. `nonce` is the last of the numbers, and may lead by 63. */
class CancellationTermsDto extends SignedTermsDto {
  @IsUint(32, { description: 'Number of the series.' })
  series!: number;

  @IsUint(32, { description: COUNT })
  count!: number;
}

/** The message that an owner of a holding signs (EIP-712 "Cancellation"). */
export class CancellationAuthorisationDto extends CancellationTermsDto {
  @IsAddress({ description: '철회하는 계정. Whose payments, gifts and refunds are cancelled; signs.' })
  account!: string;
}

/** The message that an owner of a merchant's account signs (EIP-712 "MerchantCancellation"). */
export class MerchantCancellationAuthorisationDto extends CancellationTermsDto {
  @IsAddress({
    description: '철회하는 가맹점. Whose voids, circulations and redemptions are cancelled; signs.',
  })
  merchant!: string;
}

export class SubmitCancellationDto {
  @IsNested(() => CancellationAuthorisationDto)
  authorisation!: CancellationAuthorisationDto;

  @IsProof({ description: PROOF })
  proof!: string;
}

export class SubmitMerchantCancellationDto {
  @IsNested(() => MerchantCancellationAuthorisationDto)
  authorisation!: MerchantCancellationAuthorisationDto;

  @IsProof({ description: PROOF })
  proof!: string;
}

export class CancellationListQuery extends OrderListQuery {
  @IsAddress({ optional: true })
  account?: string;
}

export class MerchantCancellationListQuery extends OrderListQuery {
  @IsAddress({ optional: true })
  merchant?: string;
}

class CancelledView extends OrderStateView {
  @ApiProperty() series!: number;
  @ApiProperty({ description: 'How many numbers were used up: those that end at `nonce`.' }) count!: number;
}

export class CancellationView extends CancelledView {
  @ApiProperty() account!: string;
}

export class MerchantCancellationView extends CancelledView {
  @ApiProperty() merchant!: string;
}

export class CancellationPageView {
  @ApiProperty({ type: [CancellationView] }) items!: CancellationView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

export class MerchantCancellationPageView {
  @ApiProperty({ type: [MerchantCancellationView] }) items!: MerchantCancellationView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

export function cancellationView(record: OrderRecord): CancellationView {
  return { ...cancelledView(record), account: record.holder };
}

export function merchantCancellationView(record: OrderRecord): MerchantCancellationView {
  return { ...cancelledView(record), merchant: record.holder };
}

function cancelledView(record: OrderRecord): CancelledView {
  return { ...orderStateView(record), series: onlySeries(record), count: Number(record.amount) };
}
