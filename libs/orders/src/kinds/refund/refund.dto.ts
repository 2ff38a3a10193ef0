import { ApiProperty } from '@nestjs/swagger';
import { dayBounds, explainRefundStatement, koreanIsoDate, type RefundStatement } from '#domain';
import { SingleSeriesDto } from '../../pipeline/order-dto.js';
import { OrderListQuery } from '../../pipeline/order-query.js';
import { orderView, OrderView } from '../../pipeline/order-view.js';
import { onlySeries, type OrderRecord } from '../../pipeline/order.js';
import { IsAddress, IsNested, IsProof, IsUint } from '#platform';

/** The message that the resident signs (EIP-712 "Refund"); the amount is the whole balance. */
export class RefundAuthorisationDto extends SingleSeriesDto {
  @IsAddress({ description: "환급받는 사람. Whose rest is refunded; signs with an owner's key." })
  account!: string;
}

export class SubmitRefundDto {
  @IsNested(() => RefundAuthorisationDto)
  authorisation!: RefundAuthorisationDto;

  @IsProof({ description: 'Signature over the EIP-712 digest, with the key ring if there is one.' })
  proof!: string;
}

export class RefundListQuery extends OrderListQuery {
  @IsAddress({ optional: true })
  account?: string;
}

export class RefundQuoteQuery {
  @IsAddress()
  account!: string;

  @IsUint(32)
  series!: number;
}

/** What a refund would be now, when all that was accepted is settled. */
export interface RefundQuote {
  readonly statement: RefundStatement;
  readonly nextNonce: number;
}

export class RefundView extends OrderView {
  @ApiProperty() account!: string;
  @ApiProperty() series!: number;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'won owed to the resident once it is final; the rest of the amount goes back to the funders',
  })
  own!: bigint | null;
}

export class RefundPageView {
  @ApiProperty({ type: [RefundView] }) items!: RefundView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

/** The arithmetic in sentences. */
export class RefundTextView {
  @ApiProperty({ type: [String] }) ko!: string[];
  @ApiProperty({ type: [String] }) en!: string[];
}

/** What a refund would come to now, due or not: to be shown before anybody signs. */
export class RefundQuoteView {
  @ApiProperty() account!: string;
  @ApiProperty() series!: number;
  @ApiProperty({
    enum: ['spent', 'unused'],
    nullable: true,
    description: 'Why it is due: enough was spent, or nothing was and it is new. Null = it is not due.',
  })
  due!: 'spent' | 'unused' | null;
  @ApiProperty({ type: String, description: 'won that came in, less what was given away' }) received!: bigint;
  @ApiProperty({ type: String, description: 'won' }) spent!: bigint;
  @ApiProperty({ type: String, description: 'won; the amount to sign' }) balance!: bigint;
  @ApiProperty({ description: 'Rounded down.' }) spentPercent!: number;
  @ApiProperty({ description: '0 = spending never makes it due.' }) neededPercent!: number;
  @ApiProperty({ type: String, description: 'won to spend until it is due' }) stillToSpend!: bigint;
  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'Last Korean day on which an untouched holding is refunded; null = never.',
  })
  unusedUntil!: string | null;
  @ApiProperty({ description: 'Basis points of each won that the resident paid.' }) residentShare!: number;
  @ApiProperty({ type: String, description: 'won paid out: the resident’s own share, rounded down' })
  own!: bigint;
  @ApiProperty({ type: String, description: 'won that go back to the funders' }) toFunders!: bigint;
  @ApiProperty({ description: 'Nonce to sign.' }) nextNonce!: number;
  @ApiProperty({ type: RefundTextView }) text!: RefundTextView;
}

export function refundView(record: OrderRecord): RefundView {
  return { ...orderView(record), account: record.holder, series: onlySeries(record), own: record.own };
}

export function quoteView(
  { account, series }: RefundQuoteQuery,
  { statement, nextNonce }: RefundQuote,
): RefundQuoteView {
  const { due, unusedUntil, ...figures } = statement;
  return {
    account,
    series,
    due: due ?? null,
    ...figures,
    unusedUntil: unusedUntil === undefined ? null : koreanIsoDate(dayBounds(unusedUntil).from),
    nextNonce,
    text: {
      ko: explainRefundStatement(statement, 'ko'),
      en: explainRefundStatement(statement, 'en'),
    },
  };
}
