import { ApiProperty } from '@nestjs/swagger';
import { SingleSeriesDto } from '../../pipeline/order-dto.js';
import { PlacedListQuery } from '../../pipeline/order-query.js';
import { PlacedOrderView, placedOrderView } from '../../pipeline/order-view.js';
import { onlySeries, type OrderRecord } from '../../pipeline/order.js';
import { IsAddress, IsNested, IsProof } from '#platform';

/** The message that the merchant signs (EIP-712 "Redemption"). */
export class RedemptionAuthorisationDto extends SingleSeriesDto {
  @IsAddress({ description: '환전하는 가맹점. Whose balance is turned into won; signs.' })
  merchant!: string;
}

export class SubmitRedemptionDto {
  @IsNested(() => RedemptionAuthorisationDto)
  authorisation!: RedemptionAuthorisationDto;

  @IsProof({
    description: 'Signature of the merchant over the EIP-712 digest, with the key ring if there is one.',
  })
  proof!: string;
}

export class RedemptionListQuery extends PlacedListQuery {
  @IsAddress({ optional: true })
  merchant?: string;
}

export class RedemptionView extends PlacedOrderView {
  @ApiProperty() merchant!: string;
  @ApiProperty() series!: number;
}

export function redemptionView(record: OrderRecord): RedemptionView {
  return { ...placedOrderView(record), merchant: record.holder, series: onlySeries(record) };
}

export class RedemptionPageView {
  @ApiProperty({ type: [RedemptionView] }) items!: RedemptionView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}
