import { IsHex32 } from '#platform';

/** The id in the path. */
export class OrderParams {
  @IsHex32({ description: 'EIP-712 digest of the authorisation.' })
  id!: string;
}
