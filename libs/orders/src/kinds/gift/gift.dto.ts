import { ApiProperty } from '@nestjs/swagger';
import { IsAddress, IsNested, IsProof } from '#platform';
import { SingleSeriesDto } from '../../pipeline/order-dto.js';
import { onlySeries, otherSide, type OrderRecord } from '../../pipeline/order.js';
import { OrderListQuery } from '../../pipeline/order-query.js';
import { OrderView, orderView } from '../../pipeline/order-view.js';

/** The message that is signed (EIP-712 "Gift"). */
export class GiftAuthorisationDto extends SingleSeriesDto {
  @IsAddress({ description: "선물하는 사람. Who gives; signs with an owner's key." })
  giver!: string;

  @IsAddress({ description: '받는 사람. Who gets it; no merchant.' })
  receiver!: string;
}

export class SubmitGiftDto {
  @IsNested(() => GiftAuthorisationDto)
  authorisation!: GiftAuthorisationDto;

  @IsProof({ description: 'Signature over the EIP-712 digest, with the key ring if there is one.' })
  proof!: string;
}

export class GiftListQuery extends OrderListQuery {
  @IsAddress({ optional: true })
  giver?: string;

  @IsAddress({ optional: true })
  receiver?: string;
}

export class GiftView extends OrderView {
  @ApiProperty() giver!: string;
  @ApiProperty() receiver!: string;
  @ApiProperty() series!: number;
}

export class GiftPageView {
  @ApiProperty({ type: [GiftView] }) items!: GiftView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

export function giftView(record: OrderRecord): GiftView {
  return {
    ...orderView(record),
    giver: record.holder,
    receiver: otherSide(record),
    series: onlySeries(record),
  };
}
