import type { AccountTierName } from './account.js';
import { parseInstant } from './calendar.js';
import type { FieldReader } from './field-reader.js';
import { isFundingSplit } from './funding.js';
import {
  categoryKeyField,
  describedField,
  flagField,
  integerField,
  type JsonField,
  listField,
  markField,
  mappedField,
  objectField,
  oneOfField,
  optionalField,
  regionField,
  textField,
  wonField,
} from './json-field.js';
import { formatWon } from './won.js';
import { SCOPE_RULES_MAX } from './scope.js';
import { SIZE_CLASS_MAX } from './size-class.js';
import { HOPS_MAX, type Terms, TERMS_SCHEMA, type TermsCaps, type TermsRule, type WonText } from './terms.js';
import { WON_MAX } from './won.js';

// What a terms document may contain, field by field; terms-parse.ts has the rules between fields.

const NAME_LENGTH_MAX = 100;
/** A year of the chain's sums by month fits its uint48: 23 trillion won. */
const CALENDAR_CAP_MAX = WON_MAX / 12n;
/** The chain's uint32. */
const DAILY_CAP_MAX = 2n ** 32n - 1n;
/** The chain's uint8. */
const REFUND_DAYS_MAX = 255;

/** Won as the document has them; absent means none. */
function capField(max = WON_MAX): JsonField<WonText> {
  const checked = mappedField(
    wonField,
    (won, reader, at): WonText => {
      if (won > max)
        reader.refuse(at, {
          ko: `${formatWon(max, 'ko')} 이하여야 합니다.`,
          en: `must be at most ${formatWon(max, 'en')}`,
        });
      return String(won);
    },
    BigInt,
  );
  return optionalField(describedField(checked, `Whole won, at most ${max}; 0 = none.`), '0');
}

const instantField: JsonField<string> = {
  schema: { type: 'string', format: 'date-time', example: '2026-01-01T00:00:00+09:00' },
  shownSchema: { type: 'string', format: 'date-time' },
  read(reader, value, at) {
    try {
      // The chain keeps whole seconds: what is hashed says no more than that.
      if (typeof value === 'string' && parseInstant(value) >= 0) return value.replace(/\.\d+/, '');
    } catch {
      // Falls through to the one message below.
    }
    reader.refuse(at, {
      ko: '시간대를 붙인 날짜와 시각이어야 합니다(예: 2026-01-01T00:00:00+09:00).',
      en: 'must be a date and time with offset, as 2026-01-01T00:00:00+09:00',
    });
    return '1970-01-01T00:00:00Z';
  },
  show: (value) => value,
};

const CATEGORY_LIST = { type: 'array', minItems: 1, items: categoryKeyField.schema };
const CATEGORIES_SCHEMA = { oneOf: [{ type: 'string', enum: ['all'] }, CATEGORY_LIST] };

const categoriesField: JsonField<TermsRule['categories']> = {
  schema: CATEGORIES_SCHEMA,
  shownSchema: CATEGORIES_SCHEMA,
  read(reader, value, at) {
    if (value === 'all') return 'all';
    if (!Array.isArray(value) || value.length === 0) {
      reader.refuse(at, {
        ko: '"all" 또는 업종 코드의 목록이어야 합니다.',
        en: 'must be "all" or a list of category keys',
      });
      return 'all';
    }
    const keys = value.map((key: unknown, index) => categoryKeyField.read(reader, key, `${at}[${index}]`));
    // A set has no order; sorting gives equal terms an equal hash.
    return [...new Set(keys)].toSorted();
  },
  show: (value) => value,
};

const SIZE_SCHEMA = {
  oneOf: [
    { type: 'string', enum: ['any'] },
    { type: 'integer', minimum: 0, maximum: SIZE_CLASS_MAX },
  ],
};

const maxSizeField: JsonField<TermsRule['maxSize']> = {
  schema: SIZE_SCHEMA,
  shownSchema: SIZE_SCHEMA,
  read: (reader, value, at) => (value === 'any' ? 'any' : reader.integer(value, at, 0, SIZE_CLASS_MAX)),
  show: (value) => value,
};

const ruleField: JsonField<TermsRule> = objectField({
  area: regionField,
  categories: optionalField(categoriesField, 'all'),
  maxSize: optionalField(maxSizeField, 'any'),
});

const share = optionalField(integerField(0, 10_000), 0);
const fundingField = describedField(
  mappedField(
    objectField({ resident: share, state: share, province: share, city: share }),
    (split, reader, at) => {
      if (!isFundingSplit(split)) {
        reader.refuse(at, {
          ko: '분담률의 합이 10000베이시스포인트여야 합니다.',
          en: 'shares must add up to 10000 basis points',
        });
      }
      return split;
    },
    (split) => split,
  ),
  'Basis points of each won of face value; together 10,000.',
);

const dailyCap = capField(DAILY_CAP_MAX);
const dailyByTier: JsonField<TermsCaps['daily']> = objectField({
  none: dailyCap,
  phone: dailyCap,
  real_name: dailyCap,
} satisfies Record<AccountTierName, JsonField<WonText>>);

/** One amount for all tiers, or one for each. */
const dailyCapsField: JsonField<TermsCaps['daily']> = {
  schema: { oneOf: [dailyCap.schema, dailyByTier.schema] },
  shownSchema: dailyByTier.shownSchema,
  read(reader: FieldReader, value, at) {
    if (typeof value === 'object' && value !== null) return dailyByTier.read(reader, value, at);
    const all = dailyCap.read(reader, value, at);
    return { none: all, phone: all, real_name: all };
  },
  show: (value) => value,
};

const NO_DAILY_CAPS: TermsCaps['daily'] = { none: '0', phone: '0', real_name: '0' };
const calendarCap = capField(CALENDAR_CAP_MAX);
const capsField: JsonField<TermsCaps> = objectField({
  payment: capField(),
  daily: optionalField(dailyCapsField, NO_DAILY_CAPS),
  holding: capField(),
  purchaseMonth: calendarCap,
  purchaseYear: calendarCap,
  giftMonth: calendarCap,
});

const NO_CAPS: TermsCaps = {
  payment: '0',
  daily: NO_DAILY_CAPS,
  holding: '0',
  purchaseMonth: '0',
  purchaseYear: '0',
  giftMonth: '0',
};

const nameField = textField(NAME_LENGTH_MAX);
const budgetField: JsonField<WonText> = mappedField(wonField, String, BigInt);
const refundField = objectField({
  thresholdPercent: describedField(
    optionalField(integerField(0, 100), 0),
    'Per cent that must be spent before the rest is refundable: 60–80, or 0 = never.',
  ),
  unusedDays: describedField(
    optionalField(integerField(0, REFUND_DAYS_MAX), 0),
    'Korean days in which an untouched holding is refundable in full; 0 = never.',
  ),
});

/** A terms document; `read` gives its one normal form, see parseTerms. */
export const termsField: JsonField<Terms> = mappedField(
  objectField({
    schema: oneOfField<typeof TERMS_SCHEMA>([TERMS_SCHEMA]),
    authority: describedField(regionField, 'The issuing authority.'),
    programme: objectField({ ko: nameField, en: nameField }),
    kind: oneOfField(['sold', 'granted']),
    audience: optionalField(oneOfField(['residents', 'companies']), 'residents'),
    validFrom: instantField,
    validUntil: describedField(instantField, 'Exclusive.'),
    rules: listField(ruleField, SCOPE_RULES_MAX),
    caps: optionalField(capsField, NO_CAPS),
    budget: budgetField,
    funding: fundingField,
    flags: optionalField(objectField({ gift: optionalField(flagField, false) }), { gift: false }),
    circulation: describedField(
      optionalField(integerField(0, HOPS_MAX), 0),
      'How often what merchants take may move on to other merchants.',
    ),
    refund: optionalField(refundField, { thresholdPercent: 0, unusedDays: 0 }),
    demo: markField,
  }),
  // Absent unless true, so that terms without it keep their hash.
  ({ demo, ...terms }): Terms => ({ ...terms, ...(demo ? { demo: true } : {}) }),
  ({ demo = false, ...terms }) => ({ ...terms, demo }),
);
