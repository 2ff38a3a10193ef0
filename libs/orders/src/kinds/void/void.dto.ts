import { ApiProperty } from '@nestjs/swagger';
import { IsAddress, IsHex32, IsNested, IsProof } from '#platform';
import { SingleSeriesDto } from '../../pipeline/order-dto.js';
import { onlySeries, type OrderRecord } from '../../pipeline/order.js';
import { PlacedListQuery } from '../../pipeline/order-query.js';
import { PlacedOrderView, placedOrderView } from '../../pipeline/order-view.js';

/** The message that is signed (EIP-712 "Void"). */
export class VoidAuthorisationDto extends SingleSeriesDto {
  @IsAddress({ description: '취소하는 가맹점. Who gives the payment back; signs.' })
  merchant!: string;

  @IsHex32({ description: '취소할 결제의 id. The payment that is taken back, wholly or in part.' })
  payment!: string;
}

export class SubmitVoidDto {
  @IsNested(() => VoidAuthorisationDto)
  authorisation!: VoidAuthorisationDto;

  @IsProof({ description: 'Signature over the EIP-712 digest, with the key ring if there is one.' })
  proof!: string;
}

export class VoidListQuery extends PlacedListQuery {
  @IsAddress({ optional: true })
  merchant?: string;

  @IsHex32({ optional: true, description: 'Id of the payment that is taken back.' })
  payment?: string;
}

export class VoidView extends PlacedOrderView {
  @ApiProperty() merchant!: string;
  @ApiProperty() series!: number;
  @ApiProperty({ description: 'The payment that is taken back.' }) payment!: string;
}

export class VoidPageView {
  @ApiProperty({ type: [VoidView] }) items!: VoidView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

export function voidView(record: OrderRecord): VoidView {
  return {
    ...placedOrderView(record),
    merchant: record.holder,
    series: onlySeries(record),
    payment: record.payment ?? '',
  };
}
