import { josa } from 'es-hangul';

/** Names of the values in a text: `{name}`. */
export type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** What a text has to be given. */
export type ValuesOf<Text extends string> = [NamesIn<Text>] extends [never]
  ? []
  : [values: Readonly<Record<NamesIn<Text>, string | number>>];

type Particle = Parameters<typeof josa.pick>[1];

/** How digits and Latin letters are read, as far as it decides the particle. */
const DIGITS = '영일이삼사오육칠팔구';
const LETTERS_WITH_FINAL = /[lmnr]$/i;

/**
 * Puts values into a text. `{name}` is a value, `[이/가]` after one the particle that it takes.
 *
 * @throws Error for a value that is not given: a text with a hole would reach people
 */
export function fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  // A closing quotation mark may stand between the value and its particle.
  const holes = /\{(\w+)\}(?:(’?)\[([^\]]+)\])?/g;
  return text.replace(holes, (_, name: string, mark: string | undefined, particle: string | undefined) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value ${name} for: ${text}`);
    return particle === undefined ? `${value}` : `${value}${mark}${particleOf(String(value), particle)}`;
  });
}

function particleOf(word: string, particle: string): string {
  // "포항시(북구)" and "‘고래 42’" are read by the last letter or digit in them.
  const last = /[\p{L}\p{N}](?=[^\p{L}\p{N}]*$)/u.exec(word)?.[0] ?? '';
  return josa.pick(readable(last), particle as Particle);
}

function readable(letter: string): string {
  if (/\d/.test(letter)) return DIGITS[Number(letter)] ?? letter;
  if (/[a-z]/i.test(letter)) return LETTERS_WITH_FINAL.test(letter) ? '일' : '이';
  return letter;
}
