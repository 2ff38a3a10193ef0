/** Most UTF-16 units that a plain text may have before it is normalised; three jamo make one syllable. */
const RAW_FACTOR = 4;

/**
 * What has no place in a name, an address or a title: control and format characters (line breaks, U+200B, U+202E),
 * characters that show nothing (U+3164, U+2060, U+2800), private use, and half a surrogate pair, which is no text and
 * which PostgreSQL refuses.
 */
const UNPRINTABLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;

/**
 * A text of one line as it is stored: normalised to NFC, because what a Mac or a scanner spells as single jamo is the
 * same name, and without blanks at its ends.
 *
 * @param min least length of the result in UTF-16 units; 1 or more refuses blanks alone
 * @param max greatest length of the result in UTF-16 units
 * @returns undefined for what is no text, holds an invisible character or is too short or too long
 */
export function readPlainText(value: unknown, min: number, max: number): string | undefined {
  if (typeof value !== 'string' || value.length > RAW_FACTOR * max || UNPRINTABLE.test(value))
    return undefined;
  const text = value.normalize('NFC').trim();
  return text.length >= min && text.length <= max ? text : undefined;
}

/** Hyphens and dashes, as they are after NFKC. */
export const SEARCH_IGNORES = ' -\u2010\u2012\u2013\u2014\u2015\u2212';

/**
 * What a search compares: one width (ＧＳ２５ is GS25), one case, no spaces and no hyphens. A column is compared by the
 * same rule: `translate(lower(normalize(column, NFKC)), SEARCH_IGNORES, '')`.
 */
export function searchKeyOf(text: string): string {
  const ignored = new Set(SEARCH_IGNORES);
  return [...text.normalize('NFKC').toLowerCase()].filter((one) => !ignored.has(one)).join('');
}
