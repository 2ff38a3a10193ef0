import * as fc from 'fast-check';
import { fundingOfPart, fundingUpTo, FUNDERS, splitFunding } from './funding.js';
import type { FundingSplit } from './funding.js';
import { allocate, formatWon, parseWon, WON_MAX } from './won.js';

const won = fc.bigInt({ min: 0n, max: WON_MAX });
const weights = fc
  .array(fc.nat(10_000), { minLength: 1, maxLength: 8 })
  .filter((list) => list.some((weight) => weight > 0));

describe('won', () => {
  it.each([
    ['0', 0n],
    ['12000', 12_000n],
    [12_000, 12_000n],
    [7n, 7n],
    [WON_MAX.toString(), WON_MAX],
  ])('reads %p', (value, amount) => {
    expect(parseWon(value)).toBe(amount);
  });

  it.each([
    '-1',
    -1,
    '1.5',
    1.5,
    '',
    ' 1',
    '1,000',
    '1e3',
    '01',
    '0x10',
    NaN,
    Infinity,
    2 ** 53,
    null,
    {},
    true,
  ])('refuses %p', (value) => {
    expect(() => parseWon(value)).toThrow(expect.objectContaining({ code: 'won_invalid' }));
  });

  it('refuses one won above the largest amount', () => {
    expect(() => parseWon((WON_MAX + 1n).toString())).toThrow(
      expect.objectContaining({ code: 'won_invalid' }),
    );
  });

  it('reads what it was written as', () => {
    fc.assert(fc.property(won, (amount) => parseWon(amount.toString()) === amount));
  });

  it.each([
    [0n, '0원', 'KRW 0'],
    [999n, '999원', 'KRW 999'],
    [12_000n, '12,000원', 'KRW 12,000'],
    [1_234_567n, '1,234,567원', 'KRW 1,234,567'],
    [-12_000n, '-12,000원', 'KRW -12,000'],
  ])('shows %p', (amount, ko, en) => {
    expect(formatWon(amount, 'ko')).toBe(ko);
    expect(formatWon(amount, 'en')).toBe(en);
  });
});

describe('allocate', () => {
  it('gives the rest to the largest remainders, the earlier one first', () => {
    expect(allocate(100n, [1, 1, 1])).toEqual([34n, 33n, 33n]);
    expect(allocate(10n, [55, 25, 20])).toEqual([6n, 2n, 2n]);
    expect(allocate(0n, [1, 2])).toEqual([0n, 0n]);
  });

  it('adds up, and every part is its share rounded down or up', () => {
    fc.assert(
      fc.property(won, weights, (amount, list) => {
        const parts = allocate(amount, list);
        const total = list.reduce((sum, weight) => sum + BigInt(weight), 0n);
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount);
        parts.forEach((part, index) => {
          const floor = (amount * BigInt(list[index] ?? 0)) / total;
          expect(part === floor || part === floor + 1n).toBe(true);
        });
      }),
    );
  });

  it('refuses weights that split nothing', () => {
    expect(() => allocate(1n, [0, 0])).toThrow(expect.objectContaining({ code: 'weights_invalid' }));
    expect(() => allocate(1n, [2, -1])).toThrow(expect.objectContaining({ code: 'weights_invalid' }));
  });
});

describe('funding', () => {
  const split = fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000)).map((cuts): FundingSplit => {
    const [one = 0, two = 0, three = 0] = cuts.toSorted((a, b) => a - b);
    return { resident: one, state: two - one, province: three - two, city: 10_000 - three };
  });
  const sum = (parts: Readonly<Record<string, bigint>>): bigint =>
    Object.values(parts).reduce((a, b) => a + b, 0n);
  const sold = { resident: 9000, state: 300, province: 200, city: 500 };

  it('splits one amount by largest remainder', () => {
    expect(splitFunding(10_000n, sold)).toEqual({ resident: 9000n, state: 300n, province: 200n, city: 500n });
    expect(splitFunding(1n, { resident: 0, state: 3000, province: 3000, city: 4000 })).toMatchObject({
      city: 1n,
    });
  });

  it('refuses shares that do not add up', () => {
    expect(() => splitFunding(1n, { ...sold, city: 501 })).toThrow(
      expect.objectContaining({ code: 'funding_invalid' }),
    );
    expect(() => fundingOfPart(0n, 1n, { ...sold, city: 499.5, state: 300.5 })).toThrow();
  });

  it('never takes a won back from a funder where the plain method would', () => {
    expect(splitFunding(50n, sold).province).toBe(1n);
    expect(splitFunding(51n, sold).province - splitFunding(50n, sold).province).toBe(0n);
    for (let before = 0n; before < 10_000n; before++) {
      const part = fundingOfPart(before, 1n, sold);
      expect(Object.values(part).every((amount) => amount >= 0n)).toBe(true);
    }
  });

  it('adds up for any cut of any total, within a won of the exact share', () => {
    fc.assert(
      fc.property(
        split,
        fc.array(fc.bigInt({ min: 0n, max: 70_000n }), { maxLength: 12 }),
        (shares, amounts) => {
          const totals = { resident: 0n, state: 0n, province: 0n, city: 0n };
          let before = 0n;
          for (const amount of amounts) {
            const part = fundingOfPart(before, amount, shares);
            expect(sum(part)).toBe(amount);
            for (const funder of FUNDERS) {
              expect(part[funder]).toBeGreaterThanOrEqual(0n);
              totals[funder] += part[funder];
            }
            before += amount;
          }
          expect(totals).toEqual(fundingUpTo(before, shares));
          for (const funder of FUNDERS) {
            const off = Number(totals[funder] * 10_000n - before * BigInt(shares[funder])) / 10_000;
            expect(Math.abs(off)).toBeLessThan(1);
          }
        },
      ),
      { numRuns: 200 },
    );
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
