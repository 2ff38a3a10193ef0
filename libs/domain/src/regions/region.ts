import { DomainError } from '../errors.js';

/**
 * An administrative code: '' (the state), or 2–10 digits. A region contains every code that begins with it,
 * so `4711` (a city with wards) needs no rule of its own.
 */
export type RegionCode = string;

export const STATE_REGION: RegionCode = '';

/** As isRegionCode, for a JSON Schema. */
export const REGION_CODE_PATTERN = String.raw`^(\d{2,10})?$`;

const CODE = new RegExp(REGION_CODE_PATTERN);
const DIGITS_MAX = 10;

/** True for '' or 2–10 digits; says nothing about whether such a place exists. */
export function isRegionCode(value: unknown): value is RegionCode {
  return typeof value === 'string' && CODE.test(value);
}

/** The code itself; throws DomainError `region_invalid` for anything else. */
export function parseRegionCode(value: unknown): RegionCode {
  if (!isRegionCode(value)) throw new DomainError('region_invalid', `not a region code: ${String(value)}`);
  return value;
}

/** True when `code` lies in `area` (a region contains itself). */
export function regionContains(area: RegionCode, code: RegionCode): boolean {
  return code.startsWith(area);
}

/**
 * The chain's Region (uint48): ten nibbles, one digit each, left-aligned in the top 40 bits; the low 8 bits
 * hold the number of digits. `47130` is 0x471300000005.
 */
export function packRegion(code: RegionCode): bigint {
  parseRegionCode(code);
  return (BigInt(`0x${code.padEnd(DIGITS_MAX, '0')}`) << 8n) | BigInt(code.length);
}

/** The code of a chain Region; throws DomainError `region_invalid` when the bits are not a packed code. */
export function unpackRegion(packed: bigint): RegionCode {
  const length = Number(packed & 0xffn);
  const digits = (packed >> 8n).toString(16).padStart(DIGITS_MAX, '0');
  const code = digits.slice(0, length);
  const wellFormed =
    packed >= 0n && digits.length === DIGITS_MAX && length <= DIGITS_MAX && isRegionCode(code);
  if (!wellFormed || packRegion(code) !== packed) {
    throw new DomainError('region_invalid', `not a packed region: 0x${packed.toString(16)}`);
  }
  return code;
}
