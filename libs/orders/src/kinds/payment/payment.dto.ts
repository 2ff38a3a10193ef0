import { ApiProperty } from '@nestjs/swagger';
import { IsAddress, IsNested, IsProof, IsSeriesList } from '#platform';
import { OrderTermsDto } from '../../pipeline/order-dto.js';
import { otherSide, type OrderRecord } from '../../pipeline/order.js';
import { PlacedListQuery } from '../../pipeline/order-query.js';
import { OrderPartView, PlacedOrderView, placedOrderView } from '../../pipeline/order-view.js';

/** The message that the payer signs (EIP-712 "Payment"). */
export class PaymentAuthorisationDto extends OrderTermsDto {
  @IsAddress({ description: '결제하는 사람. Who pays and signs.' })
  payer!: string;

  @IsAddress({ description: '가맹점. Who is paid.' })
  merchant!: string;

  @IsSeriesList({
    description:
      '회차 번호 1~8개, 처음 유효기간(originalUntil)이 먼저 끝나는 것부터. Numbers of 1 to 8 series, the earliest ' +
      '`originalUntil` first; spent in this order.',
  })
  series!: number[];
}

export class SubmitPaymentDto {
  @IsNested(() => PaymentAuthorisationDto)
  authorisation!: PaymentAuthorisationDto;

  @IsProof({
    description: 'Signature of the payer over the EIP-712 digest, with the key ring if there is one.',
  })
  proof!: string;
}

export class PaymentListQuery extends PlacedListQuery {
  @IsAddress({ optional: true })
  merchant?: string;

  @IsAddress({ optional: true })
  payer?: string;
}

export class PaymentView extends PlacedOrderView {
  @ApiProperty() payer!: string;
  @ApiProperty() merchant!: string;
  @ApiProperty({ type: [Number], description: 'As they were listed.' }) series!: readonly number[];
  @ApiProperty({
    type: [OrderPartView],
    nullable: true,
    description: 'What came from which series, once it is final.',
  })
  parts!: readonly OrderPartView[] | null;

  @ApiProperty({
    type: String,
    description: 'won that final voids took back, of all series; see GET /v1/voids?payment={id}.',
  })
  voided!: bigint;
}

export class PaymentPageView {
  @ApiProperty({ type: [PaymentView] }) items!: PaymentView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

export function paymentView(record: OrderRecord): PaymentView {
  const { holder, series, parts, voided } = record;
  const voidedOf = (one: number) => voided.find((part) => part.series === one)?.amount ?? 0n;
  return {
    ...placedOrderView(record),
    payer: holder,
    merchant: otherSide(record),
    series,
    parts: parts?.map((part) => ({ ...part, voided: voidedOf(part.series) })) ?? null,
    voided: voided.reduce((sum, { amount }) => sum + amount, 0n),
  };
}
