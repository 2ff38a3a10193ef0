import { CATEGORY_ID_MAX, setHas } from './category.js';
import type { CategorySet } from './category.js';
import { DomainError } from './errors.js';
import { packRegion, regionContains, unpackRegion } from './regions/region.js';
import type { RegionCode } from './regions/region.js';

/** Where and on what a series may be spent; a merchant is acceptable when any rule of the series matches. */
export interface ScopeRule {
  readonly area: RegionCode;
  readonly categories: CategorySet;
  /** Largest acceptable size class; SIZE_ANY (255) = no limit. */
  readonly maxSize: number;
}

export const SCOPE_RULES_MAX = 8;

const CATEGORY_BITS = 128n;
const REGION_BITS = 48n;
const SIZE_SHIFT = CATEGORY_BITS + REGION_BITS;

/** One storage slot (uint256): bits 0–127 categories, 128–175 region (uint48), 176–183 largest size class. */
export function packScopeRule(rule: ScopeRule): bigint {
  const { area, categories, maxSize } = rule;
  if (categories <= 0n || categories >> CATEGORY_BITS !== 0n) {
    throw new DomainError('scope_invalid', 'a scope rule needs at least one category of 0–127');
  }
  if (!Number.isInteger(maxSize) || maxSize < 0 || maxSize > 255) {
    throw new DomainError('scope_invalid', `not a size class: ${maxSize}`);
  }
  return (BigInt(maxSize) << SIZE_SHIFT) | (packRegion(area) << CATEGORY_BITS) | categories;
}

/** The rule of a slot; throws DomainError when the bits are not a packed rule. */
export function unpackScopeRule(packed: bigint): ScopeRule {
  if (packed < 0n || packed >> (SIZE_SHIFT + 8n) !== 0n) {
    throw new DomainError('scope_invalid', `not a packed scope rule: 0x${packed.toString(16)}`);
  }
  const rule = {
    area: unpackRegion((packed >> CATEGORY_BITS) & (2n ** REGION_BITS - 1n)),
    categories: packed & (2n ** CATEGORY_BITS - 1n),
    maxSize: Number(packed >> SIZE_SHIFT),
  };
  if (rule.categories === 0n) throw new DomainError('scope_invalid', 'a scope rule without categories');
  return rule;
}

/** Where a merchant's place lay before a reform of the codes; series up to `lastSeries` honour it. */
export interface FormerPlace {
  readonly region: RegionCode;
  readonly lastSeries: number;
}

/** What a scope asks about a merchant. */
export interface ScopedMerchant {
  readonly region: RegionCode;
  /** Category id, 0–127. */
  readonly category: number;
  readonly size: number;
}

export type ScopeMatch =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: 'wrong_region' | 'wrong_category' | 'merchant_too_large';
      /** As in the contract's event: merchant's packed region, category id, or size class. */
      readonly a: bigint;
      /** First rule's packed area, 0, or the largest size that would have been acceptable. */
      readonly b: bigint;
    };

/**
 * Matches a merchant at a place against all rules, as the contract does. A refusal is that of the nearest rule:
 * wrong_region when no rule's area contains the place, else wrong_category when none of those has the category, else
 * merchant_too_large.
 */
export function matchScope(rules: readonly ScopeRule[], merchant: ScopedMerchant): ScopeMatch {
  const { region, category, size } = merchant;
  if (!Number.isInteger(category) || category < 0 || category > CATEGORY_ID_MAX) {
    throw new DomainError('category_invalid', `not a category id: ${category}`);
  }
  const inArea = rules.filter((rule) => regionContains(rule.area, region));
  if (inArea.length === 0) {
    const first = rules[0];
    return { ok: false, code: 'wrong_region', a: packRegion(region), b: first ? packRegion(first.area) : 0n };
  }
  const inCategory = inArea.filter((rule) => setHas(rule.categories, category));
  if (inCategory.length === 0) return { ok: false, code: 'wrong_category', a: BigInt(category), b: 0n };
  const largest = Math.max(...inCategory.map((rule) => rule.maxSize));
  if (size <= largest) return { ok: true };
  return { ok: false, code: 'merchant_too_large', a: BigInt(size), b: BigInt(largest) };
}

/** A merchant with its places before reforms, the newest first. */
export interface RecodedMerchant extends ScopedMerchant {
  readonly formerly: readonly FormerPlace[];
}

/** What of a series is matched against a merchant. */
export interface SeriesScope {
  readonly id: number;
  readonly rules: readonly ScopeRule[];
}

/**
 * Matches a merchant against a series, as the contract does: where no rule matches the present place, a former one counts
 * for series of before its reform.
 */
export function matchSeries({ id, rules }: SeriesScope, merchant: RecodedMerchant): ScopeMatch {
  const match = matchScope(rules, merchant);
  if (match.ok) return match;
  const honoured = merchant.formerly.some(
    ({ region, lastSeries }) => id <= lastSeries && matchScope(rules, { ...merchant, region }).ok,
  );
  return honoured ? { ok: true } : match;
}
