import * as fc from 'fast-check';
import { readPlainText, searchKeyOf } from './plain-text.js';

const read = (value: unknown) => readPlainText(value, 1, 100);

describe('a text of one line', () => {
  it.each([
    ['half an emoji', '가게\ud83c'],
    ['a Hangul filler', '\u3164'],
    ['a zero-width space inside', '가\u200b게'],
    ['a word joiner alone', '\u2060'],
    ['a reversal of direction inside', '가게\u202etxt'],
    ['a line break inside', '가게\n2호점'],
    ['a paragraph separator inside', '가게\u2029'],
    ['a NUL', '가게\u0000'],
    ['a blank of Braille', '\u2800'],
    ['blanks alone', ' \u00a0\u3000'],
    ['nothing', ''],
    ['a number', 7],
    ['more than its length', 'x'.repeat(101)],
  ])('with %s is refused', (_what, value) => {
    expect(read(value)).toBeUndefined();
  });

  it.each(['가게', 'Café 2호점', '떡집 🍡', '한-일 식당 (본점)', '東京食堂'])(
    '%s is kept as it is',
    (text) => {
      expect(read(text)).toBe(text.normalize('NFC'));
    },
  );

  it('is stored in NFC without blanks at its ends, however it was spelled', () => {
    expect(read(`  ${'경주 빵집'.normalize('NFD')} `)).toBe('경주 빵집');
    expect(read('가'.repeat(100).normalize('NFD'))).toBe('가'.repeat(100));
  });

  it('can always be written as UTF-8 and read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = read(value);
        expect(text === undefined || Buffer.from(text).toString() === text).toBe(true);
      }),
    );
  });
});

describe('a search', () => {
  it.each([
    ['ＧＳ２５ 경주－황리단길', 'gs25경주황리단길'],
    ['세븐 일레븐', '세븐일레븐'],
    ['카페'.normalize('NFD'), '카페'],
    ['ｶﾌｪ', 'カフェ'],
    ['101-90-00014', '1019000014'],
  ])('of %s looks for %s', (text, key) => {
    expect(searchKeyOf(text)).toBe(key);
  });
});
