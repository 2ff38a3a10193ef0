import { CATEGORIES, categoryOfKey } from './category.js';
import type { FieldReader } from './field-reader.js';
import { REGION_CODE_PATTERN } from './regions/region.js';
import { WON_MAX, WON_PATTERN } from './won.js';

/** A JSON Schema as OpenAPI 3.0 has it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * A value in a free-form JSON document: how it is read, how it is shown again, and the schema that says so in the
 * description of the API. One table of these is what validates and what documents.
 */
export interface JsonField<T> {
  /** What `read` accepts, as far as a schema can say it. */
  readonly schema: JsonSchema;
  /** What `show` gives. */
  readonly shownSchema: JsonSchema;
  /** Present when the value may be left out of an object; `read` is given undefined then. */
  readonly optional?: true;
  /** Present when `show` may give undefined, which an object does not contain. */
  readonly shownOptional?: true;
  /** Reads a value from outside; what is wrong goes to the reader, see FieldReader. */
  read(reader: FieldReader, value: unknown, field: string): T;
  /** The value as the API shows it. */
  show(value: T): unknown;
}

type ValueOf<F> = F extends JsonField<infer T> ? T : never;
type ValuesOf<F> = { readonly [K in keyof F]: ValueOf<F[K]> };

function plain<T>(
  schema: JsonSchema,
  read: JsonField<T>['read'],
  show: (value: T) => unknown = (value) => value,
): JsonField<T> {
  return { schema, shownSchema: schema, read, show };
}

/** Whole won as digits. Shown as what the contract has: a call of somebody else, or a packed word, may be larger. */
export const wonField: JsonField<bigint> = {
  schema: {
    type: 'string',
    pattern: WON_PATTERN,
    description: `Whole won, at most ${WON_MAX}.`,
    example: '12000',
  },
  shownSchema: { type: 'string', pattern: String.raw`^\d+$`, description: 'Whole won.', example: '12000' },
  read: (reader, value, field) => reader.won(value, field),
  show: String,
};

export const flagField: JsonField<boolean> = plain({ type: 'boolean' }, (reader, value, field) =>
  reader.flag(value, field),
);

/** Address in lower case; a mixed-case one must have its checksum. */
export const addressField: JsonField<string> = plain(
  { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' },
  (reader, value, field) => reader.address(value, field),
);

/** Region code in any spelling that the reader takes. */
export const regionField: JsonField<string> = plain(
  { type: 'string', pattern: REGION_CODE_PATTERN, example: '47130' },
  (reader, value, field) => reader.region(value, field),
);

/** A region code as it stands, in force now or before a reform. */
export const codeField: JsonField<string> = plain(
  { type: 'string', pattern: String.raw`^\d{2,10}$`, example: '47720' },
  (reader, value, field) => reader.code(value, field),
);

/** Key of a category that may be a merchant. */
export const categoryKeyField: JsonField<string> = plain(
  { type: 'string', enum: CATEGORIES.filter(({ allowed }) => allowed).map(({ key }) => key) },
  (reader, value, field) => {
    const category = typeof value === 'string' ? categoryOfKey(value) : undefined;
    if (category === undefined)
      reader.refuse(field, { ko: '업종 코드가 아닙니다.', en: 'is not a category key' });
    else if (!category.allowed) {
      reader.refuse(field, {
        ko: '가맹점이 될 수 없는 업종입니다(법 제7조).',
        en: 'may never be a merchant (Act Art 7)',
      });
    }
    return category?.key ?? '';
  },
);

/** So many bytes in hex. */
export function hexField(bytes: number): JsonField<string> {
  return plain({ type: 'string', pattern: `^0x[0-9a-fA-F]{${2 * bytes}}$` }, (reader, value, field) =>
    reader.hex(value, field, bytes),
  );
}

export function textField(max: number, min = 1): JsonField<string> {
  return plain({ type: 'string', minLength: min, maxLength: max }, (reader, value, field) =>
    reader.text(value, field, max, min),
  );
}

export function integerField(min: number, max: number): JsonField<number> {
  return plain({ type: 'integer', minimum: min, maximum: max }, (reader, value, field) =>
    reader.integer(value, field, min, max),
  );
}

export function oneOfField<const T extends string>(allowed: readonly [T, ...T[]]): JsonField<T> {
  return plain({ type: 'string', enum: [...allowed] }, (reader, value, field) =>
    reader.oneOf(value, field, allowed),
  );
}

/** 1 to `max` entries. */
export function listField<T>(item: JsonField<T>, max: number): JsonField<readonly T[]> {
  return {
    schema: { type: 'array', items: item.schema, minItems: 1, maxItems: max },
    // A contract call of somebody else may contain what no draft would.
    shownSchema: { type: 'array', items: item.shownSchema },
    read: (reader, value, field) =>
      reader.list(value, field, max, (entry, at) => item.read(reader, entry, at)),
    show: (values) => values.map((value) => item.show(value)),
  };
}

/**
 * The same list without two entries about one thing: what the second says would undo or repeat the first.
 *
 * @param keyOf what an entry is about
 * @param name of the field that names it; '' when the entry itself does
 */
export function distinctField<T>(
  field: JsonField<readonly T[]>,
  keyOf: (entry: T) => string | number,
  name = '',
): JsonField<readonly T[]> {
  return {
    ...field,
    schema: name === '' ? { ...field.schema, uniqueItems: true } : field.schema,
    read(reader, value, at) {
      const before = reader.problems.length;
      const entries = field.read(reader, value, at);
      // What could not be read stands for nothing.
      if (reader.problems.length > before) return entries;
      const first = new Map<string | number, number>();
      for (const [index, entry] of entries.entries()) {
        const key = keyOf(entry);
        const known = first.get(key);
        if (known === undefined) first.set(key, index);
        else {
          reader.refuse(`${at}[${index}]${name === '' ? '' : `.${name}`}`, {
            ko: `목록의 [${known}]에 이미 있습니다.`,
            en: `is in the list before, at [${known}]`,
          });
        }
      }
      return entries;
    },
  };
}

/** An object with these fields and no others. */
export function objectField<F extends Readonly<Record<string, JsonField<unknown>>>>(
  fields: F,
): JsonField<ValuesOf<F>> {
  const entries = Object.entries(fields);
  const names = entries.map(([name]) => name);
  const schemaOf = (pick: (field: JsonField<unknown>) => JsonSchema, required: string[]): JsonSchema => ({
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, pick(field)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  });
  const values = (each: (name: string, field: JsonField<unknown>) => unknown): ValuesOf<F> =>
    Object.fromEntries(entries.map(([name, field]) => [name, each(name, field)])) as ValuesOf<F>;
  return {
    schema: schemaOf(
      ({ schema }) => schema,
      entries.filter(([, { optional }]) => optional !== true).map(([name]) => name),
    ),
    shownSchema: schemaOf(
      ({ shownSchema }) => shownSchema,
      entries.filter(([, { shownOptional }]) => shownOptional !== true).map(([name]) => name),
    ),
    read(reader, value, field) {
      const given = reader.object(value, field, names);
      return values((name, { read }) => read(reader, given[name], field === '' ? name : `${field}.${name}`));
    },
    show: (shown) => values((name, field) => field.show(shown[name])),
  };
}

/** A field that may be left out; it means `fallback` then. Null is no way to leave it out. */
export function optionalField<T>(field: JsonField<T>, fallback: T): JsonField<T> {
  return {
    ...field,
    schema: { ...field.schema, default: field.show(fallback) },
    optional: true,
    read: (reader, value, at) => (value === undefined ? fallback : field.read(reader, value, at)),
  };
}

/** A flag that stands in a document only when it is true, so that documents without it keep their hash. */
export const markField: JsonField<boolean> = {
  ...optionalField(flagField, false),
  shownOptional: true,
  show: (value) => value || undefined,
};

/** A field whose value the code has in another form. `read` may refuse what the schema cannot. */
export function mappedField<T, U>(
  field: JsonField<T>,
  read: (value: T, reader: FieldReader, at: string) => U,
  show: (value: U) => T,
): JsonField<U> {
  return {
    ...field,
    read: (reader, value, at) => read(field.read(reader, value, at), reader, at),
    show: (value) => field.show(show(value)),
  };
}

/** The same field with other words around its schema. */
export function describedField<T>(field: JsonField<T>, description: string): JsonField<T> {
  return {
    ...field,
    schema: { ...field.schema, description },
    shownSchema: { ...field.shownSchema, description },
  };
}
