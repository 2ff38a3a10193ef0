import { DomainError } from '../errors.js';
import type { Lang } from '../won.js';
import { RegionHistory } from './region-history.js';
import { isRegionCode, regionContains, STATE_REGION } from './region.js';
import type { RegionCode } from './region.js';

export const REGION_LEVELS = ['province', 'city', 'county', 'autonomous_gu', 'general_gu'] as const;
export type RegionLevel = (typeof REGION_LEVELS)[number];

/** One row of data/regions.tsv: a place in force. `name` is the full Korean name ("경상북도 포항시 남구"). */
export interface RegionRow {
  readonly code: RegionCode;
  readonly level: RegionLevel;
  /** '' for a province: its parent is the state. */
  readonly parent: RegionCode;
  readonly name: string;
  /** Full English name, smallest first ("Nam-gu, Pohang-si, Gyeongsangbuk-do"). */
  readonly nameEn: string;
  /** Registered residents on 31 August 2026. */
  readonly population: number;
  /** The one old code that became this one (Gangwon 42→51 …); '' where there is none. */
  readonly formerCode: RegionCode;
  /** First legal day of the code, `2026-07-01`; '' when it was in use before 2012. */
  readonly validFrom: string;
}

/** What a spelling of a place means: one place in force, several that an old one was divided into, or none. */
export type PlaceReading =
  | { readonly kind: 'place'; readonly code: RegionCode }
  | { readonly kind: 'divided'; readonly codes: readonly RegionCode[] }
  | { readonly kind: 'unknown' };

/** Digits of an official code, of a district or city without wards, and of the smallest place that codes name here. */
const OFFICIAL_DIGITS = 10;
const DISTRICT_DIGITS = 5;
const NEIGHBOURHOOD_DIGITS = 8;

/**
 * Digits 6–8 of a legal dong (from 101), eup (from 250) and myeon (from 310). From 500 on the Interior Ministry counts
 * administrative dongs, which are no places of the law; 000–100 are never given. The table ends above these places, so
 * whether one of the numbers is in use is not known here: a code that the law has since given must not be refused.
 */
const LEGAL_DONG = /^(?:10[1-9]|1[1-9]\d|2[0-4]\d)$/;
const EUP_OR_MYEON = /^(?:2[5-9]\d|[34]\d\d)$/;

const COLUMNS = 'code\tlevel\tparent\tname_ko\tpopulation\tformer_code\tname_en\tvalid_from';

function parseRow(line: string, number: number): RegionRow {
  const fail = (what: string): never => {
    throw new DomainError('regions_file_invalid', `regions file, line ${number}: ${what}`);
  };
  const [code = '', level = '', parent = '', name = '', population = '', formerCode = '', ...more] =
    line.split('\t');
  const [nameEn = '', validFrom = '', ...rest] = more;
  const knownLevel = REGION_LEVELS.find((known) => known === level);
  if (rest.length > 0) fail('too many columns');
  if (code === '' || !isRegionCode(code)) fail(`bad code "${code}"`);
  if (knownLevel === undefined) return fail(`unknown level "${level}"`);
  if (!isRegionCode(parent) || !code.startsWith(parent) || parent === code) fail(`bad parent "${parent}"`);
  if (name === '') fail('no name');
  if (nameEn === '') fail('no English name');
  if (!/^(\d{4}-\d{2}-\d{2})?$/.test(validFrom)) fail(`bad date "${validFrom}"`);
  if (!/^\d+$/.test(population)) fail(`bad population "${population}"`);
  if (!isRegionCode(formerCode)) fail(`bad former code "${formerCode}"`);
  return {
    code,
    level: knownLevel,
    parent,
    name,
    nameEn,
    population: Number(population),
    formerCode,
    validFrom,
  };
}

/** The regions of Korea down to city wards; smaller codes (neighbourhoods) belong to their longest known prefix. */
export class RegionCatalogue {
  readonly rows: readonly RegionRow[];
  private readonly byCode = new Map<RegionCode, RegionRow>();

  private constructor(
    rows: readonly RegionRow[],
    private readonly history: RegionHistory,
  ) {
    this.rows = rows;
    for (const row of rows) {
      if (this.byCode.has(row.code)) {
        throw new DomainError('regions_file_invalid', `region ${row.code} appears twice`);
      }
      this.byCode.set(row.code, row);
    }
    for (const row of rows) {
      if (row.parent !== STATE_REGION && !this.byCode.has(row.parent)) {
        throw new DomainError(
          'regions_file_invalid',
          `region ${row.code} has an unknown parent ${row.parent}`,
        );
      }
    }
  }

  /**
   * Reads the texts of data/regions.tsv and data/regions-history.tsv.
   * @throws DomainError `regions_file_invalid` with the line
   */
  static parse(text: string, history: string): RegionCatalogue {
    const [header, ...lines] = text.replaceAll('\r', '').split('\n');
    if (header !== COLUMNS) {
      throw new DomainError('regions_file_invalid', `regions file: expected the columns ${COLUMNS}`);
    }
    const rows = lines.flatMap((line, index) => (line === '' ? [] : [parseRow(line, index + 2)]));
    return new RegionCatalogue(rows, RegionHistory.parse(history));
  }

  /** The row with exactly this code. */
  get(code: RegionCode): RegionRow | undefined {
    return this.byCode.get(code);
  }

  /** The smallest known region that contains the code; undefined for '' and codes of no province. */
  nearest(code: RegionCode): RegionRow | undefined {
    for (let length = code.length; length >= 2; length--) {
      const row = this.byCode.get(code.slice(0, length));
      if (row !== undefined) return row;
    }
    return undefined;
  }

  /**
   * What a spelling means today: a code as the platform writes it, the official ten digits with zeros, the official
   * five digits of a city with wards, each of them from before a reform as well. A prefix between two levels (`471`)
   * means the places that begin with it. Smaller places than the table's are known by their digits alone: every number that
   * a legal dong, eup or myeon can have, and villages as the eup or myeon in which they lie.
   *
   * Source of the mapping: the Interior Ministry's register of legal-dong codes (data/ATTRIBUTION.md).
   */
  read(spelling: string): PlaceReading {
    if (spelling === STATE_REGION) return { kind: 'place', code: STATE_REGION };
    if (!isRegionCode(spelling)) return { kind: 'unknown' };
    for (const code of spellingsWithoutPadding(spelling)) {
      const found = new Set(this.todayOf(code).flatMap((one) => this.placeOf(one) ?? []));
      const [first, ...others] = found;
      if (first === undefined) continue;
      return others.length === 0 ? { kind: 'place', code: first } : { kind: 'divided', codes: [...found] };
    }
    return { kind: 'unknown' };
  }

  /** Whether this is the code of a place, without padding, in force now or before one of the reforms since 2012. */
  isKnownCode(code: RegionCode): boolean {
    if (this.byCode.has(code) || this.history.has(code) || this.placeOf(code) === code) return true;
    return isNeighbourhood(code) && this.history.has(code.slice(0, DISTRICT_DIGITS));
  }

  /** The row of a place in any spelling; undefined when it means none, several, or something smaller than a row. */
  resolve(spelling: string): RegionRow | undefined {
    const reading = this.read(spelling);
    return reading.kind === 'place' ? this.byCode.get(reading.code) : undefined;
  }

  /** A place in force keeps its code although part of it may have gone elsewhere. */
  private todayOf(code: RegionCode): readonly RegionCode[] {
    return this.byCode.has(code) ? [code] : this.history.successorsOf(code);
  }

  /** The code as the platform writes it; undefined when no place is meant. */
  private placeOf(code: RegionCode): RegionCode | undefined {
    if (this.byCode.has(code)) return code;
    const inside = this.rows.filter((row) => isTopWithin(code, row));
    if (inside.length > 0) return inside.length === 1 ? inside[0]?.code : code;
    const nearest = this.nearest(code);
    return isNeighbourhood(code) && nearest?.code.length === DISTRICT_DIGITS ? code : undefined;
  }

  /** Direct children, in the order of their codes; of '' the provinces. */
  children(code: RegionCode): readonly RegionRow[] {
    return this.rows.filter((row) => row.parent === code);
  }

  /** From the province down to the smallest known region that contains the code. */
  path(code: RegionCode): readonly RegionRow[] {
    return this.rows
      .filter((row) => regionContains(row.code, code))
      .toSorted((one, other) => one.code.length - other.code.length);
  }

  /**
   * Full name ("경상북도 안동시", "Andong-si, Gyeongsangbuk-do"); '대한민국' for the state, the code itself when nothing is
   * known. A prefix between two levels is named by the regions in it ("경상북도 포항시·경주시·김천시·안동시·구미시" for 471): the
   * province's name alone would promise too much.
   */
  name(code: RegionCode, lang: Lang = 'ko'): string {
    if (code === STATE_REGION) return lang === 'ko' ? '대한민국' : 'the Republic of Korea';
    const nearest = this.nearest(code);
    if (nearest === undefined) return code;
    const inside = nearest.code === code ? [] : this.rows.filter((row) => isTopWithin(code, row));
    const whole = lang === 'ko' ? nearest.name : nearest.nameEn;
    if (inside.length === 0) return whole;
    const places = inside.map((row) => shortNameOf(row, lang));
    return lang === 'ko' ? `${whole} ${places.join('·')}` : `${places.join(' / ')}, ${whole}`;
  }

  /**
   * The fewest areas that hold all of these regions and no other known one, so that many cities fit the eight rules of a
   * series. A city that is founded later under one of these prefixes is inside, too. Codes of no known region stay as
   * they are.
   */
  areasOf(codes: readonly RegionCode[]): RegionCode[] {
    const leaves = this.rows.filter((row) => !this.rows.some((other) => other.parent === row.code));
    const isWanted = (row: RegionRow): boolean => codes.some((code) => regionContains(code, row.code));
    const cover = (prefix: RegionCode): RegionCode[] => {
      const inside = leaves.filter((row) => regionContains(prefix, row.code));
      const wanted = inside.filter(isWanted);
      if (wanted.length === 0) return [];
      if (wanted.length === inside.length) return [commonPrefix(inside.map((row) => row.code))];
      return [...'0123456789'].flatMap((digit) => cover(prefix + digit));
    };
    // Smaller than any known region: a neighbourhood.
    const small = codes.filter((code) => !leaves.some((row) => regionContains(code, row.code)));
    const alone = small.filter(
      (code) => !codes.some((other) => other !== code && regionContains(other, code)),
    );
    return [...this.children(STATE_REGION).flatMap((province) => cover(province.code)), ...new Set(alone)];
  }

  /** The smallest part of the name ("안동시", "Andong-si"). */
  shortName(code: RegionCode, lang: Lang = 'ko'): string {
    const row = this.nearest(code);
    return row === undefined ? this.name(code, lang) : shortNameOf(row, lang);
  }
}

/**
 * What the official digits may stand for, the most likely first: without the village's two digits, without the zeros of
 * the levels below, and `47110` for the city with wards `4711`. Never cut blindly: `26110` and `47130` end in a zero.
 */
function spellingsWithoutPadding(spelling: string): RegionCode[] {
  // Only an eup or a myeon has villages.
  if (
    spelling.length === OFFICIAL_DIGITS &&
    !spelling.endsWith('00') &&
    !EUP_OR_MYEON.test(numberOf(spelling))
  )
    return [];
  const whole = spelling.length === OFFICIAL_DIGITS ? spelling.slice(0, NEIGHBOURHOOD_DIGITS) : spelling;
  const spellings = [whole];
  const isDistrict = whole.length === NEIGHBOURHOOD_DIGITS && whole.endsWith('000');
  const district = isDistrict ? whole.slice(0, DISTRICT_DIGITS) : whole;
  if (isDistrict) spellings.splice(0, 1, district);
  if (district.length === DISTRICT_DIGITS && district.endsWith('0')) spellings.push(district.slice(0, -1));
  if (district.length === DISTRICT_DIGITS && district.endsWith('000')) spellings.push(district.slice(0, 2));
  return spellings;
}

/** Digits 6–8, the number of a neighbourhood in its district. */
function numberOf(code: RegionCode): string {
  return code.slice(DISTRICT_DIGITS, NEIGHBOURHOOD_DIGITS);
}

/** Whether a code can, by its digits, be the one of a legal dong, eup or myeon. */
export function isNeighbourhood(code: RegionCode): boolean {
  const number = numberOf(code);
  return code.length === NEIGHBOURHOOD_DIGITS && (LEGAL_DONG.test(number) || EUP_OR_MYEON.test(number));
}

/** Whether the region lies in `area` and its parent does not. */
function isTopWithin(area: RegionCode, row: RegionRow): boolean {
  return regionContains(area, row.code) && !regionContains(area, row.parent);
}

function shortNameOf({ name, nameEn }: RegionRow, lang: Lang): string {
  return (lang === 'ko' ? name.split(' ').at(-1) : nameEn.split(',')[0]) ?? name;
}

function commonPrefix(codes: readonly RegionCode[]): RegionCode {
  const [first = ''] = codes;
  let length = first.length;
  while (!codes.every((code) => code.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, length);
}
