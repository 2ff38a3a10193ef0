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
    return this.text(value, field, NAME_LENGTH_MAX);
  }

  instant(value: unknown, field: string): string {
    try {
      // The chain keeps whole seconds: what is hashed says no more than that.
      if (typeof value === 'string' && parseInstant(value) >= 0) return value.replace(/\.\d+/, '');
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
