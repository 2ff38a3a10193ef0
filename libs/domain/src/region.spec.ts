import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { isRegionCode, packRegion, parseRegionCode, regionContains, unpackRegion } from './region.js';
import { RegionCatalogue } from './region-catalogue.js';

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

describe('region catalogue', () => {
  const text = readFileSync('data/regions.tsv', 'utf8');
  const regions = RegionCatalogue.parse(text);

  it('reads every row, and the cities of a province add up to its population', () => {
    expect(regions.rows).toHaveLength(278);
    expect(regions.children('')).toHaveLength(17);
    const gyeongbuk = regions.children('47').reduce((sum, row) => sum + row.population, 0);
    expect(gyeongbuk).toBe(regions.get('47')?.population);
  });

  it('knows a city with wards by its four digits', () => {
    expect(regions.get('4711')).toMatchObject({ name: '경상북도 포항시', level: 'city', parent: '47' });
    expect(regions.children('4711').map((row) => row.code)).toEqual(['47111', '47113']);
    expect(regions.path('47113250').map((row) => row.code)).toEqual(['47', '4711', '47113']);
    expect(regions.shortName('47113250')).toBe('북구');
    expect(regions.name('')).toBe('대한민국');
  });

  it('resolves codes from before a reform', () => {
    expect(regions.resolve('42110')?.name).toBe('강원특별자치도 춘천시');
    expect(regions.currentCode('42110104')).toBe('51110104');
    expect(regions.currentCode('47720')).toBe('27720');
    expect(regions.currentCode('47130')).toBe('47130');
    expect(regions.resolve('99')).toBeUndefined();
  });

  it.each([
    ['a wrong header', 'code,level\n', 'expected the columns'],
    ['a bad code', 'HEAD\n4x\tprovince\t\t이름\t1\t', 'line 2: bad code'],
    ['an unknown level', 'HEAD\n47\tstate\t\t이름\t1\t', 'unknown level'],
    ['a parent that is no prefix', 'HEAD\n47\tprovince\t11\t이름\t1\t', 'bad parent'],
    ['a parent that is missing', 'HEAD\n47130\tcity\t47\t이름\t1\t', 'unknown parent 47'],
    ['a population that is no number', 'HEAD\n47\tprovince\t\t이름\t-1\t', 'bad population'],
    ['a code twice', 'HEAD\n47\tprovince\t\t가\t1\t\n47\tprovince\t\t나\t1\t', 'twice'],
  ])('refuses a file with %s', (_, file, message) => {
    const header = 'code\tlevel\tparent\tname_ko\tpopulation_2022\tformer_code';
    expect(() => RegionCatalogue.parse(file.replace('HEAD', header))).toThrow(message);
  });
});
