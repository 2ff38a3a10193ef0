import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Lang } from '#domain';
import { consoleWords, plainWords, verifyWords } from '../words/catalogue.js';

const LangContext = createContext<Lang>('ko');

/** One document speaks one language; another one is another document. */
export function InLanguage({ lang, children }: { readonly lang: Lang; readonly children: ReactNode }) {
  return <LangContext value={lang}>{children}</LangContext>;
}

export function useLang(): Lang {
  return useContext(LangContext);
}

export function useWords() {
  const lang = useLang();
  return useMemo(() => plainWords(lang), [lang]);
}

export function useVerifyWords() {
  const lang = useLang();
  return useMemo(() => verifyWords(lang), [lang]);
}

export function useConsoleWords() {
  const lang = useLang();
  return useMemo(() => consoleWords(lang), [lang]);
}

/** Class names that are there. */
export function classes(...names: readonly (string | false | undefined)[]): string {
  return names.filter((name) => typeof name === 'string' && name !== '').join(' ');
}
