import { FieldReader } from '#domain';
import { ProblemException } from '#platform';

/** Reads free-form JSON: an act's arguments, an attachment. Call `done()` before use. */
export class JsonReader extends FieldReader {
  /** Throws invalid_request with the fields when there was any problem. */
  done(): void {
    if (this.problems.length > 0) throw new ProblemException('invalid_request', { fields: this.problems });
  }
}
