import { IsDeadline, IsHex32, IsUint, IsWon } from '#platform';

/** What every signed message of the pipeline says besides who and which series. */
export class SignedTermsDto {
  @IsUint(32, {
    description:
      'Next unused number of the signer in the (first listed) series; see holdings and merchant balances.',
  })
  nonce!: number;

  @IsDeadline({ description: 'Unix seconds until which it may be settled; at least 3 s ahead.' })
  deadline!: number;

  @IsHex32({ description: "32 bytes of the signer's or the till's choice; zero if none." })
  order!: string;
}

/** What every order about vouchers says. */
export class OrderTermsDto extends SignedTermsDto {
  @IsWon({ description: '액면 금액(원). Whole won of face value.' })
  amount!: bigint;
}

/** The terms of an order about one series. */
export class SingleSeriesDto extends OrderTermsDto {
  @IsUint(32, { description: 'Number of the series.' })
  series!: number;
}
