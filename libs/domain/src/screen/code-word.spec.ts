import { CODE_WORDS } from './code-words.js';
import { codeWord } from './code-word.js';

const id = (first: string) => `0x${first.padEnd(64, '0')}`;

describe('the words of payments', () => {
  it('are 256, each once in each language, and none a part of another', () => {
    expect(CODE_WORDS).toHaveLength(256);
    for (const lang of ['ko', 'en'] as const) {
      const words = CODE_WORDS.map((pair) => pair[lang]);
      expect(new Set(words).size).toBe(256);
      // A word inside another is read for it at a glance, or heard.
      const parts = (other: string) => (lang === 'ko' ? other : other.split(' '));
      const inside = words.filter((word) =>
        words.some((other) => other !== word && parts(other).includes(word)),
      );
      expect(inside).toEqual([]);
    }
    for (const { ko, en } of CODE_WORDS) {
      expect(ko).toMatch(/^[가-힣]{1,5}$/);
      expect(en).toMatch(/^[A-Z][a-z]+([ -][a-z]+){0,1}$/);
    }
  });

  it('come from the id: word, number of two digits, colour', () => {
    expect(codeWord(id('00000000'), 'ko')).toEqual({ text: '고래 10', word: '고래', number: 10, colour: 0 });
    expect(codeWord(id('00000000'), 'en').text).toBe('Whale 10');
    expect(codeWord(id('00002007'), 'ko')).toMatchObject({ text: '고래 42', colour: 7 });
    expect(codeWord(id('ffffffff'), 'en')).toMatchObject({
      word: 'Candle',
      number: 10 + (65_535 % 90),
      colour: 7,
    });
  });

  it('reach every word, number and colour, whatever the spelling of the id', () => {
    const seen = { words: new Set<string>(), numbers: new Set<number>(), colours: new Set<number>() };
    for (let index = 0; index < 65_536; index += 7) {
      const hex = index.toString(16).padStart(4, '0');
      const { word, number, colour } = codeWord(
        id(`${(index % 256).toString(16).padStart(2, '0')}${hex}${hex.slice(2)}`),
        'ko',
      );
      seen.words.add(word);
      seen.numbers.add(number);
      seen.colours.add(colour);
    }
    expect([seen.words.size, seen.numbers.size, seen.colours.size]).toEqual([256, 90, 8]);
    expect(codeWord(id('ABCDEF01'), 'ko')).toEqual(codeWord(id('abcdef01'), 'ko'));
  });

  it('are of ids alone', () => {
    for (const wrong of ['', '0x12', `0x${'g'.repeat(64)}`])
      expect(() => codeWord(wrong, 'ko')).toThrow(expect.objectContaining({ code: 'hash_invalid' }));
  });
});
