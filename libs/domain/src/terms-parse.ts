import type { AccountTierName } from './account.js';
import { parseInstant } from './calendar.js';
import { categoryOfKey } from './category.js';
import { DomainError } from './errors.js';
import { BASIS_POINTS, FUNDERS, isFundingSplit } from './funding.js';
import type { FundingSplit } from './funding.js';
import { isJsonObject, type FieldProblem } from './field-reader.js';
import { SCOPE_RULES_MAX } from './scope.js';
import { SIZE_CLASS_MAX } from './size-class.js';
import { DocumentReader } from './terms-reader.js';
import { WON_MAX } from './won.js';
import { HOPS_MAX, TERMS_SCHEMA } from './terms.js';
import type { Terms, TermsCaps, TermsRule } from './terms.js';

export type ParsedTerms =
  | { readonly ok: true; readonly terms: Terms }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** A year of the chain's sums by month fits its uint48: 23 trillion won. */
const CALENDAR_CAP_MAX = WON_MAX / 12n;
/** The chain's uint32. */
const DAILY_CAP_MAX = 2n ** 32n - 1n;
/** Act Art 10(3): once 60 % is spent; Decree Art 3 lets an ordinance ask for up to 80 %. */
const REFUND_PERCENT_MIN = 60;
const REFUND_PERCENT_MAX = 80;
/** The chain's uint8. */
const REFUND_DAYS_MAX = 255;

function readCategories(reader: DocumentReader, value: unknown, field: string): TermsRule['categories'] {
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

function readRules(reader: DocumentReader, value: unknown): TermsRule[] {
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

function readFunding(reader: DocumentReader, value: unknown): FundingSplit {
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

/** One amount for all tiers, or one for each. */
function readDailyCaps(reader: DocumentReader, value: unknown): TermsCaps['daily'] {
  const field = 'caps.daily';
  const given =
    typeof value === 'object' && value !== null ? value : { none: value, phone: value, real_name: value };
  const fields = reader.object(given, field, ['none', 'phone', 'real_name']);
  const cap = (tier: AccountTierName): string => {
    // One amount for all tiers is one field, with one message when it is wrong.
    const path = given === value ? `${field}.${tier}` : field;
    const won = reader.cap(fields[tier], path);
    if (BigInt(won) > DAILY_CAP_MAX) reader.refuse(path, `must be at most ${DAILY_CAP_MAX} won`);
    return won;
  };
  if (given !== value) {
    const all = cap('none');
    return { none: all, phone: all, real_name: all };
  }
  return { none: cap('none'), phone: cap('phone'), real_name: cap('real_name') };
}

function readCaps(reader: DocumentReader, value: unknown): TermsCaps {
  const known = ['payment', 'daily', 'holding', 'purchaseMonth', 'purchaseYear', 'giftMonth'];
  const caps = reader.object(value ?? {}, 'caps', known);
  const cap = (name: string): string => reader.cap(caps[name], `caps.${name}`);
  const calendarCap = (name: string): string => {
    const won = cap(name);
    if (BigInt(won) > CALENDAR_CAP_MAX)
      reader.refuse(`caps.${name}`, `must be at most ${CALENDAR_CAP_MAX} won`);
    return won;
  };
  return {
    payment: cap('payment'),
    daily: readDailyCaps(reader, caps['daily']),
    holding: cap('holding'),
    purchaseMonth: calendarCap('purchaseMonth'),
    purchaseYear: calendarCap('purchaseYear'),
    giftMonth: calendarCap('giftMonth'),
  };
}

/** True when `lower` binds more than `upper`; "0" is no cap. */
function isTighter(lower: string, upper: string): boolean {
  return lower !== '0' && (upper === '0' || BigInt(lower) < BigInt(upper));
}

function checkCaps(reader: DocumentReader, { caps, kind, audience, flags }: Terms): void {
  const { none, phone, real_name: realName } = caps.daily;
  if (isTighter(phone, none) || isTighter(realName, phone)) {
    reader.refuse('caps.daily', 'must not fall with better identification');
  }
  const forSoldOnly = ['purchaseMonth', 'purchaseYear'] as const;
  for (const name of forSoldOnly) {
    if (kind !== 'sold' && caps[name] !== '0')
      reader.refuse(`caps.${name}`, 'must be 0 unless the series is sold');
  }
  if (isTighter(caps.purchaseYear, caps.purchaseMonth) && caps.purchaseMonth !== '0') {
    reader.refuse('caps.purchaseYear', 'must not be below the cap of a month');
  }
  if (!flags.gift && caps.giftMonth !== '0')
    reader.refuse('caps.giftMonth', 'must be 0 unless flags.gift is true');
  if (audience !== 'companies' || kind !== 'sold') return;
  for (const name of ['holding', ...forSoldOnly] as const) {
    if (caps[name] !== '0') reader.refuse(`caps.${name}`, 'must be 0 for companies (Seoul, Geumsan)');
  }
}

/** What public money pays for whole may not be given away or turned into won. */
function checkGranted(reader: DocumentReader, { kind, audience, funding, flags, refund }: Terms): void {
  if (audience === 'companies') {
    if (kind !== 'sold') reader.refuse('kind', 'must be sold for companies');
    else if (funding.resident !== BASIS_POINTS) {
      reader.refuse('funding.resident', 'must be 10000 for companies, who buy without discount');
    }
  }
  if (kind !== 'granted') return;
  if (funding.resident !== 0) reader.refuse('funding.resident', 'must be 0 for a granted series');
  if (flags.gift) reader.refuse('flags.gift', 'must be false for a granted series (Seoul 2025)');
  for (const name of ['thresholdPercent', 'unusedDays'] as const) {
    if (refund[name] !== 0) {
      reader.refuse(
        `refund.${name}`,
        "must be 0 for a granted series: none of it is the resident's own money",
      );
    }
  }
}

/** Rules between fields; run on documents whose fields are each fine. */
function checkTogether(reader: DocumentReader, terms: Terms): void {
  if (parseInstant(terms.validUntil) <= parseInstant(terms.validFrom)) {
    reader.refuse('validUntil', 'must be after validFrom');
  }
  if (terms.budget === '0') reader.refuse('budget', 'must be more than 0');
  checkGranted(reader, terms);
  checkCaps(reader, terms);
  const percent = terms.refund.thresholdPercent;
  if (percent !== 0 && (percent < REFUND_PERCENT_MIN || percent > REFUND_PERCENT_MAX)) {
    reader.refuse('refund.thresholdPercent', 'must be 0 or 60–80 (Act Art 10(3), Decree Art 3)');
  }
}

const TOP_FIELDS = [
  'schema',
  'authority',
  'programme',
  'kind',
  'audience',
  'validFrom',
  'validUntil',
  'rules',
  'caps',
  'budget',
  'funding',
  'flags',
  'circulation',
  'refund',
  'demo',
];

/**
 * Reads terms from outside into their one normal form (absent caps "0", absent flags false, one daily cap for all tiers
 * spelled out, categories sorted, won as digits), or lists every field that is wrong. The same terms written
 * differently get the same hash.
 */
export function parseTerms(input: unknown): ParsedTerms {
  const reader = new DocumentReader();
  if (!isJsonObject(input)) reader.refuse('terms', 'must be an object');
  const top = reader.object(isJsonObject(input) ? input : {}, '', TOP_FIELDS);
  const programme = reader.object(top['programme'], 'programme', ['ko', 'en']);
  const flags = reader.object(top['flags'] ?? {}, 'flags', ['gift']);
  const refund = reader.object(top['refund'] ?? {}, 'refund', ['thresholdPercent', 'unusedDays']);
  const terms: Terms = {
    schema: reader.oneOf(top['schema'], 'schema', [TERMS_SCHEMA]),
    authority: reader.region(top['authority'], 'authority'),
    programme: {
      ko: reader.name(programme['ko'], 'programme.ko'),
      en: reader.name(programme['en'], 'programme.en'),
    },
    kind: reader.oneOf(top['kind'], 'kind', ['sold', 'granted']),
    audience: reader.oneOf(top['audience'] ?? 'residents', 'audience', ['residents', 'companies']),
    validFrom: reader.instant(top['validFrom'], 'validFrom'),
    validUntil: reader.instant(top['validUntil'], 'validUntil'),
    rules: readRules(reader, top['rules']),
    caps: readCaps(reader, top['caps']),
    budget: reader.won(top['budget'], 'budget').toString(),
    funding: readFunding(reader, top['funding']),
    flags: { gift: reader.flag(flags['gift'] ?? false, 'flags.gift') },
    circulation: reader.integer(top['circulation'] ?? 0, 'circulation', 0, HOPS_MAX),
    refund: {
      thresholdPercent: reader.integer(refund['thresholdPercent'] ?? 0, 'refund.thresholdPercent', 0, 100),
      unusedDays: reader.integer(refund['unusedDays'] ?? 0, 'refund.unusedDays', 0, REFUND_DAYS_MAX),
    },
    // Absent unless true, so that terms without it keep their hash.
    ...(reader.flag(top['demo'] ?? false, 'demo') ? { demo: true as const } : {}),
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
