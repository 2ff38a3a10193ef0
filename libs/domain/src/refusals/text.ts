import { formatKoreanDateTime, formatKoreanEnd, formatKoreanMoment, koreanIsoDateTime } from '../calendar.js';
import { categoryName, categoryOfId } from '../category.js';
import { merchantStatusName, merchantStatusText } from '../merchant.js';
import { officerRoleName, officerRoleText } from '../officer-role.js';
import { isRegionCode, unpackRegion } from '../regions/region.js';
import type { RegionCode } from '../regions/region.js';
import { whyNotFresh } from '../replay-window.js';
import { sizeClassText } from '../size-class.js';
import { formatWon } from '../won.js';
import type { Lang } from '../won.js';
import { type RefusalArgs, type RefusalValue, type TypedArg, typedArgs } from './args.js';
import { refusal, refusalKeyOfNumber } from './table.js';
import type { RefusalKey } from './table.js';
import type { RefusalWords } from './types.js';

export interface RefusalText {
  /** The same sentence for every occurrence. */
  readonly title: string;
  /** The sentence with this occurrence's values; '' when a value it needs is missing. */
  readonly detail: string;
  readonly next: string;
}

export type RegionNames = (code: RegionCode, lang: Lang) => string;

/** Region code of a packed region or of a code; the raw value when it is neither. */
function regionOf(value: RefusalValue): string {
  if (typeof value === 'string') return value;
  try {
    return unpackRegion(BigInt(value));
  } catch {
    return String(value);
  }
}

function show({ type, value }: TypedArg, lang: Lang, regionName: RegionNames): string {
  switch (type) {
    case 'won':
      return formatWon(BigInt(value), lang);
    case 'time':
      return formatKoreanDateTime(Number(value), lang);
    case 'moment':
      return formatKoreanMoment(Number(value), lang);
    case 'end':
      return formatKoreanEnd(Number(value), lang);
    case 'region': {
      const code = regionOf(value);
      return isRegionCode(code) ? regionName(code, lang) : code;
    }
    case 'category':
      return categoryName(Number(value), lang);
    case 'size':
      return sizeClassText(Number(value), lang);
    case 'status':
      return merchantStatusText(Number(value), lang);
    case 'role':
      return officerRoleText(Number(value), lang);
    case 'refusal': {
      const key = refusalKeyOfNumber(Number(value));
      return key === undefined ? String(value) : refusal(key)[lang].title;
    }
    default:
      return String(value);
  }
}

/**
 * What a person reads about a refusal. `args` by name or in the chain's order; missing ones drop the detail.
 * `regionName` turns codes into names (the code itself is shown without it).
 */
export function refusalText(
  key: RefusalKey,
  args: RefusalArgs,
  lang: Lang,
  regionName: RegionNames = (code) => code,
): RefusalText {
  const words: RefusalWords = refusal(key)[lang];
  const shown = new Map(typedArgs(key, args).map((arg) => [arg.name, show(arg, lang, regionName)]));
  let complete = true;
  const detail = sentenceOf(key, args, words).replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const text = shown.get(name);
    complete &&= text !== undefined;
    return text ?? '';
  });
  return { title: words.title, detail: complete ? detail : '', next: words.next };
}

/** The detail that the values call for, as a number that was used is another matter than one that is too old. */
function sentenceOf(key: RefusalKey, args: RefusalArgs, { detail = '', details = {} }: RefusalWords): string {
  const [first, second] = typedArgs(key, args).map(({ value }) => Number(value));
  return (first === undefined ? undefined : details[CASES[key]?.(first, second) ?? '']) ?? detail;
}

/** Which of a refusal's `details` its first two values call for. */
const CASES: Partial<Record<RefusalKey, (first: number, second: number | undefined) => string | undefined>> =
  {
    // Batches count from 1: the platform knows no settled payment, and the merchant's app may only be early.
    receipt_unknown: (batch) => (batch === 0 ? 'not_final' : undefined),
    replayed: (nonce, top) => (top === undefined ? undefined : whyNotFresh(nonce, top)),
    // No share of a granted voucher that may be spent makes the rest due: there is nothing to wait for.
    refund_not_due: (_spent, needed) => (needed === 0 ? 'never' : undefined),
    deadline_passed: (deadline, now) => (now !== undefined && deadline >= now ? 'too_close' : undefined),
  };

function machineValue({ type, value }: TypedArg): string | number {
  switch (type) {
    case 'won':
      return BigInt(value).toString();
    case 'time':
    case 'moment':
    case 'end':
      return koreanIsoDateTime(Number(value));
    case 'region':
      return regionOf(value);
    case 'category':
      return categoryOfId(Number(value))?.key ?? Number(value);
    case 'status':
      return merchantStatusName(Number(value)) ?? Number(value);
    case 'role':
      return officerRoleName(Number(value)) ?? Number(value);
    case 'refusal':
      return refusalKeyOfNumber(Number(value)) ?? Number(value);
    case 'size':
      return Number(value);
    case 'count':
      return typeof value === 'bigint' && value > BigInt(Number.MAX_SAFE_INTEGER)
        ? value.toString()
        : Number(value);
    default:
      return String(value);
  }
}

/**
 * The arguments by name as programs read them in a problem document: won as digits, times as ISO with Korea's
 * offset, regions as codes, categories and statuses as keys.
 */
export function refusalArgs(key: RefusalKey, args: RefusalArgs): Record<string, string | number> {
  return Object.fromEntries(typedArgs(key, args).map((arg) => [arg.name, machineValue(arg)]));
}
