import type { Lang } from '#domain';
import { consoleEn, consoleKo } from './console.js';
import { fill, type ValuesOf } from './fill.js';
import { plainEn } from './plain.en.js';
import { plainKo } from './plain.ko.js';
import { verifyEn, verifyKo } from './verify.js';

type Texts = Readonly<Record<string, string>>;

/** Says a text of one catalogue in one language; which values it needs, the compiler reads from the Korean text. */
export type Say<Ko extends Texts> = <Key extends keyof Ko & string>(
  key: Key,
  ...values: ValuesOf<Ko[Key]>
) => string;

function sayIn<Ko extends Texts>(ko: Ko, en: Texts, lang: Lang): Say<Ko> {
  const texts: Texts = lang === 'ko' ? ko : en;
  return (key, ...values) => fill(texts[key] ?? '', values[0]);
}

/** For residents, merchants and the public. */
export const plainWords = (lang: Lang): Say<typeof plainKo> => sayIn(plainKo, plainEn, lang);
/** For the page that explains how to verify. */
export const verifyWords = (lang: Lang): Say<typeof verifyKo> => sayIn(verifyKo, verifyEn, lang);
/** For officers. */
export const consoleWords = (lang: Lang): Say<typeof consoleKo> => sayIn(consoleKo, consoleEn, lang);

/** Everything that a page may show, for tests and for the font: each with its register. */
export const CATALOGUES = [
  { name: 'plain', ko: plainKo, en: plainEn, isPlain: true, isTechnical: false },
  { name: 'verify', ko: verifyKo, en: verifyEn, isPlain: true, isTechnical: true },
  { name: 'console', ko: consoleKo, en: consoleEn, isPlain: false, isTechnical: true },
] as const;
