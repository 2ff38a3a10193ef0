import * as fc from 'fast-check';
import { isRegionCode, packRegion, parseRegionCode, regionContains, unpackRegion } from './region.js';

const digit = fc.integer({ min: 0, max: 9 }).map(String);
const code = fc.array(digit, { minLength: 2, maxLength: 10 }).map((digits) => digits.join(''));

describe('region code', () => {
  it.each(['', '47', '4711', '47130', '47130104', '4713010400'])('accepts %p', (text) => {
    expect(parseRegionCode(text)).toBe(text);
  });

  it.each(['4', '47130104001', '47a', ' 47', '-1', 47, null, undefined])('refuses %p', (value) => {
    expect(isRegionCode(value)).toBe(false);
    expect(() => parseRegionCode(value)).toThrow(expect.objectContaining({ code: 'region_invalid' }));
  });

  it('contains by prefix, itself included', () => {
    expect(regionContains('4711', '47113')).toBe(true);
    expect(regionContains('4711', '47130')).toBe(false);
    expect(regionContains('', '11')).toBe(true);
    fc.assert(
      fc.property(code, (text) => regionContains(text.slice(0, 2), text) && regionContains(text, text)),
    );
  });

  it('packs as the chain does', () => {
    expect(packRegion('47130')).toBe(0x471300000005n);
    expect(packRegion('')).toBe(0n);
    expect(packRegion('4713010400')).toBe(0x47130104000an);
  });

  it('unpacks what it packed', () => {
    fc.assert(fc.property(code, (text) => unpackRegion(packRegion(text)) === text));
  });

  it.each([
    ['a digit beyond the length', 0x471310000004n],
    ['a nibble that is no digit', 0x4a1300000005n],
    ['one digit only', 0x400000000001n],
    ['eleven digits', 0x47130104000bn],
    ['too many bits', 1n << 48n],
    ['a negative number', -1n],
  ])('refuses to unpack %s', (_, packed) => {
    expect(() => unpackRegion(packed)).toThrow(expect.objectContaining({ code: 'region_invalid' }));
  });

  it('contains in the same way when packed: xor, mask, compare', () => {
    const packedContains = (area: bigint, inner: bigint): boolean => {
      const free = 48n - 4n * (area & 0xffn);
      return (inner & 0xffn) >= (area & 0xffn) && (area ^ inner) >> free === 0n;
    };
    fc.assert(
      fc.property(code, code, fc.nat(10), (one, other, keep) => {
        const near = other.slice(0, Math.max(2, keep));
        return packedContains(packRegion(one), packRegion(near)) === regionContains(one, near);
      }),
    );
    fc.assert(fc.property(code, (text) => packedContains(packRegion(text.slice(0, 2)), packRegion(text))));
  });
});
