/**
 * Arrays for `unnest` as Postgres' own text: one string per column. The driver's serialiser looks at every character
 * of every element; values here are digits and hex, which need no escaping.
 */
export function numbers(values: Iterable<number | bigint>): string {
  return `{${[...values].join(',')}}`;
}

/** bytea[] of 0x hex. */
export function bytes(values: Iterable<string>): string {
  let text = '';
  for (const hex of values) text += `${text === '' ? '' : ','}"\\\\x${hex.slice(2)}"`;
  return `{${text}}`;
}

/** text[] of words without quotes and backslashes: region codes, names of columns. */
export function words(values: Iterable<string>): string {
  return `{${[...values].map((word) => `"${word}"`).join(',')}}`;
}

/** The same, some of them missing. */
export function wordsOrNull(values: Iterable<string | null>): string {
  return `{${[...values].map((word) => (word === null ? 'NULL' : `"${word}"`)).join(',')}}`;
}

/** text[] of any text; for arrays of arrays, which unnest would flatten. */
export function texts(values: Iterable<string>): string {
  return `{${[...values].map((text) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;
}

/** bytea[] of 0x hex, some of them missing. */
export function bytesOrNull(values: Iterable<string | null>): string {
  return `{${[...values].map((hex) => (hex === null ? 'NULL' : `"\\\\x${hex.slice(2)}"`)).join(',')}}`;
}

/** Numbers, some of them missing. */
export function numbersOrNull(values: Iterable<number | bigint | null>): string {
  return `{${[...values].map((value) => value ?? 'NULL').join(',')}}`;
}
