import canonicalize from 'canonicalize';
import { keccak256, toUtf8Bytes } from 'ethers';
import type { AccountTierName } from './account.js';
import { parseInstant } from './calendar.js';
import { ALL_CATEGORIES, categoryOfKey, categorySet } from './category.js';
import { DomainError } from './errors.js';
import type { FundingSplit } from './funding.js';
import { packScopeRule } from './scope.js';
import type { ScopeRule } from './scope.js';
import { SIZE_ANY } from './size-class.js';
import type { Won } from './won.js';

export const TERMS_SCHEMA = 'jangteo.terms/1';

/** How often merchant balances can move on at most: the chain counts hops 1, 2 and 3 apart. */
export const HOPS_MAX = 3;

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

/** Caps in won of face value; "0" = none. */
export interface TermsCaps {
  /** Largest part of one payment. */
  readonly payment: WonText;
  /** Most that one holder may spend or give away in a Korean day, by how well identified; at most 2^32 - 1. */
  readonly daily: Readonly<Record<AccountTierName, WonText>>;
  /** Most that one holder may have. */
  readonly holding: WonText;
  /** Most that one resident may buy of all the authority's sold series in a Korean calendar month, and year. */
  readonly purchaseMonth: WonText;
  readonly purchaseYear: WonText;
  /** Most that one resident may be given of all the authority's series in a Korean month (Seoul 2025: 1,500,000). */
  readonly giftMonth: WonText;
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
  /** `sold`: buyers pay for it; `granted`: allowance, relief, dividend. */
  readonly kind: 'sold' | 'granted';
  /** Who may have it from the authority: companies buy without discount and without caps (Seoul, Geumsan). */
  readonly audience: 'residents' | 'companies';
  /** ISO 8601 with offset; until is exclusive. Default 5 years for sold vouchers (Act Art 4(2)). */
  readonly validFrom: string;
  readonly validUntil: string;
  readonly rules: readonly TermsRule[];
  readonly caps: TermsCaps;
  /** Face value that may be issued at most. */
  readonly budget: WonText;
  /** Basis points of each won of face value; together 10,000. */
  readonly funding: FundingSplit;
  readonly flags: {
    /** May be given to another resident (never granted ones: ordinance practice, Seoul 2025). */
    readonly gift: boolean;
  };
  /** How often what merchants take may move on to other merchants, 0–3; 0 = it can be redeemed only. */
  readonly circulation: number;
  readonly refund: {
    /** The rest is refundable once this much of the value is spent: 60–80 (Act Art 10(3), Decree 3); 0 = never. */
    readonly thresholdPercent: number;
    /** Full refund of an untouched holding up to so many Korean days after it last grew, 0–255; 0 = none. */
    readonly unusedDays: number;
  };
  /** Present and true for a series of the demonstration: its vouchers are worth nothing. */
  readonly demo?: true;
}

/** Bits of the chain's `flags`, as in contracts/src/interfaces/VoucherTypes.sol. */
export const TERMS_FLAG_GIFT = 1;
export const TERMS_FLAG_SOLD = 2;
export const TERMS_FLAG_COMPANY = 4;

/** What the contract pins of the terms: its struct SeriesTerms, ready for the ABI. */
export interface ChainTerms {
  readonly validFrom: number;
  readonly validUntil: number;
  readonly flags: number;
  readonly hops: number;
  readonly refundPercent: number;
  readonly refundDays: number;
  readonly paymentCap: Won;
  /** By tier 0, 1, 2; each fits uint32. */
  readonly dailyCaps: readonly [Won, Won, Won];
  readonly holdingCap: Won;
  readonly monthCap: Won;
  readonly yearCap: Won;
  readonly giftCap: Won;
  readonly budget: Won;
  /** Basis points: resident, state, province, city. */
  readonly funding: readonly [number, number, number, number];
  /** Hash of the document, 0x + 64 hex digits. */
  readonly document: string;
  /** 1–8 packed scope rules. */
  readonly rules: readonly bigint[];
}

/** RFC 8785 text: one spelling for one document, for every order of its fields. */
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

function flagsOf({ flags, kind, audience }: Terms): number {
  return (
    (flags.gift ? TERMS_FLAG_GIFT : 0) |
    (kind === 'sold' ? TERMS_FLAG_SOLD : 0) |
    (audience === 'companies' ? TERMS_FLAG_COMPANY : 0)
  );
}

/** The struct that goes on chain when the series is published. */
export function termsToChain(terms: Terms): ChainTerms {
  const { caps, refund, funding } = terms;
  return {
    validFrom: parseInstant(terms.validFrom),
    validUntil: parseInstant(terms.validUntil),
    flags: flagsOf(terms),
    hops: terms.circulation,
    refundPercent: refund.thresholdPercent,
    refundDays: refund.unusedDays,
    paymentCap: BigInt(caps.payment),
    dailyCaps: [BigInt(caps.daily.none), BigInt(caps.daily.phone), BigInt(caps.daily.real_name)],
    holdingCap: BigInt(caps.holding),
    monthCap: BigInt(caps.purchaseMonth),
    yearCap: BigInt(caps.purchaseYear),
    giftCap: BigInt(caps.giftMonth),
    budget: BigInt(terms.budget),
    funding: [funding.resident, funding.state, funding.province, funding.city],
    document: termsHash(terms),
    rules: scopeRulesOf(terms).map(packScopeRule),
  };
}
