import {
  BATCH_MAX,
  type ActArguments,
  type ActCall,
  type ActKind,
  type ReturnedRedemption,
} from '#contracts';
import {
  addressField,
  type AreaHolder,
  codeField,
  describedField,
  distinctField,
  type FieldReader,
  FIRST_KEYS_MAX,
  flagField,
  hexField,
  integerField,
  type JsonField,
  type JsonObject,
  type JsonSchema,
  listField,
  objectField,
  optionalField,
  regionField,
  wonField,
} from '#domain';
import { JsonReader } from '../json-reader.js';
import {
  anchorKindField,
  categoryField,
  claimField,
  consentField,
  handOverToField,
  keyIdField,
  keyRingField,
  merchantStatusField,
  momentField,
  OFFICERS_MAX,
  officersField,
  seriesField,
  sizeField,
  someMomentField,
  thresholdsField,
  tierField,
  UINT32_MAX,
} from './act-values.js';

/** Each comes with a branch of hashes; nodes refuse a transaction above 128 KiB. */
const RETURNS_MAX = 100;

/** The arguments of a kind without the authority, which stands beside them in every act. */
type Arguments<K extends ActKind> = Omit<ActArguments[K], 'authority'>;

const uint8 = integerField(0, 255);

/** Shown and never read: drafts of this kind take it from the attachment. */
const chainTerms = objectField({
  validFrom: momentField,
  validUntil: momentField,
  flags: uint8,
  hops: uint8,
  refundPercent: uint8,
  refundDays: uint8,
  paymentCap: wonField,
  dailyCaps: describedField(listField(wonField, 3), 'By tier: none, phone, real_name.'),
  holdingCap: wonField,
  monthCap: wonField,
  yearCap: wonField,
  giftCap: wonField,
  budget: wonField,
  funding: describedField(
    listField(integerField(0, 10_000), 4),
    'Basis points: resident, state, province, city.',
  ),
  document: describedField(hexField(32), 'keccak256 of the canonical terms.'),
  rules: listField(describedField(wonField, 'A packed scope rule.'), 8),
});

const fromField = describedField(codeField, 'Former code of the region; with it all codes that begin so.');
const toField = describedField(codeField, 'Its present code, which does not lie in the former one.');

const returnedIds = objectField({
  redemptions: distinctField(listField(hexField(32), RETURNS_MAX), String),
});
const returnedEntry = objectField({
  redemption: hexField(32),
  merchant: addressField,
  series: seriesField,
  amount: wonField,
  batch: describedField(wonField, 'Batch of receipts.'),
});

/** Redemptions that are taken back: asked for by id, shown with what their receipts say. */
const returnsField: Pick<JsonField<Arguments<'return_redemptions'>>, 'schema' | 'shownSchema' | 'show'> = {
  schema: returnedIds.schema,
  shownSchema: objectField({
    redemptions: listField(hexField(32), RETURNS_MAX),
    entries: listField(returnedEntry, RETURNS_MAX),
  }).shownSchema,
  show: ({ entries }) => ({
    redemptions: entries.map(({ receipt }) => receipt.id),
    entries: entries.map(({ merchant, series, receipt }: ReturnedRedemption) =>
      returnedEntry.show({
        redemption: receipt.id,
        merchant,
        series,
        amount: receipt.amount,
        batch: receipt.batch,
      }),
    ),
  }),
};

const longerField = describedField(
  someMomentField,
  'The new end, exclusive; after the present one and after now.',
);
const longer = objectField({ series: seriesField, until: longerField });
const extension = objectField({
  series: seriesField,
  from: describedField(momentField, 'The present end, exclusive.'),
  until: longerField,
});

/** The kinds whose arguments come whole from the request; the others are derived from attachment or tables. */
export type PlainKind = Exclude<
  ActKind,
  'publish_series' | 'approve_issue' | 'extend_series' | 'return_redemptions'
>;

/** What requests contain, answers show and the description of the API says of every kind's arguments. */
const PLAIN: { readonly [K in PlainKind]: JsonField<Arguments<K>> } = {
  set_budget: objectField({ series: seriesField, budget: wonField }),
  delegate_budget: objectField({ series: seriesField, to: regionField, left: wonField }),
  start_expiry: objectField({ series: seriesField }),
  close_series: objectField({ series: seriesField }),
  approve_quota: objectField({ series: seriesField, total: wonField, perDay: wonField, key: keyIdField }),
  pause_series: objectField({
    series: seriesField,
    until: describedField(
      momentField,
      'At most 7 days ahead, and a tenth of the validity in all pauses together; null resumes.',
    ),
  }),
  close_issue_order: objectField({ issueOrder: integerField(1, Number.MAX_SAFE_INTEGER) }),
  set_merchants: objectField({
    entries: distinctField(
      listField(
        objectField({
          merchant: addressField,
          region: regionField,
          category: categoryField,
          size: sizeField,
          claim: claimField,
        }),
        BATCH_MAX,
      ),
      ({ merchant }) => merchant,
      'merchant',
    ),
  }),
  set_merchant_status: objectField({
    merchants: distinctField(listField(addressField, BATCH_MAX), String),
    status: merchantStatusField,
  }),
  hold_payouts: objectField({
    merchants: distinctField(listField(addressField, BATCH_MAX), String),
    until: describedField(momentField, 'At most 30 days ahead; null releases.'),
  }),
  attest_accounts: objectField({
    entries: distinctField(
      listField(
        objectField({
          account: addressField,
          home: regionField,
          tier: tierField,
          company: describedField(optionalField(flagField, false), 'A company buyer.'),
          claim: claimField,
        }),
        BATCH_MAX,
      ),
      ({ account }) => account,
      'account',
    ),
  }),
  freeze_accounts: objectField({
    accounts: distinctField(listField(addressField, BATCH_MAX), String),
    until: describedField(
      momentField,
      'At most 3 days ahead by one registrar, and not again before two have decided; 365 days by two. Null lifts it.',
    ),
  }),
  replace_keys: objectField({
    account: addressField,
    keys: keyRingField,
    overruling: describedField(
      optionalField(flagField, false),
      'By three registrars after an objection: no other is possible, and the delay is 14 days.',
    ),
  }),
  set_first_keys: objectField({
    entries: distinctField(
      listField(objectField({ account: addressField, keys: keyRingField }), FIRST_KEYS_MAX),
      ({ account }) => account,
      'account',
    ),
  }),
  propose_hand_over: objectField({
    to: handOverToField,
    accounts: distinctField(listField(addressField, BATCH_MAX), String),
  }),
  take_accounts: objectField({
    entries: distinctField(
      listField(
        objectField({
          account: addressField,
          place: describedField(
            regionField,
            "The merchant's place, or the account's home (no finer than a district), in this authority's areas.",
          ),
          consent: consentField,
        }),
        BATCH_MAX,
      ),
      ({ account }) => account,
      'account',
    ),
  }),
  settle: objectField({
    run: describedField(hexField(32), "The authority's own reference."),
    lines: distinctField(
      listField(objectField({ merchant: addressField, series: seriesField, amount: wonField }), BATCH_MAX),
      ({ merchant, series }) => `${merchant} ${series}`,
      'merchant',
    ),
  }),
  found_authority: objectField({
    region: regionField,
    officers: officersField,
    thresholds: thresholdsField,
  }),
  set_officers: objectField({ officers: officersField }),
  set_thresholds: objectField({ thresholds: thresholdsField }),
  remove_officers: objectField({
    officers: describedField(
      distinctField(listField(integerField(1, UINT32_MAX), OFFICERS_MAX), Number),
      'Their numbers.',
    ),
  }),
  stop_change: objectField({ change: describedField(hexField(32), 'Id of a pending change.') }),
  propose_reseat: objectField({
    region: describedField(regionField, 'Of an authority that this one founded.'),
    officers: officersField,
    thresholds: thresholdsField,
  }),
  reject_reseat: objectField({}),
  grant_area: objectField({
    to: describedField(codeField, 'Code of the authority that gets it.'),
    area: describedField(codeField, 'Present or former code, as it stands.'),
  }),
  give_up_area: objectField({ area: describedField(codeField, 'One of its areas.') }),
  anchor: objectField({
    kind: describedField(
      anchorKindField,
      'Treasurers sign close, report and commitment, governors the others.',
    ),
    root: describedField(hexField(32), 'Hash of a document, or the Merkle root of several.'),
  }),
  declare_reform: objectField({ from: fromField, to: toField }),
  recode_merchants: objectField({
    from: fromField,
    to: toField,
    entries: distinctField(
      listField(objectField({ merchant: addressField, region: regionField }), BATCH_MAX),
      ({ merchant }) => merchant,
      'merchant',
    ),
  }),
  recode_homes: objectField({
    from: fromField,
    to: toField,
    entries: distinctField(
      listField(objectField({ account: addressField, home: regionField }), BATCH_MAX),
      ({ account }) => account,
      'account',
    ),
  }),
};

/** What drafts of derived kinds are asked with. */
const NO_ARGUMENTS = objectField({});
const SERIES_ALONE = objectField({ series: seriesField });

const ISSUE_SHOWN = objectField({
  series: seriesField,
  total: wonField,
  root: describedField(hexField(32), 'Merkle root of the list.'),
});

type Described = { readonly schema: JsonSchema; readonly shownSchema: JsonSchema };
type Shown<K extends ActKind> = Described & Pick<JsonField<Arguments<K>>, 'show'>;

const ALL: { readonly [K in ActKind]: Shown<K> } = {
  ...PLAIN,
  publish_series: {
    schema: NO_ARGUMENTS.schema,
    shownSchema: chainTerms.shownSchema,
    show: ({ terms }) => chainTerms.show(terms),
  },
  approve_issue: { ...ISSUE_SHOWN, schema: SERIES_ALONE.schema },
  extend_series: { schema: longer.schema, shownSchema: extension.shownSchema, show: extension.show },
  return_redemptions: returnsField,
};

/** Schemas of a kind's arguments: as a draft takes them, and as drafts and acts show them. */
export function actArgumentSchemas(kind: ActKind): Described {
  const { schema, shownSchema } = ALL[kind];
  return { schema, shownSchema };
}

/** The arguments of an act as the API shows them: what a draft takes, plus what an attachment derived. */
export function showActArguments({ kind, args }: ActCall): JsonObject {
  // Kind and arguments come from one row of the table, which the compiler cannot see.
  const { show } = ALL[kind] as Shown<ActKind>;
  return show(args as never) as JsonObject;
}

/** Arguments of an act as the API takes them. Throws invalid_request with the fields that are wrong. */
export function readActArguments<K extends PlainKind>(
  kind: K,
  { authority, areas }: AreaHolder,
  args: unknown,
): ActArguments[K] {
  const read = new JsonReader(areas);
  const field: JsonField<Arguments<K>> = PLAIN[kind];
  const values = field.read(read, args, 'args');
  read.done();
  return { authority, ...values } as ActArguments[K];
}

/** `args` of publish_series, which has none. */
export function readNoArguments(read: FieldReader, args: unknown): void {
  NO_ARGUMENTS.read(read, args, 'args');
}

/** `args` of approve_issue: the series. */
export function readSeriesArgument(read: FieldReader, args: unknown): number {
  return SERIES_ALONE.read(read, args, 'args').series;
}

/** `args` of return_redemptions: ids of redemptions. */
export function readReturnedIds(read: FieldReader, args: unknown): readonly string[] {
  return returnedIds.read(read, args, 'args').redemptions;
}

/** `args` of extend_series: the series and its new end. */
export function readExtension(
  read: FieldReader,
  args: unknown,
): { readonly series: number; readonly until: number } {
  return longer.read(read, args, 'args');
}

/** True for a kind whose arguments do not come from an attachment. */
export function isPlainKind(kind: string): kind is PlainKind {
  return Object.hasOwn(PLAIN, kind);
}
