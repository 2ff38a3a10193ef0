import { FieldReader } from '#domain';
import { notOnePlace, placesMeant, ProblemException } from '#platform';

/** Reads free-form JSON: an act's arguments, an attachment. Call `done()` before use. */
export class JsonReader extends FieldReader {
  /** @param within area of the authority that acts */
  constructor(private readonly within = '') {
    super();
  }

  /**
   * The place that a code in any spelling means, as it is written now. An authority that was founded before a reform has
   * its old code on chain, which the contract compares: its places keep the spelling that lies within.
   */
  override region(value: unknown, field: string): string {
    const code = super.region(value, field);
    const [place] = placesMeant(code);
    const isOfOldAuthority = code.startsWith(this.within) && !placesMeant(this.within).includes(this.within);
    if (place !== undefined && isOfOldAuthority) return code;
    const fault = notOnePlace(code);
    if (fault !== undefined) this.refuse(field, fault.message, fault.became);
    return place ?? code;
  }

  /** Throws invalid_request with the fields when there was any problem. */
  done(): void {
    if (this.problems.length > 0) throw new ProblemException('invalid_request', { fields: this.problems });
  }
}
