import { ApiProperty } from '@nestjs/swagger';
import { IsAddress } from '#platform';

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
