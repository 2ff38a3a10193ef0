import {
  BAND_END,
  CONSENT_CLAIM_BYTES,
  decodeKeyRing,
  encodeKeyRing,
  FOUNDING_CLAIM_BYTES,
  PROOF_BYTES_MAX,
  RING_KEYS_MAX,
  roleBits,
  rolesOfBits,
  walletKeyId,
} from '#contracts';
import {
  ACCOUNT_TIER,
  ANCHOR_KIND,
  ANCHOR_KINDS,
  anchorKindName,
  CATEGORIES,
  categoryKeyField,
  categoryOfId,
  categoryOfKey,
  codeField,
  describedField,
  distinctField,
  type FieldReader,
  formatWon,
  hexField,
  integerField,
  isoTime,
  type JsonField,
  listField,
  MERCHANT_STATUS,
  merchantStatusName,
  objectField,
  OFFICER_ROLES,
  oneOfField,
  optionalField,
  parseInstant,
  SIZE_CLASS_MAX,
  wonField,
} from '#domain';

// Values that several kinds of acts share: how they are read, shown and described.

export const UINT32_MAX = 2 ** 32 - 1;
const OFFICER_KEYS_MAX = 4;
export const OFFICERS_MAX = 50;
const BANDS_MAX = 8;

/** What the contract may hold and no draft makes is shown as the number that it is. */
const orNumber = (schema: object) => ({ oneOf: [schema, { type: 'integer' }] });

const KEY_ID_SCHEMA = {
  type: 'string',
  pattern: '^0x([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$',
  description: "A key's id, or the address of a wallet, which stands for the id of its key.",
};

/** A key's id; a wallet's address stands for the id of its key. */
export const keyIdField: JsonField<string> = {
  ...hexField(32),
  schema: KEY_ID_SCHEMA,
  read(reader, value, at) {
    const id =
      typeof value === 'string' && value.length === 42
        ? walletKeyId(reader.address(value, at))
        : reader.hex(value, at, 32);
    if (typeof value === 'string' && /^0x(0{40}|0{64})$/.test(value))
      reader.refuse(at, { ko: '빈 키(0)일 수 없습니다.', en: 'must not be the empty key, 0' });
    return id;
  },
};

const ringField = objectField({
  dailyLimit: describedField(
    optionalField(wonField, 0n),
    `Won that all devices together may spend in a Korean day, at most ${UINT32_MAX}.`,
  ),
  keys: distinctField(
    listField(objectField({ right: oneOfField(['owner', 'device']), id: keyIdField }), RING_KEYS_MAX),
    ({ id }) => id,
    'id',
  ),
});

/** A key ring, encoded. Shown as the raw bytes when the contract would refuse it. */
export const keyRingField: JsonField<string> = {
  schema: { ...ringField.schema, description: 'One owner at least.' },
  shownSchema: { oneOf: [ringField.shownSchema, { type: 'string' }] },
  read(reader, value, at) {
    const ring = ringField.read(reader, value, at);
    if (ring.dailyLimit > BigInt(UINT32_MAX))
      reader.refuse(`${at}.dailyLimit`, {
        ko: `${formatWon(BigInt(UINT32_MAX), 'ko')} 이하여야 합니다.`,
        en: `must be at most ${formatWon(BigInt(UINT32_MAX), 'en')}`,
      });
    else if (!ring.keys.some(({ right }) => right === 'owner'))
      reader.refuse(`${at}.keys`, {
        ko: '본인 키(owner)가 하나 이상 있어야 합니다.',
        en: 'must have an owner among them',
      });
    else return encodeKeyRing(ring);
    return '0x';
  },
  show(encoded) {
    try {
      return ringField.show(decodeKeyRing(encoded));
    } catch {
      return encoded;
    }
  },
};

/** A consent: 5 bytes deadline, and a proof, which has the 65 bytes of a wallet's signature at least. */
const CONSENT_BYTES_MAX = 5 + PROOF_BYTES_MAX;
const CONSENT_DIGITS = `([0-9a-fA-F]{2}){${CONSENT_CLAIM_BYTES},${CONSENT_BYTES_MAX}}`;

function readConsent(reader: FieldReader, value: unknown, at: string): string {
  if (
    typeof value === 'string' &&
    value.length <= 2 + 2 * CONSENT_BYTES_MAX &&
    new RegExp(`^0x${CONSENT_DIGITS}$`).test(value)
  )
    return value.toLowerCase();
  reader.refuse(at, {
    ko: `동의는 0x와 16진수 ${CONSENT_CLAIM_BYTES}–${CONSENT_BYTES_MAX}바이트(기한 5바이트와 서명)여야 합니다.`,
    en: `must be 0x and hex of ${CONSENT_CLAIM_BYTES}–${CONSENT_BYTES_MAX} bytes: 5 bytes deadline and a proof`,
  });
  return '0x';
}

/** Why an account that is not on record yet chose the acting authority. */
export const claimField: JsonField<string | undefined> = {
  schema: {
    type: 'string',
    pattern: `^0x([0-9a-fA-F]{${2 * FOUNDING_CLAIM_BYTES}}|${CONSENT_DIGITS})$`,
    description:
      'Of an account that is not on record yet: why it chose this authority. With a key ring, or without keys: 32 bytes ' +
      'salt and 32 bytes hash of the ring. Of a plain wallet: 5 bytes deadline and its signature of the EIP-712 message ' +
      '"Consent" from authority 0 with number 0; once its keys were changed, the proof of an owner key.',
  },
  shownSchema: { type: 'string', pattern: '^0x([0-9a-fA-F]{2})+$' },
  optional: true,
  shownOptional: true,
  read(reader, value, at) {
    if (value === undefined) return undefined;
    const ofRing = typeof value === 'string' && value.length === 2 + 2 * FOUNDING_CLAIM_BYTES;
    return ofRing ? reader.hex(value, at, FOUNDING_CLAIM_BYTES) : readConsent(reader, value, at);
  },
  show: (claim) => claim,
};

/** That the holder of an account wants the acting authority to answer for it. */
export const consentField: JsonField<string | undefined> = {
  schema: {
    type: 'string',
    pattern: `^0x${CONSENT_DIGITS}$`,
    description:
      'That its holder moves here: 5 bytes deadline and the proof of an owner key of the EIP-712 message "Consent" from ' +
      'the authority in charge to this one, number = moves of the account. Without it the account has to be handed over.',
  },
  shownSchema: { type: 'string', pattern: '^0x([0-9a-fA-F]{2})+$' },
  optional: true,
  shownOptional: true,
  read: (reader, value, at) => (value === undefined ? undefined : readConsent(reader, value, at)),
  show: (consent) => consent,
};

/** The name of the authority that a hand-over goes to; null takes it back. */
export const handOverToField: JsonField<string> = {
  schema: {
    ...codeField.schema,
    nullable: true,
    description: 'Code of the authority that shall take the accounts on; null takes proposals back.',
  },
  shownSchema: { ...codeField.shownSchema, nullable: true },
  read: (reader, value, at) => (value === null ? '' : codeField.read(reader, value, at)),
  show: (to) => (to === '' ? null : to),
};

/** Size class of a merchant. Shown as what the contract has: it takes any number of 8 bits. */
export const sizeField: JsonField<number> = {
  ...integerField(0, SIZE_CLASS_MAX),
  schema: {
    ...integerField(0, SIZE_CLASS_MAX).schema,
    description: 'Size class by annual sales, 0 the smallest.',
  },
  shownSchema: integerField(0, 255).schema,
};

/** The number of a series. */
export const seriesField = integerField(1, UINT32_MAX);

/** A moment in Unix seconds; null, which means none, is 0. */
export const momentField: JsonField<number> = {
  schema: { type: 'string', format: 'date-time', nullable: true },
  shownSchema: { type: 'string', format: 'date-time', nullable: true },
  read(reader, value, at) {
    if (value === null) return 0;
    try {
      // The contract counts from 1970.
      if (typeof value === 'string' && parseInstant(value) >= 0) return parseInstant(value);
    } catch {
      // The one message below.
    }
    reader.refuse(at, {
      ko: 'null이거나, 시간대를 붙인 날짜와 시각이어야 합니다(예: 2026-01-01T00:00:00Z).',
      en: 'must be null or a date and time with offset, as 2026-01-01T00:00:00Z',
    });
    return 0;
  },
  show: (unixSeconds) => (unixSeconds === 0 ? null : isoTime(unixSeconds)),
};

/** A moment that is always one. */
export const someMomentField: JsonField<number> = {
  ...momentField,
  schema: { type: 'string', format: 'date-time' },
  read(reader, value, at) {
    if (value !== null) return momentField.read(reader, value, at);
    reader.refuse(at, {
      ko: '시간대를 붙인 날짜와 시각이어야 합니다(예: 2026-01-01T00:00:00Z).',
      en: 'must be a date and time with offset, as 2026-01-01T00:00:00Z',
    });
    return 0;
  },
};

/** The number of a category that may be a merchant; in JSON its key. */
export const categoryField: JsonField<number> = {
  schema: categoryKeyField.schema,
  shownSchema: orNumber({ type: 'string', enum: CATEGORIES.map(({ key }) => key) }),
  read: (reader, value, at) => categoryOfKey(categoryKeyField.read(reader, value, at))?.id ?? 0,
  show: (id) => categoryOfId(id)?.key ?? id,
};

/** A number that JSON has as one of these names. */
function namedField<T extends string>(
  names: readonly [T, ...T[]],
  numberOf: (name: T) => number,
  nameOf: (number: number) => string | undefined,
): JsonField<number> {
  const field = oneOfField(names);
  return {
    schema: field.schema,
    shownSchema: orNumber({ type: 'string' }),
    read: (reader, value, at) => numberOf(field.read(reader, value, at)),
    show: (number) => nameOf(number) ?? number,
  };
}

const TIERS: readonly [keyof typeof ACCOUNT_TIER, ...(keyof typeof ACCOUNT_TIER)[]] = [
  'none',
  'phone',
  'real_name',
];

export const tierField = namedField(
  TIERS,
  (name) => ACCOUNT_TIER[name],
  (tier) => TIERS[tier],
);

export const merchantStatusField = namedField(
  ['active', 'suspended', 'closed'],
  (name) => MERCHANT_STATUS[name],
  merchantStatusName,
);

export const anchorKindField = namedField(ANCHOR_KINDS, (name) => ANCHOR_KIND[name], anchorKindName);

const ROLES_SCHEMA = {
  type: 'array',
  items: { type: 'string', enum: [...OFFICER_ROLES] },
  maxItems: OFFICER_ROLES.length,
};

/** Roles as the contract's bits. An officer without keys has none. */
const rolesField: JsonField<number> = {
  schema: { ...ROLES_SCHEMA, description: 'One at least, unless the officer leaves.' },
  shownSchema: ROLES_SCHEMA,
  optional: true,
  read: (reader, value, at) =>
    roleBits(
      reader.list(value, at, OFFICER_ROLES.length, (role, where) => reader.oneOf(role, where, OFFICER_ROLES)),
    ),
  show: rolesOfBits,
};

const officerKeys = listField(keyIdField, OFFICER_KEYS_MAX);
const officerId = integerField(1, UINT32_MAX);
const officerEntry = objectField({
  id: officerId,
  keys: {
    ...officerKeys,
    schema: { ...officerKeys.schema, minItems: 0, description: 'Without keys the officer leaves.' },
  },
  roles: rolesField,
});

const officerField: typeof officerEntry = {
  ...officerEntry,
  read(reader, value, at) {
    const { id, keys } = reader.object(value, at, ['id', 'keys', 'roles']);
    const leaves = Array.isArray(keys) && keys.length === 0;
    if (!leaves) return officerEntry.read(reader, value, at);
    return { id: officerId.read(reader, id, `${at}.id`), roles: 0, keys: [] };
  },
};

/** Officers with their keys and roles; one without keys leaves. */
export const officersField = distinctField(listField(officerField, OFFICERS_MAX), ({ id }) => id, 'id');

/** Won up to which a band reaches; the last band has no upper end, null. */
const bandEndField: JsonField<bigint> = {
  schema: { ...wonField.schema, nullable: true },
  shownSchema: { ...wonField.shownSchema, nullable: true },
  read: (reader: FieldReader, value, at) => (value === null ? BAND_END : reader.won(value, at)),
  show: (upTo) => (upTo === BAND_END ? null : String(upTo)),
};

/** How many officers acts need. */
export const thresholdsField = objectField({
  governors: integerField(2, 255),
  registrars: integerField(1, 255),
  bands: listField(objectField({ upTo: bandEndField, officers: integerField(2, 255) }), BANDS_MAX),
});
