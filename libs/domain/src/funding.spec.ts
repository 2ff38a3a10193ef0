import * as fc from 'fast-check';
import { FUNDERS, fundingUpTo, type Funder, type FundingSplit } from './funding.js';

const SOLD = { resident: 9_000, state: 300, province: 200, city: 500 };

/** Four shares of 10,000 from three cuts, uneven ones included. */
const split = fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000)).map((cuts): FundingSplit => {
  const [a = 0, b = 0, c = 0] = cuts.toSorted((one, other) => one - other);
  return { resident: a, state: b - a, province: c - b, city: 10_000 - c };
});

/** How far a funder's won are from the exact share, in ten-thousandths of a won. */
function drift(total: bigint, shares: FundingSplit, funder: (typeof FUNDERS)[number]): number {
  return Number(fundingUpTo(total, shares)[funder] * 10_000n - total * BigInt(shares[funder]));
}

/** What a movement is made of, as the books compute it. */
function partOf(before: bigint, amount: bigint, shares: FundingSplit): Record<Funder, bigint> {
  const [start, end] = [fundingUpTo(before, shares), fundingUpTo(before + amount, shares)];
  const of = (funder: Funder) => end[funder] - start[funder];
  return { resident: of('resident'), state: of('state'), province: of('province'), city: of('city') };
}

describe('funding of a series', () => {
  it('never drifts from the exact share by more than 5/6 won', () => {
    fc.assert(
      fc.property(split, fc.bigInt({ min: 0n, max: 10n ** 12n }), (shares, total) => {
        for (const funder of FUNDERS) {
          expect(Math.abs(drift(total, shares, funder))).toBeLessThanOrEqual(8_334);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps that bound at every single won of splits that are hard to serve', () => {
    const hard = [
      { resident: 52, state: 4_897, province: 1, city: 5_050 },
      { resident: 46, state: 68, province: 8_397, city: 1_489 },
      { resident: 9_000, state: 300, province: 200, city: 500 },
      { resident: 10_000, state: 0, province: 0, city: 0 },
      { resident: 2_500, state: 2_500, province: 2_500, city: 2_500 },
    ];
    for (const shares of hard) {
      let worst = 0;
      for (let total = 0n; total <= 10_000n; total++) {
        for (const funder of FUNDERS) worst = Math.max(worst, Math.abs(drift(total, shares, funder)));
      }
      expect(worst).toBeLessThanOrEqual(8_334);
    }
  });

  it('gives every part whole won of each funder, and parts that add up however a total is cut', () => {
    const cuts = fc.array(fc.bigInt({ min: 0n, max: 60_000n }), { maxLength: 30 });
    fc.assert(
      fc.property(split, cuts, (shares, amounts) => {
        let before = 0n;
        const sums = { resident: 0n, state: 0n, province: 0n, city: 0n };
        for (const amount of amounts) {
          const parts = partOf(before, amount, shares);
          for (const funder of FUNDERS) {
            expect(parts[funder]).toBeGreaterThanOrEqual(0n);
            sums[funder] += parts[funder];
          }
          expect(FUNDERS.reduce((sum, funder) => sum + parts[funder], 0n)).toBe(amount);
          before += amount;
        }
        expect(sums).toEqual(fundingUpTo(before, shares));
      }),
      { numRuns: 200 },
    );
  });

  it('never takes more of a funder in a later step than the step before gave', () => {
    const moves = fc.array(fc.tuple(fc.constantFrom(0, 1, 2), fc.bigInt({ min: 1n, max: 50_000n })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(split, moves, (shares, wanted) => {
        // Issued, paid, redeemed: each at most what the one before has reached, as the contract enforces.
        const reached = [0n, 0n, 0n];
        const held = FUNDERS.map(() => [0n, 0n, 0n]);
        for (const [step, size] of wanted) {
          const room = step === 0 ? size : (reached[step - 1] ?? 0n) - (reached[step] ?? 0n);
          const amount = size < room ? size : room;
          const parts = partOf(reached[step] ?? 0n, amount, shares);
          reached[step] = (reached[step] ?? 0n) + amount;
          FUNDERS.forEach((funder, index) => {
            const sums = held[index] ?? [];
            sums[step] = (sums[step] ?? 0n) + parts[funder];
            for (const later of [1, 2]) expect(sums[later]).toBeLessThanOrEqual(sums[later - 1] ?? 0n);
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('refuses shares that are no whole basis points or do not add up', () => {
    for (const wrong of [{ city: 501 }, { city: 499.5, state: 300.5 }])
      expect(() => fundingUpTo(1n, { ...SOLD, ...wrong })).toThrow(
        expect.objectContaining({ code: 'funding_invalid' }),
      );
  });

  it('never takes a won back from a funder', () => {
    for (let before = 0n; before < 10_000n; before++)
      expect(Object.values(partOf(before, 1n, SOLD)).every((amount) => amount >= 0n)).toBe(true);
  });

  it('is exact at every multiple of 10,000 won', () => {
    fc.assert(
      fc.property(split, fc.bigInt({ min: 0n, max: 10n ** 9n }), (shares, times) => {
        const parts = fundingUpTo(times * 10_000n, shares);
        for (const funder of FUNDERS) expect(parts[funder]).toBe(times * BigInt(shares[funder]));
      }),
    );
  });
});
