import { DomainError } from './errors.js';
import { allocate } from './won.js';
import type { Won } from './won.js';

/** Who pays for face value, in the order used everywhere (chain, books, reports). */
export const FUNDERS = ['resident', 'state', 'province', 'city'] as const;
export type Funder = (typeof FUNDERS)[number];

export const BASIS_POINTS = 10_000;

/** Share of each funder in basis points; together 10,000. */
export type FundingSplit = Readonly<Record<Funder, number>>;

/** Won per funder. */
export type FundingParts = Readonly<Record<Funder, Won>>;

/** True when every share is a whole number of basis points and they add up to 10,000. */
export function isFundingSplit(split: FundingSplit): boolean {
  const shares = FUNDERS.map((funder) => split[funder]);
  const whole = shares.every((share) => Number.isInteger(share) && share >= 0 && share <= BASIS_POINTS);
  return whole && shares.reduce((sum, share) => sum + share, 0) === BASIS_POINTS;
}

function sharesOf(split: FundingSplit): number[] {
  if (!isFundingSplit(split)) {
    throw new DomainError(
      'funding_invalid',
      'funding shares must be whole basis points that add up to 10000',
    );
  }
  return FUNDERS.map((funder) => split[funder]);
}

function toParts(amounts: readonly Won[]): FundingParts {
  const [resident = 0n, state = 0n, province = 0n, city = 0n] = amounts;
  return { resident, state, province, city };
}

/** One amount on its own, split by largest remainder; the parts add up to the amount. */
export function splitFunding(amount: Won, split: FundingSplit): FundingParts {
  return toParts(allocate(amount, sharesOf(split)));
}

const SPLITS_CACHED_MAX = 512;
const sequences = new Map<string, Uint16Array>();

/**
 * Won handed out one at a time to whoever's remainder is largest: row h holds what each funder has of the first
 * h won, for 0 ≤ h ≤ 10,000; after 10,000 won it repeats.
 *
 * Splitting each running total by itself is not enough: with 9000/300/200/500 the largest remainder gives the
 * province 2 of 50 won but 1 of 51 (the Alabama paradox, in 1 % of totals), so a part of a payment would come
 * out as -1 won.
 */
function sequenceOf(shares: readonly number[]): Uint16Array {
  const key = shares.join();
  const known = sequences.get(key);
  if (known !== undefined) return known;
  const width = shares.length;
  const rows = new Uint16Array((BASIS_POINTS + 1) * width);
  const owed = shares.map(() => 0);
  for (let h = 1; h <= BASIS_POINTS; h++) {
    let most = 0;
    for (let i = 0; i < width; i++) {
      owed[i] = (owed[i] ?? 0) + (shares[i] ?? 0);
      if ((owed[i] ?? 0) > (owed[most] ?? 0)) most = i;
    }
    owed[most] = (owed[most] ?? 0) - BASIS_POINTS;
    for (let i = 0; i < width; i++) {
      rows[h * width + i] = (rows[(h - 1) * width + i] ?? 0) + (i === most ? 1 : 0);
    }
  }
  if (sequences.size >= SPLITS_CACHED_MAX) sequences.clear();
  sequences.set(key, rows);
  return rows;
}

/**
 * What the first `total` won of a series are made of. Never falls for any funder as `total` grows, stays within
 * one won of the exact share, and is exact at every multiple of 10,000 won.
 */
export function fundingUpTo(total: Won, split: FundingSplit): FundingParts {
  if (total < 0n) throw new DomainError('won_invalid', `negative total ${total}`);
  const shares = sharesOf(split);
  const rows = sequenceOf(shares);
  const period = BigInt(BASIS_POINTS);
  const rest = Number(total % period);
  return toParts(
    shares.map((share, i) => (total / period) * BigInt(share) + BigInt(rows[rest * shares.length + i] ?? 0)),
  );
}

/**
 * The funders' parts of `amount` won when `before` won of the same kind (issued, spent, redeemed …) went before
 * in the same series. No part is negative, they add up to `amount`, and however a total is cut into parts, the
 * parts of each funder add up to `fundingUpTo(total)`. Use it for every movement of a series, issue included, so
 * that accounts of a fully spent series end at zero for each funder.
 */
export function fundingOfPart(before: Won, amount: Won, split: FundingSplit): FundingParts {
  if (amount < 0n) throw new DomainError('won_invalid', `negative part ${amount}`);
  const start = fundingUpTo(before, split);
  const end = fundingUpTo(before + amount, split);
  return toParts(FUNDERS.map((funder) => end[funder] - start[funder]));
}
