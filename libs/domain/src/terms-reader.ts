import { parseInstant } from './calendar.js';
import { FieldReader } from './field-reader.js';

const NAME_LENGTH_MAX = 100;

/** Reads a series' terms. */
export class DocumentReader extends FieldReader {
  override oneOf<T extends string>(value: unknown, field: string, allowed: readonly [T, ...T[]]): T {
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

  instant(value: unknown, field: string): string {
    try {
      if (typeof value === 'string' && parseInstant(value) >= 0) return value;
    } catch {
      // Falls through to the one message below.
    }
    this.refuse(field, 'must be a date and time with offset, as 2026-01-01T00:00:00+09:00');
    return '1970-01-01T00:00:00Z';
  }

  /** A cap that may be left out: absent means none. */
  cap(value: unknown, field: string): string {
    return value === undefined ? '0' : this.won(value, field).toString();
  }
}
