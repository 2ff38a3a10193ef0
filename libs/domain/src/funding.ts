import { DomainError } from './errors.js';
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

const SPLITS_CACHED_MAX = 512;
const sequences = new Map<string, Uint16Array>();

/** Of four funders; see sequenceOf. */
const DEVIATION_PARTS = 2 * FUNDERS.length - 2;

/**
 * Won handed out one at a time: row h holds what each funder has of the first h won, for 0 ≤ h ≤ 10,000; after
 * 10,000 won it repeats. Every won goes to the funder who would be too far behind soonest (Tijdeman, "The chairman
 * assignment problem", 1980), which keeps each within 1 - 1/(2n-2) = 5/6 won of the exact share.
 *
 * Simpler ways are not enough. Splitting each running total by itself: with 9000/300/200/500 the largest remainder
 * gives the province 2 of 50 won but 1 of 51 (the Alabama paradox), so a part of a payment would come out as -1 won.
 * Giving each won to the largest remainder: with 52/4897/1/5050 a funder drifts by 1.07 won.
 */
function sequenceOf(shares: readonly number[]): Uint16Array {
  const key = shares.join();
  const known = sequences.get(key);
  if (known !== undefined) return known;
  const width = shares.length;
  const rows = new Uint16Array((BASIS_POINTS + 1) * width);
  const owed = shares.map(() => 0);
  for (let h = 1; h <= BASIS_POINTS; h++) {
    shares.forEach((share, i) => (owed[i] = (owed[i] ?? 0) + share));
    const next = nextFunder(shares, owed);
    owed[next] = (owed[next] ?? 0) - BASIS_POINTS;
    for (let i = 0; i < width; i++) {
      rows[h * width + i] = (rows[(h - 1) * width + i] ?? 0) + (i === next ? 1 : 0);
    }
  }
  if (sequences.size >= SPLITS_CACHED_MAX) sequences.clear();
  sequences.set(key, rows);
  return rows;
}

/**
 * Who gets the next won: among those who are owed 1/(2n-2) at least, the one whose debt reaches 1 - 1/(2n-2) first;
 * on a tie the first in the order of FUNDERS. `owed` in ten-thousandths of a won.
 */
function nextFunder(shares: readonly number[], owed: readonly number[]): number {
  let next = -1;
  for (let i = 0; i < shares.length; i++) {
    const share = shares[i] ?? 0;
    const debt = DEVIATION_PARTS * (owed[i] ?? 0);
    if (share === 0 || debt < BASIS_POINTS) continue;
    const room = BASIS_POINTS * (DEVIATION_PARTS - 1) - debt;
    const bestRoom = BASIS_POINTS * (DEVIATION_PARTS - 1) - DEVIATION_PARTS * (owed[next] ?? 0);
    // room / share < bestRoom / bestShare, without fractions.
    if (next === -1 || room * (shares[next] ?? 0) < bestRoom * share) next = i;
  }
  return next;
}

/**
 * What the first `total` won of a series are made of. Never falls for any funder as `total` grows, stays within
 * 5/6 won of the exact share, and is exact at every multiple of 10,000 won. So the parts of a movement, the difference
 * of two totals, are never negative and add up to it, however a total is cut into movements.
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
