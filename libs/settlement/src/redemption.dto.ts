import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { OrderView } from '#payments';
import { IsAddress, IsHex32, IsSignature65, IsUint, IsWon } from '#platform';

/** The message that the merchant signs (EIP-712 "Redemption"). */
export class RedemptionAuthorisationDto {
  @IsAddress({ description: 'Whose takings are turned into won; signs.' })
  merchant!: string;

  @IsUint(32, { description: 'Number of the series.' })
  series!: number;

  @IsWon({ description: 'Whole won of face value.' })
  amount!: bigint;

  @IsUint(32, { description: 'Next unused number of the merchant in this series; see takings.' })
  nonce!: number;

  @IsUint(40, { description: 'Unix seconds until which it may be settled; at least 3 s ahead.' })
  deadline!: number;

  @IsHex32({ description: "32 bytes of the merchant's choice; zero if none." })
  order!: string;
}

export class SubmitRedemptionDto {
  @ApiProperty({ type: RedemptionAuthorisationDto })
  @IsObject()
  @ValidateNested()
  @Type(() => RedemptionAuthorisationDto)
  authorisation!: RedemptionAuthorisationDto;

  @IsSignature65({ description: 'EIP-712 signature of the merchant, 65 bytes.' })
  signature!: string;
}

export class RedemptionPageView {
  @ApiProperty({ type: [OrderView] }) items!: OrderView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

export class MerchantParams {
  @IsAddress({ description: 'Address of the merchant.' })
  id!: string;
}

/** What a merchant has taken in one series. */
export class TakingView {
  @ApiProperty() series!: number;
  @ApiProperty({ type: String, description: 'won on chain, not redeemed yet' }) balance!: bigint;
  @ApiProperty({ type: String, description: 'won of redemptions that are accepted and undecided' })
  reserved!: bigint;
  @ApiProperty({ type: String, description: 'won that may be redeemed now' }) redeemable!: bigint;
  @ApiProperty({ type: String, description: 'won ever taken' }) earned!: bigint;
  @ApiProperty({ description: 'Nonce of the next redemption.' }) nextNonce!: number;
}

export class TakingsView {
  @ApiProperty() merchant!: string;
  @ApiProperty({ type: [TakingView] }) takings!: TakingView[];
}
