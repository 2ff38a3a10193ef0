import canonicalize from 'canonicalize';
import { keccak256, toUtf8Bytes } from 'ethers';
import { parseInstant } from './calendar.js';
import { ALL_CATEGORIES, categoryOfKey, categorySet } from './category.js';
import { DomainError } from './errors.js';
import { FUNDERS } from './funding.js';
import type { FundingSplit } from './funding.js';
import { packScopeRule } from './scope.js';
import type { ScopeRule } from './scope.js';
import { SIZE_ANY } from './size-class.js';
import type { Won } from './won.js';

export const TERMS_SCHEMA = 'jangteo.terms/1';

/** Won in a document: a string of digits, because JSON numbers lose won above 2^53. */
export type WonText = string;

export interface TermsRule {
  /** Region code; every place whose code begins with it. */
  readonly area: string;
  /** Category keys, or 'all' = every category that may be a merchant. */
  readonly categories: 'all' | readonly string[];
  /** Largest size class (0–5), or 'any'. */
  readonly maxSize: number | 'any';
}

/**
 * The terms of a series as one JSON document. It never changes once published: its hash is on chain, and the
 * resident's explanation is made from it. parseTerms makes one from outside input.
 */
export interface Terms {
  readonly schema: typeof TERMS_SCHEMA;
  /** Region code of the issuing authority. */
  readonly authority: string;
  readonly programme: { readonly ko: string; readonly en: string };
  /** `sold`: residents buy it; `granted`: allowance, relief, dividend. */
  readonly kind: 'sold' | 'granted';
  /** ISO 8601 with offset; until is exclusive. Default 5 years for sold vouchers (Act Art 4(2)). */
  readonly validFrom: string;
  readonly validUntil: string;
  readonly rules: readonly TermsRule[];
  /** Per payment, per Korean day and per holder; "0" = none. */
  readonly caps: { readonly payment: WonText; readonly daily: WonText; readonly holding: WonText };
  /** Face value that may be issued at most. */
  readonly budget: WonText;
  /** Basis points of each won of face value; together 10,000. */
  readonly funding: FundingSplit;
  readonly flags: {
    /** May be given to another resident (never granted ones: ordinance practice, Seoul 2025). */
    readonly gift: boolean;
    /** A merchant may spend it at another merchant. */
    readonly circulation: boolean;
  };
  readonly refund: {
    /** The rest is refundable once this much of the value is spent: 60–80 (Act Art 10(3), Decree 3); 0 = never. */
    readonly thresholdPercent: number;
    /** Full refund of an untouched purchase within so many days; 0 = none. */
    readonly unusedDays: number;
  };
  /** Present and true for a series of the demonstration: its vouchers are worth nothing. */
  readonly demo?: true;
}

/** Bits of the chain's `flags`. */
export const TERMS_FLAG_GIFT = 1;
export const TERMS_FLAG_CIRCULATION = 2;

/** What the contract pins of the terms, ready for the ABI. */
export interface ChainTerms {
  readonly validFrom: number;
  readonly validUntil: number;
  readonly paymentCap: Won;
  readonly dailyCap: Won;
  readonly holdingCap: Won;
  readonly budget: Won;
  /** Basis points: resident, state, province, city. */
  readonly funding: readonly [number, number, number, number];
  readonly flags: number;
  /** Hash of the document, 0x + 64 hex digits. */
  readonly document: string;
  /** 1–8 packed scope rules. */
  readonly rules: readonly bigint[];
}

/** RFC 8785 text: one spelling for one document, whatever the order of its fields. */
export function canonicalTerms(terms: Terms): string {
  const text = canonicalize(terms);
  if (text === undefined) throw new DomainError('terms_invalid', 'terms cannot be written as JSON');
  return text;
}

/** keccak256 of the canonical text in UTF-8. */
export function termsHash(terms: Terms): string {
  return keccak256(toUtf8Bytes(canonicalTerms(terms)));
}

function categoriesOfRule(categories: TermsRule['categories']): bigint {
  if (categories === 'all') return ALL_CATEGORIES;
  return categorySet(
    categories.map((key) => {
      const category = categoryOfKey(key);
      if (category === undefined) throw new DomainError('category_invalid', `no category ${key}`);
      return category.id;
    }),
  );
}

/** The scope rules of the terms, for matchScope and packing. */
export function scopeRulesOf(terms: Terms): ScopeRule[] {
  return terms.rules.map(({ area, categories, maxSize }) => ({
    area,
    categories: categoriesOfRule(categories),
    maxSize: maxSize === 'any' ? SIZE_ANY : maxSize,
  }));
}

/** The struct that goes on chain when the series is published. */
export function termsToChain(terms: Terms): ChainTerms {
  const [resident, state, province, city] = FUNDERS.map((funder) => terms.funding[funder]);
  const { gift, circulation } = terms.flags;
  return {
    validFrom: parseInstant(terms.validFrom),
    validUntil: parseInstant(terms.validUntil),
    paymentCap: BigInt(terms.caps.payment),
    dailyCap: BigInt(terms.caps.daily),
    holdingCap: BigInt(terms.caps.holding),
    budget: BigInt(terms.budget),
    funding: [resident ?? 0, state ?? 0, province ?? 0, city ?? 0],
    flags: (gift ? TERMS_FLAG_GIFT : 0) | (circulation ? TERMS_FLAG_CIRCULATION : 0),
    document: termsHash(terms),
    rules: scopeRulesOf(terms).map(packScopeRule),
  };
}
