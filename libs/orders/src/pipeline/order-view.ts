import { ApiProperty } from '@nestjs/swagger';
import { isoTime, refusalArgs } from '#domain';
import type { OrderRecord, OrderState } from './order.js';
import { nextAfter } from './refusal-reasons.js';

/** The block that decided an order. */
export class DecidingBlockView {
  @ApiProperty({ type: String, example: '1042' }) number!: bigint;
  @ApiProperty({ format: 'date-time' }) time!: string;
  @ApiProperty({ description: 'Hash of the transaction.' }) transaction!: string;
}

/** What a series gave to a payment. */
export class OrderPartView {
  @ApiProperty() series!: number;
  @ApiProperty({ type: String, description: 'won' }) amount!: bigint;
  @ApiProperty({ type: String, description: 'won of it that final voids took back' }) voided!: bigint;
}

/** A sentence for people. */
export class NextView {
  @ApiProperty() ko!: string;
  @ApiProperty() en!: string;
}

/** What signed messages of all kinds show of their state. */
export class OrderStateView {
  @ApiProperty({ description: 'EIP-712 digest of the authorisation.' }) id!: string;
  @ApiProperty({ enum: ['accepted', 'final', 'refused'] }) state!: OrderState;
  @ApiProperty({ type: String, nullable: true, description: 'Why it was refused; see GET /v1/refusals.' })
  code!: string | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'The rule and the values that it was compared with.',
  })
  expected!: Record<string, string | number> | null;
  @ApiProperty({ type: NextView, nullable: true, description: 'What the holder can do about a refusal.' })
  next!: NextView | null;
  @ApiProperty() nonce!: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) deadline!: string | null;
  @ApiProperty() order!: string;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null when somebody else brought it to the contract.',
  })
  receivedAt!: string | null;
  @ApiProperty({ type: DecidingBlockView, nullable: true }) block!: DecidingBlockView | null;
}

/** What orders that move vouchers show. */
export class OrderView extends OrderStateView {
  @ApiProperty({ type: String, description: 'won' }) amount!: bigint;
}

/** Where the merchant was, and what kind of shop it was, when the order became final. */
export class PlacedOrderView extends OrderView {
  @ApiProperty({ type: String, nullable: true, description: 'Region of the merchant when it became final.' })
  region!: string | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Category of the merchant when it became final.',
  })
  category!: number | null;
}

/** A record as it leaves through the API, without its sides and series. */
export function orderView(record: OrderRecord): OrderView {
  return { ...orderStateView(record), amount: record.amount };
}

/** The same without an amount. */
export function orderStateView(record: OrderRecord): OrderStateView {
  const { refusal, block } = record;
  return {
    id: record.id,
    state: record.state,
    code: refusal?.code ?? null,
    expected: refusal === null ? null : refusalArgs(refusal.code, [refusal.a, refusal.b]),
    next: refusal === null ? null : nextAfter(record, refusal),
    nonce: record.nonce,
    deadline: record.deadline === null ? null : isoTime(record.deadline),
    order: record.reference,
    receivedAt: record.receivedAt?.toISOString() ?? null,
    block:
      block === null
        ? null
        : { number: block.number, time: isoTime(block.timestamp), transaction: block.transaction },
  };
}

/** The same with region and category. */
export function placedOrderView(record: OrderRecord): PlacedOrderView {
  const { place } = record;
  return { ...orderView(record), region: place?.region ?? null, category: place?.category ?? null };
}
