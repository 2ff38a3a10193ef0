import { explainTerms, pinnedTerms, type Lang, type RegionCatalogue, useUnit, whereSentence } from '#domain';
import { unit } from '../words/unit.js';

export interface CheckedRules {
  readonly state: 'same' | 'differ' | 'missing';
  /** The rules in words; none where the document is not the pinned one. */
  readonly sentences: readonly string[];
  /** Where it works, in one sentence. */
  readonly where: string;
}

/**
 * Reads the document of a series, computes its fingerprint and compares it with the pinned one. The sentences come from
 * the document itself; of what a server says, only an extension is shown, which no document can know.
 *
 * @param document JSON text of the terms; null = none is known
 * @param pinned keccak256 that the series has on chain
 * @param validUntil end of its validity now, which officers may have extended; Unix seconds
 */
export function checkRules(
  document: string | null,
  { pinned, validUntil }: { readonly pinned: string; readonly validUntil: number },
  lang: Lang,
  places: RegionCatalogue,
): CheckedRules {
  const { digits, ko, spoken, ...own } = unit();
  useUnit({ code: own.code, digits, ko, en: spoken });
  if (document === null) return { state: 'missing', sentences: [], where: '' };
  const terms = pinnedTerms(document, pinned);
  if (terms === undefined) return { state: 'differ', sentences: [], where: '' };
  return {
    state: 'same',
    sentences: explainTerms(terms, lang, (code) => places.name(code, lang), validUntil),
    where: whereSentence(terms, lang, (code) => places.shortName(code, lang)),
  };
}
