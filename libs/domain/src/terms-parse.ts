import { parseInstant } from './calendar.js';
import { DomainError } from './errors.js';
import { FieldReader, isJsonObject, type FieldProblem } from './field-reader.js';
import { BASIS_POINTS } from './funding.js';
import { termsField } from './terms-fields.js';
import type { Terms } from './terms.js';

export type ParsedTerms =
  | { readonly ok: true; readonly terms: Terms }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Act Art 10(3): once 60 % is spent; Decree Art 3 lets an ordinance ask for up to 80 %. */
const REFUND_PERCENT_MIN = 60;
const REFUND_PERCENT_MAX = 80;

/** True when `lower` binds more than `upper`; "0" is no cap. */
function isTighter(lower: string, upper: string): boolean {
  return lower !== '0' && (upper === '0' || BigInt(lower) < BigInt(upper));
}

function checkCaps(reader: FieldReader, { caps, kind, audience, flags }: Terms): void {
  const { none, phone, real_name: realName } = caps.daily;
  if (isTighter(phone, none) || isTighter(realName, phone)) {
    reader.refuse('caps.daily', {
      ko: '본인 확인 단계가 높을수록 한도가 낮아질 수 없습니다.',
      en: 'must not fall with better identification',
    });
  }
  const forSoldOnly = ['purchaseMonth', 'purchaseYear'] as const;
  for (const name of forSoldOnly) {
    if (kind !== 'sold' && caps[name] !== '0')
      reader.refuse(`caps.${name}`, {
        ko: '판매하는 회차가 아니면 0이어야 합니다.',
        en: 'must be 0 unless the series is sold',
      });
  }
  if (isTighter(caps.purchaseYear, caps.purchaseMonth) && caps.purchaseMonth !== '0') {
    reader.refuse('caps.purchaseYear', {
      ko: '한 달 한도보다 작을 수 없습니다.',
      en: 'must not be below the cap of a month',
    });
  }
  if (!flags.gift && caps.giftMonth !== '0')
    reader.refuse('caps.giftMonth', {
      ko: 'flags.gift가 true가 아니면 0이어야 합니다.',
      en: 'must be 0 unless flags.gift is true',
    });
  if (audience !== 'companies' || kind !== 'sold') return;
  for (const name of ['holding', ...forSoldOnly] as const) {
    if (caps[name] !== '0')
      reader.refuse(`caps.${name}`, {
        ko: '법인용은 0이어야 합니다(서울, 금산).',
        en: 'must be 0 for companies (Seoul, Geumsan)',
      });
  }
}

/** What public money pays for whole may not be given away or turned into won. */
function checkGranted(reader: FieldReader, { kind, audience, funding, flags, refund }: Terms): void {
  if (audience === 'companies') {
    if (kind !== 'sold')
      reader.refuse('kind', { ko: '법인용은 판매(sold)여야 합니다.', en: 'must be sold for companies' });
    else if (funding.resident !== BASIS_POINTS) {
      reader.refuse('funding.resident', {
        ko: '할인 없이 사는 법인용은 10000이어야 합니다.',
        en: 'must be 10000 for companies, who buy without discount',
      });
    }
  }
  if (kind !== 'granted') return;
  if (funding.resident !== 0)
    reader.refuse('funding.resident', {
      ko: '지급하는 회차는 0이어야 합니다.',
      en: 'must be 0 for a granted series',
    });
  if (flags.gift)
    reader.refuse('flags.gift', {
      ko: '지급하는 회차는 false여야 합니다(서울 2025).',
      en: 'must be false for a granted series (Seoul 2025)',
    });
  for (const name of ['thresholdPercent', 'unusedDays'] as const) {
    if (refund[name] !== 0) {
      reader.refuse(`refund.${name}`, {
        ko: '지급하는 회차는 0이어야 합니다. 주민이 낸 돈이 없기 때문입니다.',
        en: "must be 0 for a granted series: none of it is the resident's own money",
      });
    }
  }
}

/** Rules between fields; run on documents whose fields are each fine. */
function checkTogether(reader: FieldReader, terms: Terms): void {
  if (parseInstant(terms.validUntil) <= parseInstant(terms.validFrom)) {
    reader.refuse('validUntil', { ko: 'validFrom보다 뒤여야 합니다.', en: 'must be after validFrom' });
  }
  if (terms.budget === '0') reader.refuse('budget', { ko: '0보다 커야 합니다.', en: 'must be more than 0' });
  checkGranted(reader, terms);
  checkCaps(reader, terms);
  const percent = terms.refund.thresholdPercent;
  if (percent !== 0 && (percent < REFUND_PERCENT_MIN || percent > REFUND_PERCENT_MAX)) {
    reader.refuse('refund.thresholdPercent', {
      ko: '0 또는 60–80이어야 합니다(법 제10조 제3항, 시행령 제3조).',
      en: 'must be 0 or 60–80 (Act Art 10(3), Decree Art 3)',
    });
  }
}

/**
 * Reads terms from outside into their one normal form (absent caps "0", absent flags false, one daily cap for all tiers
 * spelled out, categories sorted, won as digits), or lists every field that is wrong. The same terms written
 * differently get the same hash.
 */
export function parseTerms(input: unknown): ParsedTerms {
  const reader = new FieldReader();
  if (!isJsonObject(input)) reader.refuse('terms', { ko: '객체여야 합니다.', en: 'must be an object' });
  const terms = termsField.read(reader, isJsonObject(input) ? input : {}, '');
  if (reader.problems.length === 0) checkTogether(reader, terms);
  return reader.problems.length === 0 ? { ok: true, terms } : { ok: false, problems: reader.problems };
}

/** parseTerms for input that should be good; throws DomainError `terms_invalid` that names the fields. */
export function requireTerms(input: unknown): Terms {
  const parsed = parseTerms(input);
  if (parsed.ok) return parsed.terms;
  const list = parsed.problems.map(({ field, message }) => `${field} ${message.en}`).join('; ');
  throw new DomainError('terms_invalid', `terms: ${list}`);
}
