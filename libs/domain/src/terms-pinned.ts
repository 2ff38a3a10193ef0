import { termsHash, termsToChain } from './terms.js';
import type { ChainTerms, Terms } from './terms.js';
import { parseTerms } from './terms-parse.js';

/**
 * The terms of a document from any server, if they are the pinned ones: well formed, and keccak256 of their
 * canonical text (RFC 8785) equals `pinned`, the hash that the series has on chain (0x-hex, any case). Else undefined.
 * `document` is the parsed JSON, or its text.
 */
export function pinnedTerms(document: unknown, pinned: string): Terms | undefined {
  const parsed = parseTerms(typeof document === 'string' ? jsonOf(document) : document);
  if (!parsed.ok || termsHash(parsed.terms) !== pinned.toLowerCase()) return undefined;
  return parsed.terms;
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/**
 * Fields in which the rules that the contract applies differ from what the document says; none for an honest series.
 * The contract cannot read the document, so every reader must check it. The budget is left out: officers may
 * change it later.
 */
export function termsDifferences(terms: Terms, chain: ChainTerms): string[] {
  const expected = termsToChain(terms);
  const same = (one: unknown, other: unknown): boolean => String(one) === String(other);
  const fields = [
    ['validFrom', same(expected.validFrom, chain.validFrom)],
    ['validUntil', same(expected.validUntil, chain.validUntil)],
    ['flags', same(expected.flags, chain.flags)],
    ['hops', same(expected.hops, chain.hops)],
    ['refundPercent', same(expected.refundPercent, chain.refundPercent)],
    ['refundDays', same(expected.refundDays, chain.refundDays)],
    ['paymentCap', same(expected.paymentCap, chain.paymentCap)],
    ['dailyCaps', same(expected.dailyCaps, chain.dailyCaps)],
    ['holdingCap', same(expected.holdingCap, chain.holdingCap)],
    ['monthCap', same(expected.monthCap, chain.monthCap)],
    ['yearCap', same(expected.yearCap, chain.yearCap)],
    ['giftCap', same(expected.giftCap, chain.giftCap)],
    ['funding', same(expected.funding, chain.funding)],
    ['document', expected.document === chain.document.toLowerCase()],
    ['rules', same(expected.rules, chain.rules)],
  ] as const;
  return fields.filter(([, equal]) => !equal).map(([name]) => name);
}
