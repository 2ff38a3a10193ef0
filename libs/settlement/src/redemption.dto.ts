import { ApiProperty } from '@nestjs/swagger';
import { OrderListQuery, PlacedOrderView, placedOrderView, seriesOf, SingleSeriesDto } from '#payments';
import type { OrderRecord } from '#payments';
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

export class RedemptionListQuery extends OrderListQuery {
  @IsAddress({ optional: true })
  merchant?: string;
}

export class RedemptionView extends PlacedOrderView {
  @ApiProperty() merchant!: string;
  @ApiProperty() series!: number;
}

export function redemptionView(record: OrderRecord): RedemptionView {
  return { ...placedOrderView(record), merchant: record.holder, series: seriesOf(record) };
}

export class RedemptionPageView {
  @ApiProperty({ type: [RedemptionView] }) items!: RedemptionView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

export class MerchantParams {
  @IsAddress({ description: 'Address of the merchant.' })
  id!: string;
}

/** What a merchant has taken in one series. */
export class SeriesBalanceView {
  @ApiProperty() series!: number;
  @ApiProperty({ type: String, description: 'won on chain, not redeemed yet, whatever way it came' })
  balance!: bigint;
  @ApiProperty({
    type: String,
    description: 'won of redemptions, voids and circulations that are accepted and undecided',
  })
  reserved!: bigint;
  @ApiProperty({ type: String, description: 'won that may be redeemed now' }) redeemable!: bigint;
  @ApiProperty({ type: String, description: 'won of it that came from residents; voids are taken from it' })
  fromResidents!: bigint;
  @ApiProperty({ type: String, description: 'won of it that may be spent at other merchants now' })
  movable!: bigint;
  @ApiProperty({ description: "Nonce of the merchant's next order in this series." }) nextNonce!: number;
}

export class MerchantBalanceView {
  @ApiProperty() merchant!: string;
  @ApiProperty({ type: [SeriesBalanceView] }) balances!: SeriesBalanceView[];
}
