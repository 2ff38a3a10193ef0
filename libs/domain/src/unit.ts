/**
 * What every amount of a deployment counts: whole numbers of the smallest part of one unit. It is fixed when a deployment
 * is made; another unit is another deployment. Where code says won, it means this unit.
 */
export interface Unit {
  /** ISO 4217, or a private code of three letters; in English before the sum */
  readonly code: string;
  /** digits after the point, 0 to UNIT_DIGITS_MAX */
  readonly digits: number;
  /** after the sum in Korean, up to UNIT_NAME_BYTES_MAX bytes in UTF-8 */
  readonly ko: string;
  /** when a sum is read aloud in English, up to as many bytes */
  readonly en: string;
}

export const WON: Unit = { code: 'KRW', digits: 0, ko: '원', en: 'won' };

export const UNIT_DIGITS_MAX = 6;
/** The contract keeps a name in one word. */
export const UNIT_NAME_BYTES_MAX = 32;

const CODE = /^[A-Z]{3}$/;
const NAME = /^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u;

/** The names of the parts of a unit that make no sense; none of one that a deployment may have. */
export function unitFaults({ code, digits, ko, en }: Unit): (keyof Unit)[] {
  const isName = (name: string): boolean =>
    NAME.test(name) && new TextEncoder().encode(name).length <= UNIT_NAME_BYTES_MAX;
  const faults: (keyof Unit)[] = [];
  if (!CODE.test(code)) faults.push('code');
  if (!Number.isInteger(digits) || digits < 0 || digits > UNIT_DIGITS_MAX) faults.push('digits');
  if (!isName(ko)) faults.push('ko');
  if (!isName(en)) faults.push('en');
  return faults;
}

/** "KRW (원, won), 0 digits": for the messages that operators read. */
export function unitText({ code, digits, ko, en }: Unit): string {
  return `${code} (${ko}, ${en}), ${digits} digits`;
}

/** True when amounts of the one are amounts of the other, and are written alike. */
export function isSameUnit(one: Unit, other: Unit): boolean {
  return unitText(one) === unitText(other);
}

let current = WON;

/** The unit of the deployment that this process serves. */
export function unitInUse(): Unit {
  return current;
}

/** To be called when a process knows its deployment, before it answers anybody. */
export function useUnit(unit: Unit): void {
  current = unit;
}
