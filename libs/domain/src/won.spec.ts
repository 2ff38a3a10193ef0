import * as fc from 'fast-check';
import { isSameUnit, type Unit, unitFaults, unitInUse, useUnit, WON } from './unit.js';
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

describe('an amount in another unit', () => {
  const FRANC: Unit = { code: 'CHF', digits: 2, ko: '프랑', en: 'francs' };

  it.each([
    [12_050n, '120.50프랑', 'CHF 120.50'],
    [5n, '0.05프랑', 'CHF 0.05'],
    [-1_234_567n, '-12,345.67프랑', 'CHF -12,345.67'],
  ])('shows %p', (amount, ko, en) => {
    expect([formatWon(amount, 'ko', FRANC), formatWon(amount, 'en', FRANC)]).toEqual([ko, en]);
  });

  it('is the one of the deployment where none is named', () => {
    useUnit(FRANC);
    try {
      expect([formatWon(100n), unitInUse()]).toEqual(['1.00프랑', FRANC]);
    } finally {
      useUnit(WON);
    }
    expect(formatWon(100n)).toBe('100원');
  });
});

describe('a unit', () => {
  it.each<[string, Partial<Unit>, string[]]>([
    ['won', {}, []],
    ['a private one with parts', { code: 'XJT', digits: 6, ko: '장터 포인트', en: 'points' }, []],
    ['a code in small letters', { code: 'krw' }, ['code']],
    ['a code of four letters', { code: 'WONS' }, ['code']],
    ['parts of parts', { digits: 1.5 }, ['digits']],
    ['too many digits', { digits: 7 }, ['digits']],
    ['no names', { ko: '', en: ' ' }, ['ko', 'en']],
    ['a name of 33 bytes', { ko: '원'.repeat(11) }, ['ko']],
    ['a name with a line in it', { en: 'w\non' }, ['en']],
  ])('%s', (_what, part, faults) => {
    expect(unitFaults({ ...WON, ...part })).toEqual(faults);
  });

  it('is another one when any part of it differs', () => {
    expect(isSameUnit(WON, { ...WON })).toBe(true);
    for (const part of [{ code: 'XJT' }, { digits: 2 }, { ko: '포인트' }, { en: 'points' }])
      expect(isSameUnit(WON, { ...WON, ...part })).toBe(false);
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
