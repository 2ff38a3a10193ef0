import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { dayBounds, parseKoreanIsoDate } from '#domain';
import { IsRegionCode, IsUint, MayBeAbsent, PageQuery, ProblemException } from '#platform';
import type { OrderState } from './order.js';
import type { OrderFilter } from './order-record.repository.js';
import { orderRefusalNumber } from './refusal-code.js';

const STATES: readonly OrderState[] = ['final', 'accepted', 'refused'];

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Filters that the lists of all kinds share. */
export class OrderListQuery extends PageQuery {
  @IsUint(32, { optional: true })
  series?: number;

  @IsRegionCode({
    optional: true,
    allowState: true,
    description: 'Region of the merchant; contains smaller ones.',
  })
  region?: string;

  @IsUint(7, { optional: true, description: 'Category of the merchant.' })
  category?: number;

  @ApiPropertyOptional({ format: 'date', description: 'A day in Korea, 2026-01-31.' })
  @MayBeAbsent()
  @Matches(DATE)
  day?: string;

  @ApiPropertyOptional({ format: 'date', description: 'First day in Korea.' })
  @MayBeAbsent()
  @Matches(DATE)
  from?: string;

  @ApiPropertyOptional({ format: 'date', description: 'Last day in Korea, inclusive.' })
  @MayBeAbsent()
  @Matches(DATE)
  to?: string;

  @ApiPropertyOptional({ enum: STATES, default: 'final' })
  @MayBeAbsent()
  @IsIn([...STATES])
  state?: OrderState;

  @ApiPropertyOptional({ description: 'Code of a refusal; with state=refused.' })
  @MayBeAbsent()
  @Matches(/^[a-z_]{1,40}$/)
  code?: string;
}

/** Whose orders, or voids of which payment: the sides as the kind calls them. */
export type Sides = Pick<OrderFilter, 'holder' | 'other' | 'payment'>;

/** The filter of a query. @throws ProblemException invalid_request */
export function filterOf(query: OrderListQuery, sides: Sides): OrderFilter {
  const { day, series, region, category, code, state = 'final' } = query;
  const from = dayOf('from', query.from, day)?.from;
  const until = dayOf('to', query.to, day)?.until;
  if (from !== undefined && until !== undefined && from >= until) {
    throw wrong('from', { ko: '종료일(to)보다 늦을 수 없습니다.', en: 'must not be after to' });
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

function dayOf(field: 'from' | 'to', text: string | undefined, day: string | undefined) {
  const used = day ?? text;
  if (used === undefined) return undefined;
  try {
    return dayBounds(parseKoreanIsoDate(used));
  } catch {
    throw wrong(day === undefined ? field : 'day', {
      ko: '2026-01-31 같은 날짜여야 합니다.',
      en: 'must be a date like 2026-01-31',
    });
  }
}

function codeNumber(code: string, state: OrderState): number {
  const number = orderRefusalNumber(code);
  if (number !== undefined && state === 'refused') return number;
  throw wrong('code', {
    ko: 'state=refused와 함께 쓰는 거절 코드여야 합니다.',
    en: 'must be the code of a refusal, with state=refused',
  });
}

function wrong(field: string, message: { ko: string; en: string }): ProblemException {
  return new ProblemException('invalid_request', { fields: [{ field, message }] });
}
