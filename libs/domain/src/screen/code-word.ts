import { DomainError } from '../errors.js';
import type { Lang } from '../won.js';
import { CODE_WORDS } from './code-words.js';

/** What payer and shop compare: the same on both screens. */
export interface CodeWord {
  /** "고래 42", "Whale 42". */
  readonly text: string;
  readonly word: string;
  /** 10–99, so that it always has two digits. */
  readonly number: number;
  /** 0–7: one of the fixed colours. */
  readonly colour: number;
}

const NUMBERS = 90;
const NUMBER_FIRST = 10;
const COLOURS = 8;

/**
 * The code word of a payment. One in 184,320 of other payments has the same; it is to be compared by people within a
 * minute, and proves nothing else.
 *
 * @param id the payment's id: 0x and 64 hex digits, uniformly distributed because it is a digest. DomainError
 *   `hash_invalid` otherwise
 */
export function codeWord(id: string, lang: Lang): CodeWord {
  if (!/^0x[0-9a-fA-F]{64}$/.test(id)) throw new DomainError('hash_invalid', 'not an id of 32 bytes');
  const byte = (index: number): number => Number.parseInt(id.slice(2 + index * 2, 4 + index * 2), 16);
  const word = CODE_WORDS[byte(0)]?.[lang] ?? '';
  // Of 65,536 values each number gets 728 or 729.
  const number = NUMBER_FIRST + ((byte(1) * 256 + byte(2)) % NUMBERS);
  return { text: `${word} ${number}`, word, number, colour: byte(3) % COLOURS };
}
