import { ApiProperty } from '@nestjs/swagger';
import { IsAddress, IsNested, IsProof } from '#platform';
import { SingleSeriesDto } from '../../pipeline/order-dto.js';
import { onlySeries, otherSide, type OrderRecord } from '../../pipeline/order.js';
import { PlacedListQuery } from '../../pipeline/order-query.js';
import { PlacedOrderView, placedOrderView } from '../../pipeline/order-view.js';

/** The message that is signed (EIP-712 "Circulation"). */
export class CirculationAuthorisationDto extends SingleSeriesDto {
  @IsAddress({ description: '내는 가맹점. Whose merchant balances are spent; signs.' })
  merchant!: string;

  @IsAddress({ description: '받는 가맹점. The merchant who is paid.' })
  recipient!: string;
}

export class SubmitCirculationDto {
  @IsNested(() => CirculationAuthorisationDto)
  authorisation!: CirculationAuthorisationDto;

  @IsProof({ description: 'Signature over the EIP-712 digest, with the key ring if there is one.' })
  proof!: string;
}

export class CirculationListQuery extends PlacedListQuery {
  @IsAddress({ optional: true })
  merchant?: string;

  @IsAddress({ optional: true })
  recipient?: string;
}

export class CirculationView extends PlacedOrderView {
  @ApiProperty() merchant!: string;
  @ApiProperty() recipient!: string;
  @ApiProperty() series!: number;
}

export class CirculationPageView {
  @ApiProperty({ type: [CirculationView] }) items!: CirculationView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

export function circulationView(record: OrderRecord): CirculationView {
  return {
    ...placedOrderView(record),
    merchant: record.holder,
    recipient: otherSide(record),
    series: onlySeries(record),
  };
}
