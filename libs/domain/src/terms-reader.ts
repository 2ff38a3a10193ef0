import { parseInstant } from './calendar.js';
import { isRegionCode } from './region.js';
import { parseWon } from './won.js';

/** One thing wrong with a document; `field` is a path as in "rules[0].area". */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

const NAME_LENGTH_MAX = 100;

/** Collects problems while it reads, so that an officer sees all of them at once. */
export class DocumentReader {
  readonly problems: FieldProblem[] = [];

  refuse(field: string, message: string): void {
    this.problems.push({ field, message });
  }

  /** The object's fields; refuses fields that are not in `known`. */
  object(value: unknown, path: string, known: readonly string[]): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.refuse(path === '' ? 'terms' : path, 'must be an object');
      return {};
    }
    const fields: Record<string, unknown> = Object.fromEntries(Object.entries(value));
    for (const name of Object.keys(fields)) {
      if (!known.includes(name)) this.refuse(path === '' ? name : `${path}.${name}`, 'is not a known field');
    }
    return fields;
  }

  oneOf<T extends string>(value: unknown, field: string, allowed: readonly [T, ...T[]]): T {
    const found = allowed.find((one) => one === value);
    if (found === undefined) this.refuse(field, `must be ${allowed.join(' or ')}`);
    return found ?? allowed[0];
  }

  name(value: unknown, field: string): string {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= NAME_LENGTH_MAX)
      return value.trim();
    this.refuse(field, `must be a text of 1–${NAME_LENGTH_MAX} characters`);
    return '';
  }

  region(value: unknown, field: string): string {
    if (isRegionCode(value)) return value;
    this.refuse(field, 'must be a region code of 2–10 digits');
    return '';
  }

  instant(value: unknown, field: string): string {
    try {
      if (typeof value === 'string' && parseInstant(value) >= 0) return value;
    } catch {
      // Falls through to the one message below.
    }
    this.refuse(field, 'must be a date and time with offset, as 2026-01-01T00:00:00+09:00');
    return '1970-01-01T00:00:00Z';
  }

  won(value: unknown, field: string): string {
    try {
      return parseWon(value).toString();
    } catch {
      this.refuse(field, 'must be whole won, not negative, as digits');
      return '0';
    }
  }

  /** A cap that may be left out: absent means none. */
  cap(value: unknown, field: string): string {
    return value === undefined ? '0' : this.won(value, field);
  }

  integer(value: unknown, field: string, min: number, max: number): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.refuse(field, `must be a whole number from ${min} to ${max}`);
    return min;
  }

  flag(value: unknown, field: string): boolean {
    if (value !== undefined && typeof value !== 'boolean') this.refuse(field, 'must be true or false');
    return value === true;
  }
}
