import { isScreenKey, packRegion, REFUSALS } from '#domain';
import { glyphsOfTexts } from '../build/glyphs.js';
import { CATALOGUES, plainWords } from '../src/words/catalogue.js';
import { fill } from '../src/words/fill.js';
import { ago, date, dateTime } from '../src/words/formats.js';
import { plainFaults, unitFault } from '../src/words/lint.js';
import { refusalSentences } from '../src/words/refusal-text.js';
import { spokenMoney } from '../src/words/spoken.js';
import { money, shortMoney } from '../src/words/unit.js';

const names = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted();

describe.each(CATALOGUES)('the catalogue $name', ({ ko, en, isPlain, isTechnical }) => {
  const entries = Object.entries(ko).map(([key, text]) => ({
    key,
    ko: text as string,
    en: (en as Record<string, string>)[key] ?? '',
  }));

  it('has every text in both languages, with the same values', () => {
    expect(Object.keys(en).toSorted()).toEqual(Object.keys(ko).toSorted());
    for (const { key, ko: korean, en: english } of entries) {
      expect([key, korean.length > 0, english.length > 0]).toEqual([key, true, true]);
      expect([key, names(english)]).toEqual([key, names(korean)]);
    }
  });

  it('speaks to its readers in their words', () => {
    const faults = entries.flatMap(({ key, ko: korean, en: english }) => {
      if (isTechnical) return isPlain && /습니다|십시오/.test(korean) ? [key] : [];
      return [...plainFaults(korean, 'ko'), ...plainFaults(english, 'en')].map((fault) => `${key}: ${fault}`);
    });
    expect(faults).toEqual([]);
  });

  it('is short, without exclamation marks, and names no unit of account', () => {
    for (const { key, ko: korean, en: english } of entries) {
      expect([key, /!/.test(korean + english)]).toEqual([key, false]);
      expect([key, unitFault(korean), unitFault(english)]).toEqual([key, undefined, undefined]);
      if (isTechnical) continue;
      for (const sentence of korean.split(/(?<=[.?]) /))
        expect([key, sentence.length <= 45]).toEqual([key, true]);
      for (const sentence of english.split(/(?<=[.?]) /))
        expect([key, sentence.split(' ').length <= 20]).toEqual([key, true]);
    }
  });
});

describe('a text', () => {
  it.each([
    ['{x}[이/가] 부족해요', { x: '3,500원' }, '3,500원이 부족해요'],
    ['{x}[이/가] 부족해요', { x: '3 달러' }, '3 달러가 부족해요'],
    ['‘{x}’[이/가] 보여요', { x: '고래 42' }, '‘고래 42’가 보여요'],
    ['{x}[을/를] 더', { x: '곰 10' }, '곰 10을 더'],
    ['{x}[이에요/예요].', { x: '3,500원' }, '3,500원이에요.'],
    ['{x}[은/는]', { x: '포항시(북구)' }, '포항시(북구)는'],
    ['{x}[이/가]', { x: 'KakaoTalk' }, 'KakaoTalk가'],
  ])('%s takes the particle of its value', (text, values, whole) => {
    expect(fill(text, values)).toBe(whole);
  });

  it('without its value is an error', () => {
    expect(() => fill('{x}', {})).toThrow('no value x');
    expect(plainWords('ko')('voucher.until', { date: '1월 31일' })).toBe('1월 31일까지');
  });

  it('with a technical or official word is found', () => {
    expect(plainFaults('블록체인에 적혔습니다', 'ko')).toEqual(['블록체인', '습니다']);
    expect(plainFaults('the hash 0x1f', 'en')).toEqual(['hash', '0x1']);
    expect(plainFaults('가게에서 써요', 'ko')).toEqual([]);
    expect([unitFault('3,000원'), unitFault('KRW'), unitFault('지원')]).toEqual(['0원', 'KRW', undefined]);
  });
});

describe('a refusal', () => {
  const context = { now: 1_796_102_435, regionName: (code: string) => (code === '4711' ? '포항시' : code) };

  it.each(REFUSALS.filter(({ key }) => isScreenKey(key)).map(({ key, args }) => ({ key, args })))(
    '$key is said in plain sentences without holes',
    ({ key, args }) => {
      if (!isScreenKey(key)) throw new Error(key);
      const values = args.map((spec) =>
        spec.endsWith(':region') ? packRegion('4711') : spec.startsWith('amount') ? 9n : 3n,
      );
      for (const lang of ['ko', 'en'] as const) {
        const sentences = refusalSentences(key, values, { ...context, lang });
        expect(sentences.length).toBeGreaterThan(0);
        for (const sentence of sentences) {
          expect(sentence).not.toMatch(/[{}[\]]|undefined/);
          expect(plainFaults(sentence, lang)).toEqual([]);
        }
      }
    },
  );

  it('says what is short', () => {
    const args = { balance: 8_500n, amount: 12_000n };
    expect(refusalSentences('insufficient_balance', args, { ...context, lang: 'ko' })).toEqual([
      '3,500원이 부족해요.',
      '8,500원만 상품권으로 내고 나머지는 따로 내세요.',
    ]);
    expect(refusalSentences('insufficient_balance', args, { ...context, lang: 'en' })[0]).toBe(
      'You’re KRW 3,500 short.',
    );
  });
});

describe('the font of the pages', () => {
  const glyphs = new Set(glyphsOfTexts());
  const lacking = (texts: readonly string[]): string[] =>
    [...new Set(texts.join(''))].filter((letter) => letter !== ' ' && !glyphs.has(letter));

  // That the file has the letters of all texts is seen in a browser (test/pages/parts.spec.ts).
  it('has every letter that dates, times and sums are written with', () => {
    const now = 1_796_102_435;
    const times = Array.from({ length: 400 }, (_, days) => now - days * 80_000);
    const sums = [0n, 1n, 90n, 12_345n, 678_901n, 234_567_890n, 5_000_000_000_000n, -12_000n];
    const written = (['ko', 'en'] as const).flatMap((lang) => [
      ...times.flatMap((at) => [date(at, lang, now), dateTime(at, lang, now), ago(at, lang, now)]),
      ago(now - 30, lang, now),
      ago(now - 300, lang, now),
      ...sums.flatMap((sum) => [money(sum, lang), shortMoney(sum, lang)]),
      ...sums.filter((sum) => sum >= 0n).map((sum) => spokenMoney(sum, lang)),
    ]);
    expect(lacking(written)).toEqual([]);
  });

  it('has every letter of the particles', () => {
    const particles = CATALOGUES.flatMap(({ ko }) =>
      Object.values(ko).flatMap((text: string) =>
        [...text.matchAll(/\[([^\]]+)\]/g)].map(([, one = '']) => one),
      ),
    );
    const written = particles.flatMap((one) => ['곰', '소'].map((word) => fill(`{x}[${one}]`, { x: word })));
    expect([particles.length > 0, lacking(written.map((text) => text.slice(1)))]).toEqual([true, []]);
  });
});
