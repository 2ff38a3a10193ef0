import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { dayBounds, parseKoreanIsoDate } from '#domain';
import {
  IsDay,
  IsRefusalCode,
  IsRegionCode,
  IsUint,
  IsUndivided,
  MayBeAbsent,
  PageQuery,
  wrongField,
} from '#platform';
import type { OrderState } from './order.js';
import type { OrderFilter } from './order-record.repository.js';
import { orderRefusalNumber } from './refusal-code.js';

const STATES: readonly OrderState[] = ['final', 'accepted', 'refused'];

/** Filters that the lists of all kinds share. */
export class OrderListQuery extends PageQuery {
  @IsUint(32, { optional: true })
  series?: number;

  @IsDay({ optional: true, description: 'A day in Korea, 2026-01-31; instead of `from` and `to`.' })
  day?: string;

  @IsDay({ optional: true, description: 'First day in Korea.' })
  from?: string;

  @IsDay({ optional: true, description: 'Last day in Korea, inclusive.' })
  to?: string;

  @ApiPropertyOptional({ enum: STATES, default: 'final' })
  @MayBeAbsent()
  @IsIn([...STATES])
  state?: OrderState;

  @IsRefusalCode({ optional: true, description: 'Code of a refusal; with state=refused.' })
  code?: string;
}

/** The same of kinds with a merchant, who has a place. */
export class PlacedListQuery extends OrderListQuery {
  @IsUndivided()
  @IsRegionCode({
    optional: true,
    allowState: true,
    description: 'Region of the merchant; contains smaller ones.',
  })
  region?: string;

  @IsUint(7, { optional: true, description: 'Category of the merchant.' })
  category?: number;
}

/** Whose orders, or voids of which payment: the sides as the kind calls them. */
export type Sides = Pick<OrderFilter, 'holder' | 'other' | 'payment'>;

/** The filter of a query. @throws ProblemException invalid_request */
export function filterOf(
  query: OrderListQuery & Pick<PlacedListQuery, 'region' | 'category'>,
  sides: Sides,
): OrderFilter {
  const { day, series, region, category, code, state = 'final' } = query;
  if (day !== undefined && (query.from ?? query.to) !== undefined)
    throw wrongField('day', { ko: 'from, to와 함께 쓸 수 없습니다.', en: 'does not go with from and to' });
  const from = dayOf(day ?? query.from)?.from;
  const until = dayOf(day ?? query.to)?.until;
  if (from !== undefined && until !== undefined && from >= until) {
    throw wrongField('from', { ko: '종료일(to)보다 늦을 수 없습니다.', en: 'must not be after to' });
  }
  return {
    state,
    ...sides,
    series,
    region,
    category,
    code: code === undefined ? undefined : codeNumber(code, state),
    from,
    until,
  };
}

function dayOf(day: string | undefined) {
  return day === undefined ? undefined : dayBounds(parseKoreanIsoDate(day));
}

function codeNumber(code: string, state: OrderState): number {
  const number = orderRefusalNumber(code);
  if (number !== undefined && state === 'refused') return number;
  throw wrongField('code', {
    ko: 'state=refused와 함께 쓰는 거절 코드여야 합니다.',
    en: 'must be the code of a refusal, with state=refused',
  });
}
