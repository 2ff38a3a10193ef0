import { areasContain, FieldReader, regionContains, type Areas } from '#domain';
import { notOnePlace, placesMeant, ProblemException, regions } from '#platform';

/** Reads free-form JSON: an act's arguments, an attachment. Call `done()` before use. */
export class JsonReader extends FieldReader {
  /** @param areas of the authority that acts */
  constructor(private readonly areas: Areas = []) {
    super();
  }

  /**
   * The place that a code in any spelling means, as it is written now. An authority that has its code of before a reform
   * alone has that one on chain, which the contract compares: its places keep the spelling that lies within.
   */
  override region(value: unknown, field: string): string {
    const code = super.region(value, field);
    const [place] = placesMeant(code);
    if (place !== undefined && !areasContain(this.areas, place) && this.isInOldArea(code)) return code;
    const fault = notOnePlace(code);
    if (fault !== undefined) this.refuse(field, fault.message, fault.became);
    return place ?? code;
  }

  /** A code as it stands, in force now or before a reform: acts about reforms name both. */
  override code(value: unknown, field: string): string {
    const code = super.code(value, field);
    if (!regions().isKnownCode(code))
      this.refuse(field, {
        ko: '지금이나 예전의 지역 코드가 아닙니다.',
        en: 'is no code of a place in Korea, present or former',
      });
    return code;
  }

  private isInOldArea(code: string): boolean {
    return this.areas.some((area) => regionContains(area, code) && !placesMeant(area).includes(area));
  }

  /** Throws invalid_request with the fields when there was any problem. */
  done(): void {
    if (this.problems.length > 0) throw new ProblemException('invalid_request', { fields: this.problems });
  }
}
