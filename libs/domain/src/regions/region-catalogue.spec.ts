import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { RegionCatalogue } from './region-catalogue.js';

const TABLE = readFileSync('data/regions.tsv', 'utf8');
const HISTORY = readFileSync('data/regions-history.tsv', 'utf8');
const HEAD = 'code\tlevel\tparent\tname_ko\tpopulation\tformer_code\tname_en\tvalid_from';
const HISTORY_HEAD = 'date\tkind\tfrom_code\tto_code\tnote\tsource\tscope\tbasis';
const regions = RegionCatalogue.parse(TABLE, HISTORY);
const place = (code: string) => ({ kind: 'place', code });

describe('the table of regions', () => {
  it('holds every place in force, and children add up to their parent', () => {
    expect(regions.rows).toHaveLength(285);
    expect(regions.children('')).toHaveLength(16);
    const sums = regions.rows
      .filter(({ code }) => regions.children(code).length > 0)
      .map(({ code, population }) => [
        code,
        population,
        regions.children(code).reduce((sum, row) => sum + row.population, 0),
      ]);
    expect(sums.filter(([, whole, sum]) => whole !== sum)).toEqual([]);
    expect(regions.children('').reduce((sum, row) => sum + row.population, 0)).toBe(51_084_159);
  });

  it('knows a city with wards by its four digits', () => {
    expect(regions.get('4711')).toMatchObject({ name: '경상북도 포항시', level: 'city', parent: '47' });
    expect(regions.children('4711').map((row) => row.code)).toEqual(['47111', '47113']);
    expect(regions.path('47113250').map((row) => row.code)).toEqual(['47', '4711', '47113']);
  });

  it.each([
    ['', '대한민국', 'the Republic of Korea'],
    ['47111', '경상북도 포항시 남구', 'Nam-gu, Pohang-si, Gyeongsangbuk-do'],
    ['41192', '경기도 부천시 원미구', 'Wonmi-gu, Bucheon-si, Gyeonggi-do'],
    ['12', '전남광주통합특별시', 'Jeonnam-Gwangju'],
    ['471', '경상북도 포항시·경주시·김천시·안동시·구미시', null],
    ['99', '99', '99'],
  ])('names %j in Korean and English, without Hangul in English', (code, ko, en) => {
    expect(regions.name(code)).toBe(ko);
    const english = regions.name(code, 'en');
    if (en !== null) expect(english).toBe(en);
    expect(english).not.toMatch(/\p{Script=Hangul}/u);
  });

  it('gives the smallest part of a name', () => {
    expect([regions.shortName('47113250'), regions.shortName('47113', 'en')]).toEqual(['북구', 'Buk-gu']);
  });
});

describe('a spelling of a place', () => {
  it.each([
    ['4711000000', '4711', 'ten digits of a city with wards'],
    ['47110', '4711', 'five digits of a city with wards'],
    ['4711100000', '47111', 'ten digits of a ward'],
    ['4713000000', '47130', 'ten digits of a city without wards'],
    ['4713', '47130', 'the digits of one city without its zero'],
    ['4700000000', '47', 'ten digits of a province'],
    ['47000', '47', 'five digits of a province'],
    ['26110', '26110', 'a district that ends in a zero'],
    ['4713010400', '47130104', 'a neighbourhood'],
    ['4713025021', '47130250', 'a village'],
    ['36', '36', 'Sejong'],
    ['3600000000', '36', 'Sejong as a province'],
    ['3611000000', '36110', 'Sejong as a city'],
    ['1200000000', '12', 'a province founded in 2026'],
    ['471', '471', 'a prefix between two levels'],
    ['42', '51', 'Gangwon before 2023'],
    ['4200000000', '51', 'Gangwon before 2023, ten digits'],
    ['42110104', '51110104', 'a neighbourhood of Gangwon before 2023'],
    ['47720', '27720', 'Gunwi before it moved to Daegu'],
    ['4511', '5211', 'Jeonju before 2024'],
    ['45110', '5211', 'Jeonju before 2024, five digits'],
    ['4511100000', '52111', 'a ward of Jeonju before 2024'],
    ['41190', '4119', 'Bucheon between 2016 and 2024'],
    ['41195', '4119', 'a ward of Bucheon before 2016'],
    ['41190101', '41192101', 'a neighbourhood of Bucheon when it had no wards'],
    ['28170105', '28177104', 'a neighbourhood of Michuhol before 2018'],
    ['29155', '12270', 'a district of Gwangju before 2026'],
    ['46', '12', 'Jeonnam before 2026'],
    ['', '', 'the state'],
  ])('%j is %j: %s', (spelling, code) => {
    expect(regions.read(spelling)).toEqual(place(code));
  });

  it.each([
    ['99'],
    ['4799'],
    ['47115'],
    ['4713099'],
    ['471301041'],
    ['47110101'],
    // No number of a legal dong, eup or myeon; a village of a dong; a village of no eup.
    ['47111001'],
    ['47111100'],
    ['4711150000'],
    ['47111999'],
    ['4711110121'],
    ['4711100001'],
    ['4'],
    ['47a30'],
    [' 47130'],
  ])('%j names no place', (spelling) => {
    expect(regions.read(spelling)).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['42', true],
    ['51110', true],
    ['47720', true],
    ['42110104', true],
    ['41590', true],
    ['4159', true],
    ['471', true],
    ['4200000000', false],
    ['41590000', false],
    ['99', false],
    ['42110001', false],
  ])('%j is a code of now or of before a reform as it stands: %j', (code, wanted) => {
    expect(regions.isKnownCode(code)).toBe(wanted);
  });

  it('of a place that was divided names all that came of it', () => {
    expect(regions.read('28260')).toEqual({ kind: 'divided', codes: ['28275', '28290'] });
  });

  it('resolves to its row', () => {
    expect(regions.resolve('42110')?.name).toBe('강원특별자치도 춘천시');
    expect(regions.resolve('28260')).toBeUndefined();
    expect(regions.resolve('47130104')).toBeUndefined();
  });

  it('in force is read as itself, however it is padded, and reading twice changes nothing', () => {
    for (const { code } of regions.rows) {
      const spellings = [code, code.padEnd(5, '0'), code.padEnd(10, '0')];
      const readings = spellings.map((spelling) => regions.read(spelling));
      expect(readings).toEqual(spellings.map(() => place(code)));
    }
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{0,10}$/), (spelling) => {
        const reading = regions.read(spelling);
        if (reading.kind === 'place') expect(regions.read(reading.code)).toEqual(reading);
      }),
    );
  });

  it('of every code that was in use since 2012 means a place of today', () => {
    const former = HISTORY.trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t')[2] ?? '')
      .filter((code) => code !== '');
    const lost = former.filter((code) => regions.read(code).kind === 'unknown');
    expect(former.length).toBeGreaterThan(480);
    expect(lost).toEqual([]);
  });
});

describe('a file of regions', () => {
  it.each([
    ['a wrong header', 'code,level\n', 'expected the columns'],
    ['a bad code', 'HEAD\n4x\tprovince\t\t이름\t1\t\tName\t', 'line 2: bad code'],
    ['an unknown level', 'HEAD\n47\tstate\t\t이름\t1\t\tName\t', 'unknown level'],
    ['a parent that is no prefix', 'HEAD\n47\tprovince\t11\t이름\t1\t\tName\t', 'bad parent'],
    ['a parent that is missing', 'HEAD\n47130\tcity\t47\t이름\t1\t\tName\t', 'unknown parent 47'],
    ['a population that is no number', 'HEAD\n47\tprovince\t\t이름\t-1\t\tName\t', 'bad population'],
    ['no English name', 'HEAD\n47\tprovince\t\t이름\t1\t\t\t', 'no English name'],
    ['a date that is none', 'HEAD\n47\tprovince\t\t이름\t1\t\tName\tsoon', 'bad date'],
    ['a code twice', 'HEAD\n47\tprovince\t\t가\t1\t\tA\t\n47\tprovince\t\t나\t1\t\tB\t', 'twice'],
  ])('is refused with %s', (_, file, message) => {
    expect(() => RegionCatalogue.parse(file.replace('HEAD', HEAD), HISTORY)).toThrow(message);
  });

  it.each([
    ['a wrong header', 'date\n', 'expected the columns'],
    ['no new code', 'HEAD\n2023-01-01\trecode\t42\t\t\t\twhole\tofficial', 'line 2'],
    ['an unknown scope', 'HEAD\n2023-01-01\trecode\t42\t51\t\t\tsome\tofficial', 'line 2'],
  ])('is refused with a history that has %s', (_, file, message) => {
    expect(() => RegionCatalogue.parse(TABLE, file.replace('HEAD', HISTORY_HEAD))).toThrow(message);
  });
});
