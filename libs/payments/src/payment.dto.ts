import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { IsAddress, IsHex32, IsSignature65, IsUint, IsWon } from '#platform';
import type { OrderRecord } from './orders/order.js';
import { OrderListQuery } from './orders/order-query.js';
import { orderView, OrderView } from './orders/order-view.js';

/** The message that the payer signs (EIP-712 "Payment"). */
export class PaymentAuthorisationDto {
  @IsAddress({ description: 'Who pays and signs.' })
  payer!: string;

  @IsAddress({ description: 'Who is paid.' })
  merchant!: string;

  @IsUint(32, { description: 'Number of the series.' })
  series!: number;

  @IsWon({ description: 'Whole won of face value.' })
  amount!: bigint;

  @IsUint(32, { description: 'Next unused number of the payer in this series; see holdings.' })
  nonce!: number;

  @IsUint(40, { description: 'Unix seconds until which it may be settled; at least 3 s ahead.' })
  deadline!: number;

  @IsHex32({ description: "32 bytes of the till's choice; zero if none." })
  order!: string;
}

export class SubmitPaymentDto {
  @ApiProperty({ type: PaymentAuthorisationDto })
  @IsObject()
  @ValidateNested()
  @Type(() => PaymentAuthorisationDto)
  authorisation!: PaymentAuthorisationDto;

  @IsSignature65({ description: 'EIP-712 signature of the payer, 65 bytes.' })
  signature!: string;
}

export class PaymentListQuery extends OrderListQuery {
  @IsAddress({ optional: true })
  payer?: string;
}

export class PaymentView extends OrderView {
  @ApiProperty() payer!: string;
}

export class PaymentPageView {
  @ApiProperty({ type: [PaymentView] }) items!: PaymentView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

export function paymentView(record: OrderRecord): PaymentView {
  return { ...orderView(record), payer: record.holder };
}
