import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength, ValidateBy } from 'class-validator';
import { wrongField } from './problem.js';
import { MayBeAbsent } from './validators.js';

const LIMIT_DEFAULT = 50;
export const PAGE_LIMIT_MAX = 500;
/** 1 to PAGE_LIMIT_MAX. */
const LIMIT = /^([1-9]\d?|[1-4]\d\d|500)$/;

/** Query of every list: where to go on, and how many. Extend it with the list's own filters. */
export class PageQuery {
  /** `next` of the page before; opaque. */
  @ApiPropertyOptional({ description: 'Where to go on: `next` of the page before.' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(500)
  cursor?: string;

  /** 1..500 as text, because a query is text. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT_MAX, default: LIMIT_DEFAULT })
  @MayBeAbsent()
  @ValidateBy({
    name: 'isPageLimit',
    constraints: [PAGE_LIMIT_MAX],
    validator: { validate: (value: unknown) => typeof value === 'string' && LIMIT.test(value) },
  })
  limit?: string;
}

/** One page of a list; `next` is null on the last. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** How many items the page has at most. */
export function limitOf(query: PageQuery): number {
  return query.limit === undefined ? LIMIT_DEFAULT : Number(query.limit);
}

/**
 * The key that a page starts behind, or undefined for the first page. `parts` are what each part of the key must
 * look like, because the parts go to the database. Throws invalid_request for anything `pageOf` did not write.
 */
export function cursorOf(query: PageQuery, parts: readonly RegExp[]): string[] | undefined {
  if (query.cursor === undefined) return undefined;
  const values = decode(query.cursor);
  if (values.length === parts.length && values.every((value, index) => parts[index]?.test(value)))
    return values;
  throw wrongField('cursor', { ko: '이 목록의 next 값이 아닙니다.', en: 'is not a `next` of this list' });
}

/**
 * A page from rows that were read with one more than `limit`: the extra row only shows that there is a next page.
 * `keyOf` gives the parts of the key by which the list is sorted.
 */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | bigint | number)[],
  show: (row: Row) => T,
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: items.map(show), next: more ? encode(keyOf(last).map(String)) : null };
}

function encode(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decode(cursor: string): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value;
  } catch {
    // Not a cursor of the platform; the caller says so.
  }
  return [];
}
