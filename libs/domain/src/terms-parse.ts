import { parseInstant } from './calendar.js';
import { categoryOfKey } from './category.js';
import { DomainError } from './errors.js';
import { FUNDERS, isFundingSplit } from './funding.js';
import type { FundingSplit } from './funding.js';
import { isRegionCode } from './region.js';
import { SCOPE_RULES_MAX } from './scope.js';
import { SIZE_CLASS_MAX } from './size-class.js';
import { TERMS_SCHEMA } from './terms.js';
import type { Terms, TermsRule } from './terms.js';
import { parseWon } from './won.js';

/** One thing wrong with a document; `field` is a path as in "rules[0].area". */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export type ParsedTerms =
  | { readonly ok: true; readonly terms: Terms }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

type Fields = Readonly<Record<string, unknown>>;

const NAME_LENGTH_MAX = 100;

/** Collects problems while it reads, so that an officer sees all of them at once. */
class Reader {
  readonly problems: FieldProblem[] = [];

  refuse(field: string, message: string): void {
    this.problems.push({ field, message });
  }

  /** The object's fields; refuses fields that are not in `known`. */
  object(value: unknown, path: string, known: readonly string[]): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.refuse(path === '' ? 'terms' : path, 'must be an object');
      return {};
    }
    const fields: Record<string, unknown> = Object.fromEntries(Object.entries(value));
    for (const name of Object.keys(fields)) {
      if (!known.includes(name)) this.refuse(path === '' ? name : `${path}.${name}`, 'is not a known field');
    }
    return fields;
  }

  oneOf<T extends string>(value: unknown, field: string, allowed: readonly [T, ...T[]]): T {
    const found = allowed.find((one) => one === value);
    if (found === undefined) this.refuse(field, `must be ${allowed.join(' or ')}`);
    return found ?? allowed[0];
  }

  name(value: unknown, field: string): string {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= NAME_LENGTH_MAX)
      return value.trim();
    this.refuse(field, `must be a text of 1–${NAME_LENGTH_MAX} characters`);
    return '';
  }

  region(value: unknown, field: string): string {
    if (isRegionCode(value)) return value;
    this.refuse(field, 'must be a region code of 2–10 digits');
    return '';
  }

  instant(value: unknown, field: string): string {
    try {
      if (typeof value === 'string' && parseInstant(value) >= 0) return value;
    } catch {
      // Falls through to the one message below.
    }
    this.refuse(field, 'must be a date and time with offset, as 2026-01-01T00:00:00+09:00');
    return '1970-01-01T00:00:00Z';
  }

  won(value: unknown, field: string): string {
    try {
      return parseWon(value).toString();
    } catch {
      this.refuse(field, 'must be whole won, not negative, as digits');
      return '0';
    }
  }

  /** A cap that may be left out: absent means none. */
  cap(value: unknown, field: string): string {
    return value === undefined ? '0' : this.won(value, field);
  }

  integer(value: unknown, field: string, min: number, max: number): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.refuse(field, `must be a whole number from ${min} to ${max}`);
    return min;
  }

  flag(value: unknown, field: string): boolean {
    if (value !== undefined && typeof value !== 'boolean') this.refuse(field, 'must be true or false');
    return value === true;
  }
}

function readCategories(reader: Reader, value: unknown, field: string): TermsRule['categories'] {
  if (value === 'all') return 'all';
  if (!Array.isArray(value) || value.length === 0) {
    reader.refuse(field, 'must be "all" or a list of category keys');
    return 'all';
  }
  const keys = value.map((key: unknown, index) => {
    const category = typeof key === 'string' ? categoryOfKey(key) : undefined;
    if (category === undefined) reader.refuse(`${field}[${index}]`, 'is not a category key');
    else if (!category.allowed) reader.refuse(`${field}[${index}]`, 'may never be a merchant (Act Art 7)');
    return category?.key ?? '';
  });
  // A set has no order; sorting gives equal terms an equal hash.
  return [...new Set(keys)].toSorted();
}

function readRules(reader: Reader, value: unknown): TermsRule[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > SCOPE_RULES_MAX) {
    reader.refuse('rules', `must be a list of 1–${SCOPE_RULES_MAX} rules`);
    return [];
  }
  return value.map((entry: unknown, index) => {
    const path = `rules[${index}]`;
    const rule = reader.object(entry, path, ['area', 'categories', 'maxSize']);
    const any = rule['maxSize'] === 'any' || rule['maxSize'] === undefined;
    return {
      area: reader.region(rule['area'], `${path}.area`),
      categories: readCategories(reader, rule['categories'] ?? 'all', `${path}.categories`),
      maxSize: any ? 'any' : reader.integer(rule['maxSize'], `${path}.maxSize`, 0, SIZE_CLASS_MAX),
    };
  });
}

function readFunding(reader: Reader, value: unknown): FundingSplit {
  const fields = reader.object(value, 'funding', FUNDERS);
  const share = (name: string): number => reader.integer(fields[name] ?? 0, `funding.${name}`, 0, 10_000);
  const split = {
    resident: share('resident'),
    state: share('state'),
    province: share('province'),
    city: share('city'),
  };
  if (!isFundingSplit(split)) reader.refuse('funding', 'shares must add up to 10000 basis points');
  return split;
}

/** Rules between fields; run on documents whose fields are each fine. */
function checkTogether(reader: Reader, terms: Terms): void {
  if (parseInstant(terms.validUntil) <= parseInstant(terms.validFrom)) {
    reader.refuse('validUntil', 'must be after validFrom');
  }
  if (terms.budget === '0') reader.refuse('budget', 'must be more than 0');
  if (terms.kind === 'granted' && terms.funding.resident !== 0) {
    reader.refuse('funding.resident', 'must be 0 for a granted series');
  }
  if (terms.kind === 'granted' && terms.flags.gift) {
    reader.refuse('flags.gift', 'must be false for a granted series');
  }
  const percent = terms.refund.thresholdPercent;
  if (percent !== 0 && percent < 60) {
    reader.refuse('refund.thresholdPercent', 'must be 0 or 60–100 (Act Art 10(3), Decree 3)');
  }
}

const TOP_FIELDS = [
  'schema',
  'authority',
  'programme',
  'kind',
  'validFrom',
  'validUntil',
  'rules',
  'caps',
  'budget',
  'funding',
  'flags',
  'refund',
  'demo',
];

/**
 * Reads terms from outside into their one normal form (absent caps "0", absent flags false, categories sorted,
 * won as digits), or lists every field that is wrong. The same terms written differently get the same hash.
 */
export function parseTerms(input: unknown): ParsedTerms {
  const reader = new Reader();
  const top = reader.object(input, '', TOP_FIELDS);
  const programme = reader.object(top['programme'], 'programme', ['ko', 'en']);
  const caps = reader.object(top['caps'] ?? {}, 'caps', ['payment', 'daily', 'holding']);
  const flags = reader.object(top['flags'] ?? {}, 'flags', ['gift', 'circulation']);
  const refund = reader.object(top['refund'] ?? {}, 'refund', ['thresholdPercent', 'unusedDays']);
  const terms: Terms = {
    schema: reader.oneOf(top['schema'], 'schema', [TERMS_SCHEMA]),
    authority: reader.region(top['authority'], 'authority'),
    programme: {
      ko: reader.name(programme['ko'], 'programme.ko'),
      en: reader.name(programme['en'], 'programme.en'),
    },
    kind: reader.oneOf(top['kind'], 'kind', ['sold', 'granted']),
    validFrom: reader.instant(top['validFrom'], 'validFrom'),
    validUntil: reader.instant(top['validUntil'], 'validUntil'),
    rules: readRules(reader, top['rules']),
    caps: {
      payment: reader.cap(caps['payment'], 'caps.payment'),
      daily: reader.cap(caps['daily'], 'caps.daily'),
      holding: reader.cap(caps['holding'], 'caps.holding'),
    },
    budget: reader.won(top['budget'], 'budget'),
    funding: readFunding(reader, top['funding']),
    flags: {
      gift: reader.flag(flags['gift'], 'flags.gift'),
      circulation: reader.flag(flags['circulation'], 'flags.circulation'),
    },
    refund: {
      thresholdPercent: reader.integer(refund['thresholdPercent'] ?? 0, 'refund.thresholdPercent', 0, 100),
      unusedDays: reader.integer(refund['unusedDays'] ?? 0, 'refund.unusedDays', 0, 365),
    },
    // Absent unless true, so that terms without it keep their hash.
    ...(reader.flag(top['demo'], 'demo') ? { demo: true as const } : {}),
  };
  if (reader.problems.length === 0) checkTogether(reader, terms);
  return reader.problems.length === 0 ? { ok: true, terms } : { ok: false, problems: reader.problems };
}

/** parseTerms for input that should be good; throws DomainError `terms_invalid` that names the fields. */
export function requireTerms(input: unknown): Terms {
  const parsed = parseTerms(input);
  if (parsed.ok) return parsed.terms;
  const list = parsed.problems.map(({ field, message }) => `${field} ${message}`).join('; ');
  throw new DomainError('terms_invalid', `terms: ${list}`);
}
