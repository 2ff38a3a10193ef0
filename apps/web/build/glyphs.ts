import { CATEGORIES, CODE_WORDS, REFUSAL_SCREENS } from '#domain';
import { CATALOGUES } from '../src/words/catalogue.js';

/** Letters of formats that stand in no catalogue: digits, signs, units of time, names of weekdays and months. */
const OF_FORMATS =
  '원엔리엘달러년월일시분초전후방금어제토화수목금일월만억조천백십영일이삼사오육칠팔구은는이가을를과와로으에요예';

/** Every letter that the pages' own texts may show, sorted, each once. Names from outside are in the larger font. */
export function glyphsOfTexts(): string {
  const letters = new Set<string>();
  const add = (text: string): void => {
    for (const letter of text) if (letter > ' ') letters.add(letter);
  };
  // ASCII, and the signs of numbers and quotations.
  for (let code = 0x20; code < 0x7f; code += 1) letters.add(String.fromCodePoint(code));
  add('·–—−×…‘’“”→←↑↓₩€£¥ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ\u00a0');
  add(OF_FORMATS);
  for (const { ko, en } of CATALOGUES) [...Object.values(ko), ...Object.values(en)].forEach(add);
  for (const { ko, en } of [...CATEGORIES, ...CODE_WORDS, ...Object.values(REFUSAL_SCREENS).flat()]) {
    add(ko);
    add(en);
  }
  return [...letters].toSorted().join('');
}
