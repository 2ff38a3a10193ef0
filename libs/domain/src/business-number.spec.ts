import { validate } from 'stdnum/lib/cjs/kr/brn.js';
import * as fc from 'fast-check';
import {
  formatBusinessNumber,
  inventedBusinessNumber,
  isBusinessNumber,
  parseBusinessNumber,
} from './business-number.js';

describe('business registration number', () => {
  it('agrees with the reference on every ten digits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 10, maxLength: 10 }), (digits) => {
        const text = digits.join('');
        expect(isBusinessNumber(text)).toBe(validate(text).isValid);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is invented valid, the same for the same seed and different for others', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 20_000; seed++) {
      const number = inventedBusinessNumber(seed);
      expect(isBusinessNumber(number)).toBe(true);
      seen.add(number);
    }
    expect(seen.size).toBe(20_000);
    expect(validate(inventedBusinessNumber(8_000_000)).isValid).toBe(true);
    expect(inventedBusinessNumber(5)).toBe(inventedBusinessNumber(5));
  });

  it('is read with and without hyphens, and changed digits are noticed', () => {
    const number = inventedBusinessNumber(1234);
    expect(parseBusinessNumber(formatBusinessNumber(number))).toBe(number);
    const wrong = number.slice(0, 9) + String((Number(number[9]) + 1) % 10);
    expect(parseBusinessNumber(wrong)).toBeUndefined();
  });

  it.each(['', '1234567890123', '12-345-67890', '0000000000', '123 45 67890', 'abcdefghij'])(
    'refuses %p',
    (text) => {
      expect(parseBusinessNumber(text)).toBeUndefined();
    },
  );
});
