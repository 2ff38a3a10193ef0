import { DomainError } from './errors.js';
import { type Unit, unitInUse } from './unit.js';

/**
 * Whole won, or whole numbers of the smallest part of another unit that the deployment has (see unit.ts). There are no
 * fractions anywhere.
 */
export type Won = bigint;

/** Largest amount the chain stores (uint48): 281,474,976,710,655 won; no series' budget passes it. */
export const WON_MAX: Won = 2n ** 48n - 1n;

/** How won are written: digits without sign, separator or leading zero. WON_MAX has fifteen. */
export const WON_PATTERN = String.raw`^(0|[1-9]\d{0,14})$`;

const WRITTEN = new RegExp(WON_PATTERN);

export type Lang = 'ko' | 'en';

/**
 * Reads an amount from outside: a string of digits without sign, spaces, separators or leading zeros, a safe
 * integer, or a bigint. Throws DomainError `won_invalid` for anything else, negatives, fractions and amounts
 * above WON_MAX.
 */
export function parseWon(value: unknown): Won {
  const amount = readInteger(value);
  if (amount === undefined || amount < 0n || amount > WON_MAX) {
    throw new DomainError('won_invalid', `not an amount in whole won: ${String(value).slice(0, 40)}`);
  }
  return amount;
}

function readInteger(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'string' && WRITTEN.test(value)) return BigInt(value);
  return undefined;
}

/**
 * An amount in the unit of the deployment: "12,000원" or "KRW 12,000"; "CHF 120.50" where the unit has parts. A negative
 * amount (a difference) keeps its sign before the digits.
 */
export function formatWon(amount: Won, lang: Lang = 'ko', unit: Unit = unitInUse()): string {
  const part = 10n ** BigInt(unit.digits);
  const [sign, size] = amount < 0n ? ['-', -amount] : ['', amount];
  const whole = (size / part).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  const rest = unit.digits === 0 ? '' : `.${(size % part).toString().padStart(unit.digits, '0')}`;
  const digits = `${sign}${whole}${rest}`;
  if (lang === 'ko') return `${digits}${unit.ko}`;
  return `${unit.code} ${digits}`;
}

/**
 * Splits an amount by weights with the largest-remainder method: every part is its exact share rounded down or
 * up, and the parts add up to the amount. Equal remainders go to the earlier part.
 * Throws DomainError `weights_invalid` for a negative weight or when all are zero.
 */
export function allocate(amount: Won, weights: readonly (number | bigint)[]): Won[] {
  if (amount < 0n) throw new DomainError('won_invalid', `cannot split ${amount} won`);
  const exact = weights.map((weight) => BigInt(weight));
  const total = exact.reduce((sum, weight) => sum + weight, 0n);
  if (total <= 0n || exact.some((weight) => weight < 0n)) {
    throw new DomainError('weights_invalid', 'weights must not be negative, and one must be positive');
  }
  const parts = exact.map((weight) => (amount * weight) / total);
  const remainders = exact.map((weight, index) => ({ index, rest: (amount * weight) % total }));
  remainders.sort((one, other) =>
    one.rest === other.rest ? one.index - other.index : one.rest > other.rest ? -1 : 1,
  );
  const left = Number(amount - parts.reduce((sum, part) => sum + part, 0n));
  for (const { index } of remainders.slice(0, left)) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts;
}
