import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type, type TransformFnParams } from 'class-transformer';
import { IsArray, IsObject, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { isAddress } from 'ethers';
import {
  isRegionCode,
  LAST_ISO_SECOND,
  parseKoreanIsoDate,
  parseWon,
  readPlainText,
  REGION_CODE_PATTERN,
  WON_MAX,
  WON_PATTERN,
} from '#domain';
import { placesMeant } from './regions.js';
import { IS_UNDIVIDED } from './validation-messages.js';

export interface FieldOptions {
  /** The field may be left out (it may not be null). */
  readonly optional?: boolean;
  /** Each entry of a list. */
  readonly each?: boolean;
  readonly description?: string;
}

/** A field that may be left out. Unlike class-validator's IsOptional it refuses null, which would pass unchecked. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_object: object, value: unknown) => value !== undefined);
}

/** class-transformer's group of what comes as text alone: queries, whose numbers are texts too. */
export const TEXT_ONLY = 'text-only';

/** `textOnly`: the value comes from a query. */
type Reader = (value: unknown, textOnly: boolean) => unknown;

/**
 * One decorator a field: reads the accepted spellings into the value that the code works with, refuses the rest
 * and documents itself. `read` returns undefined for what it cannot read; the raw value then stays and fails. `rule` with
 * the limits that its words name.
 */
function readField(
  rule: string | { readonly name: string; readonly values: readonly unknown[] },
  read: Reader,
  accepts: (value: unknown) => boolean,
  schema: ApiPropertyOptions,
  options: FieldOptions,
): PropertyDecorator {
  const { optional = false, each = false, description } = options;
  const { name, values } = typeof rule === 'string' ? { name: rule, values: [] } : rule;
  const decorators = [
    Transform(({ value, options: { groups } }: TransformFnParams) => {
      const textOnly = groups?.includes(TEXT_ONLY) ?? false;
      const readOne = (one: unknown): unknown => read(one, textOnly) ?? one;
      return each && Array.isArray(value) ? value.map(readOne) : readOne(value);
    }),
    ValidateBy({ name, constraints: [...values], validator: { validate: accepts } }, { each }),
    ApiProperty({ ...schema, isArray: each, required: !optional, description } as ApiPropertyOptions),
  ];
  return applyDecorators(...decorators, ...(optional ? [MayBeAbsent()] : []));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Another class inside this one; `each` for a list of them (say how long with ArrayMaxSize). */
export function IsNested<T>(type: () => new () => T, options: FieldOptions = {}): PropertyDecorator {
  const { optional = false, each = false, description } = options;
  const decorators = [
    Type(type),
    ValidateNested({ each }),
    each ? IsArray() : IsObject(),
    // Swagger knows a function that gives the class by its name, `type`; the property lends it.
    ApiProperty({ type: () => type(), isArray: each, required: !optional, description }),
  ];
  return applyDecorators(...decorators, ...(optional ? [MayBeAbsent()] : []));
}

/**
 * Whole won: digits as text → bigint, 0 to `max`, 2^48-1 unless it is less. A JSON number is refused: JavaScript and many
 * others lose won above 2^53 while they read one, before anything can notice.
 */
export function IsWon(options: FieldOptions & { readonly max?: bigint } = {}): PropertyDecorator {
  const { max = WON_MAX } = options;
  const read = (value: unknown): unknown =>
    typeof value === 'string' ? attempt(() => parseWon(value)) : undefined;
  const accepts = (value: unknown): boolean => typeof value === 'bigint' && value <= max;
  const described = { ...options, description: options.description ?? `Whole won, at most ${max}.` };
  const schema = { type: String, pattern: WON_PATTERN, example: '12000' };
  return readField({ name: 'isWon', values: [max] }, read, accepts, schema, described);
}

/** Address: 0x and 40 hex digits → lower case; a mixed-case one must have its EIP-55 checksum. */
export function IsAddress(options: FieldOptions = {}): PropertyDecorator {
  const read = (value: unknown): unknown => {
    if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) return undefined;
    const digits = value.slice(2);
    // Only mixed case contains a checksum; hashing every address would be most of a payment's parsing time.
    const mixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
    return mixed && !isAddress(value) ? undefined : value.toLowerCase();
  };
  const accepts = (value: unknown): boolean => typeof value === 'string' && /^0x[0-9a-f]{40}$/.test(value);
  const schema = { type: String, pattern: '^0x[0-9a-fA-F]{40}$', example: `0x${'00'.repeat(19)}a1` };
  return readField('isAddress', read, accepts, schema, options);
}

function hexField(rule: string, pattern: RegExp, options: FieldOptions): PropertyDecorator {
  const wellFormed = (value: unknown): value is string => typeof value === 'string' && pattern.test(value);
  const read = (value: unknown): unknown => (wellFormed(value) ? value.toLowerCase() : undefined);
  return readField(rule, read, wellFormed, { type: String, pattern: pattern.source }, options);
}

/** 32 bytes: 0x and 64 hex digits → lower case. */
export function IsHex32(options: FieldOptions = {}): PropertyDecorator {
  return hexField('isHex32', /^0x[0-9a-fA-F]{64}$/, options);
}

/** secp256k1 signature r ‖ s ‖ v: 0x and 130 hex digits → lower case. */
export function IsSignature65(options: FieldOptions = {}): PropertyDecorator {
  return hexField('isSignature65', /^0x[0-9a-fA-F]{130}$/, options);
}

const PROOF_DIGITS_MIN = 2 * 65;
const PROOF_DIGITS_MAX = 2 * 2_048;

/**
 * What proves that a key of an account signed: 65 to 2,048 bytes in hex → lower case. A wallet's plain signature
 * (r ‖ s ‖ v) has 65; see proofs.ts of the contracts for the others.
 */
export function IsProof(options: FieldOptions = {}): PropertyDecorator {
  const pattern = new RegExp(
    String.raw`^0x(?=(?:..)*$)[0-9a-fA-F]{${PROOF_DIGITS_MIN},${PROOF_DIGITS_MAX}}$`,
  );
  return hexField('isProof', pattern, options);
}

/** Bytes of any length: 0x and pairs of hex digits → lower case. */
export function IsHexData(options: FieldOptions = {}): PropertyDecorator {
  return hexField('isHexData', /^0x(?:[0-9a-fA-F]{2})*$/, options);
}

/**
 * A text of one line: a name, an address, a title, words to look for → NFC without blanks at its ends. Refused:
 * invisible and control characters, halves of surrogate pairs, blanks alone; see readPlainText.
 */
export function IsPlainText(
  options: FieldOptions & { readonly min?: number; readonly max: number },
): PropertyDecorator {
  const { min = 1, max } = options;
  const read = (value: unknown): unknown => readPlainText(value, min, max);
  const schema = { type: String, minLength: min, maxLength: max };
  return readField(
    { name: 'isPlainText', values: [min, max] },
    read,
    (value) => readPlainText(value, min, max) !== undefined,
    schema,
    options,
  );
}

/**
 * Region code of 2–10 digits that means a place in Korea, in any spelling (see placesMeant, which whoever uses it asks);
 * '' (the state) only with `allowState`. `onChain`: a code as the chain has it, whatever it means. `orNone`: or the word
 * none. Where one place must be meant, add IsUndivided.
 */
export function IsRegionCode(options: RegionOptions = {}): PropertyDecorator {
  const { allowState = false, onChain = false, orNone = false } = options;
  const accepts = (value: unknown): boolean =>
    (orNone && value === 'none') ||
    (isRegionCode(value) && (value !== '' || allowState) && (onChain || placesMeant(value).length > 0));
  const code = String.raw`\d{2,10}`;
  const pattern = orNone
    ? `^(${code}|none)${allowState ? '?' : ''}$`
    : allowState
      ? REGION_CODE_PATTERN
      : `^${code}$`;
  const schema = { type: String, pattern, example: '47130' };
  return readField({ name: 'isRegionCode', values: [orNone] }, (value) => value, accepts, schema, options);
}

interface RegionOptions extends FieldOptions {
  readonly allowState?: boolean;
  readonly onChain?: boolean;
  readonly orNone?: boolean;
}

/** Of a field with IsRegionCode: the code means one place. One that was divided is refused with what it became. */
export function IsUndivided(): PropertyDecorator {
  return ValidateBy({
    name: IS_UNDIVIDED,
    validator: {
      validate: (value: unknown) => typeof value !== 'string' || placesMeant(value).length <= 1,
      defaultMessage: (given) => String(given?.value),
    },
  });
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day of the Korean calendar, `2026-01-31`. */
export function IsDay(options: Omit<FieldOptions, 'each'> = {}): PropertyDecorator {
  const accepts = (value: unknown): boolean =>
    typeof value === 'string' && DAY.test(value) && attempt(() => parseKoreanIsoDate(value)) !== undefined;
  return readField('isDay', (value) => value, accepts, { type: String, format: 'date' }, options);
}

const REFUSAL_CODE = /^[a-z_]{1,40}$/;

/** The code of a refusal, as far as its form goes. */
export function IsRefusalCode(options: Omit<FieldOptions, 'each'> = {}): PropertyDecorator {
  const accepts = (value: unknown): boolean => typeof value === 'string' && REFUSAL_CODE.test(value);
  const schema = { type: String, pattern: REFUSAL_CODE.source };
  return readField('isRefusalCode', (value) => value, accepts, schema, options);
}

/** 78 digits are the most that 256 bits have; the bound keeps a hostile text from costing time. */
function integerOf(value: unknown, asText: boolean): bigint | undefined {
  if (asText)
    return typeof value === 'string' && /^(0|[1-9]\d{0,77})$/.test(value) ? BigInt(value) : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

/** Widest integer that a JavaScript number holds exactly, in the sizes Solidity has. */
const NUMBER_BITS_MAX = 48;

/**
 * Unsigned integer of so many bits. Up to 48 bits: a JSON number → number. Above: digits as text → bigint. In a query
 * both are digits.
 */
export function IsUint(bits: number, options: FieldOptions = {}): PropertyDecorator {
  return isUnsigned(2n ** BigInt(bits), bits <= NUMBER_BITS_MAX, options);
}

/** Unix seconds until which something signed counts: a JSON number, up to the end of the year 9999. */
export function IsDeadline(options: FieldOptions = {}): PropertyDecorator {
  return isUnsigned(BigInt(LAST_ISO_SECOND) + 1n, true, options);
}

/** Integers from 0 to below `limit`: JSON numbers, or digits as text. */
function isUnsigned(limit: bigint, isNumber: boolean, options: FieldOptions): PropertyDecorator {
  const read = (value: unknown, textOnly: boolean): unknown => {
    const integer = integerOf(value, textOnly || !isNumber);
    if (integer === undefined || integer < 0n || integer >= limit) return undefined;
    return isNumber ? Number(integer) : integer;
  };
  const accepts = (value: unknown): boolean =>
    isNumber
      ? typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < Number(limit)
      : typeof value === 'bigint';
  const schema = isNumber
    ? { type: 'integer' as const, minimum: 0, maximum: Number(limit - 1n) }
    : { type: String, pattern: String.raw`^(0|[1-9]\d{0,77})$` };
  const rule = { name: isNumber ? 'isUint' : 'isUintText', values: [limit - 1n] };
  return readField(rule, read, accepts, schema, options);
}

const SERIES_MAX = 8;

/** Numbers of 1 to 8 series. */
export function IsSeriesList(options: Omit<FieldOptions, 'each' | 'optional'> = {}): PropertyDecorator {
  const isNumber = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  const accepts = (value: unknown): boolean =>
    Array.isArray(value) && value.length >= 1 && value.length <= SERIES_MAX && value.every(isNumber);
  const item = { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 };
  const schema: ApiPropertyOptions = { type: 'array', items: item, minItems: 1, maxItems: SERIES_MAX };
  return readField('isSeriesList', (value) => value, accepts, schema, options);
}
