import { isAddress } from 'ethers';
import { isRegionCode } from './regions/region.js';
import { readPlainText } from './plain-text.js';
import { parseWon, WON_MAX } from './won.js';
import type { Words } from './words.js';

/**
 * One thing wrong with a document; `field` is a path as in "rules[0].area", "authorisation.amount". What is said of a field
 * without the field itself.
 */
export interface FieldProblem extends FieldFault {
  readonly field: string;
}

/** What is wrong with a field. */
export interface FieldFault {
  readonly message: Words;
  /** Codes of the places that the former one became, where the field names one that was divided. */
  readonly became?: readonly string[];
}

/** A JSON object from outside. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for an object that is neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of 100,000 recipients may be wrong 100,000 times; people read no more than this. */
const PROBLEMS_MAX = 50;
const REGION_CODE: Words = {
  ko: '2–10자리 숫자로 된 지역 코드여야 합니다.',
  en: 'must be a region code of 2–10 digits',
};

/**
 * Reads what came from outside field by field and collects every problem, so that people see all of them at once.
 * Each reader returns a harmless value after a problem: look at `problems` before use.
 */
export class FieldReader {
  readonly problems: FieldProblem[] = [];

  refuse(field: string, message: Words, became?: readonly string[]): void {
    if (this.problems.length >= PROBLEMS_MAX) return;
    this.problems.push(became === undefined ? { field, message } : { field, message, became });
  }

  /** The fields of an object; a field outside `known` is a problem. `field` '' is the document itself. */
  object(value: unknown, field: string, known: readonly string[]): JsonObject {
    if (!isJsonObject(value)) {
      this.refuse(field, { ko: '객체여야 합니다.', en: 'must be an object' });
      return {};
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name))
        this.refuse(field === '' ? name : `${field}.${name}`, {
          ko: '알 수 없는 항목입니다.',
          en: 'is not a known field',
        });
    }
    return value;
  }

  list<T>(value: unknown, field: string, max: number, read: (item: unknown, at: string) => T): T[] {
    if (!Array.isArray(value) || value.length === 0 || value.length > max) {
      this.refuse(field, {
        ko: `항목 1–${max}개의 목록이어야 합니다.`,
        en: `must be a list of 1–${max} entries`,
      });
      return [];
    }
    return value.map((item: unknown, index) => read(item, `${field}[${index}]`));
  }

  text(value: unknown, field: string, max: number, min = 1): string {
    const text = readPlainText(value, min, max);
    if (text !== undefined) return text;
    this.refuse(field, {
      ko: `보이지 않는 문자나 제어 문자가 없는 ${min}–${max}자의 글이어야 합니다.`,
      en: `must be a text of ${min}–${max} characters without invisible or control characters`,
    });
    return '';
  }

  /** Lower-case address; mixed case must have a right checksum. */
  address(value: unknown, field: string): string {
    if (typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)) {
      const lower = value.toLowerCase();
      // A checksum costs a hash, 30 µs: three seconds for a list of 100,000. All lower case has none to check.
      if (value === lower || isAddress(value)) return lower;
    }
    this.refuse(field, {
      ko: '0x와 40자리 16진수 주소여야 합니다. 대소문자가 섞이면 체크섬이 맞아야 합니다.',
      en: 'must be an address: 0x and 40 hex digits; in mixed case the checksum must fit',
    });
    return `0x${'0'.repeat(40)}`;
  }

  hex(value: unknown, field: string, bytes: number): string {
    if (typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value) && value.length === 2 + 2 * bytes)
      return value.toLowerCase();
    this.refuse(field, {
      ko: `0x와 ${2 * bytes}자리 16진수여야 합니다.`,
      en: `must be 0x and ${2 * bytes} hex digits`,
    });
    return `0x${'0'.repeat(2 * bytes)}`;
  }

  region(value: unknown, field: string): string {
    if (isRegionCode(value)) return value;
    this.refuse(field, REGION_CODE);
    return '';
  }

  /** A region code as it stands, which `region` may read as another one. */
  code(value: unknown, field: string): string {
    if (isRegionCode(value) && value !== '') return value;
    this.refuse(field, REGION_CODE);
    return '';
  }

  won(value: unknown, field: string): bigint {
    try {
      // A JSON number loses won above 2^53 before anybody can notice.
      if (typeof value === 'string') return parseWon(value);
    } catch {
      // The one message below.
    }
    this.refuse(field, {
      ko: `0 이상 ${WON_MAX} 이하의 원 금액을 숫자 문자열로 적어야 합니다(예: "12000").`,
      en: `must be whole won from 0 to ${WON_MAX}, as text of digits ("12000")`,
    });
    return 0n;
  }

  integer(value: unknown, field: string, min: number, max: number): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.refuse(field, {
      ko: `${min} 이상 ${max} 이하의 정수여야 합니다.`,
      en: `must be a whole number from ${min} to ${max}`,
    });
    return min;
  }

  flag(value: unknown, field: string): boolean {
    if (typeof value !== 'boolean')
      this.refuse(field, { ko: 'true 또는 false여야 합니다.', en: 'must be true or false' });
    return value === true;
  }

  oneOf<T extends string>(value: unknown, field: string, allowed: readonly [T, ...T[]]): T {
    const found = allowed.find((one) => one === value);
    if (found === undefined) {
      this.refuse(field, {
        ko: `다음 가운데 하나여야 합니다: ${allowed.join(', ')}`,
        en: `must be one of: ${allowed.join(', ')}`,
      });
    }
    return found ?? allowed[0];
  }
}
