import { DomainError } from './errors.js';
import { isRegionCode, regionContains, STATE_REGION } from './region.js';
import type { RegionCode } from './region.js';

export const REGION_LEVELS = ['province', 'city', 'county', 'autonomous_gu', 'general_gu'] as const;
export type RegionLevel = (typeof REGION_LEVELS)[number];

/** One row of data/regions.tsv. `name` is the full Korean name ("경상북도 포항시 남구"). */
export interface RegionRow {
  readonly code: RegionCode;
  readonly level: RegionLevel;
  /** '' for a province: its parent is the state. */
  readonly parent: RegionCode;
  readonly name: string;
  /** Residents in 2022. */
  readonly population: number;
  /** The code before a reform (Gangwon 42→51 …); '' when it never changed. */
  readonly formerCode: RegionCode;
}

const COLUMNS = 'code\tlevel\tparent\tname_ko\tpopulation_2022\tformer_code';

function parseRow(line: string, number: number): RegionRow {
  const fail = (what: string): never => {
    throw new DomainError('regions_file_invalid', `regions file, line ${number}: ${what}`);
  };
  const [code = '', level = '', parent = '', name = '', population = '', formerCode = '', ...rest] =
    line.split('\t');
  const knownLevel = REGION_LEVELS.find((known) => known === level);
  if (rest.length > 0) fail('too many columns');
  if (code === '' || !isRegionCode(code)) fail(`bad code "${code}"`);
  if (knownLevel === undefined) return fail(`unknown level "${level}"`);
  if (!isRegionCode(parent) || !code.startsWith(parent) || parent === code) fail(`bad parent "${parent}"`);
  if (name === '') fail('no name');
  if (!/^\d+$/.test(population)) fail(`bad population "${population}"`);
  if (!isRegionCode(formerCode)) fail(`bad former code "${formerCode}"`);
  return { code, level: knownLevel, parent, name, population: Number(population), formerCode };
}

/** The regions of Korea down to city wards; smaller codes (neighbourhoods) belong to their longest known prefix. */
export class RegionCatalogue {
  readonly rows: readonly RegionRow[];
  private readonly byCode = new Map<RegionCode, RegionRow>();
  private readonly byFormerCode = new Map<RegionCode, RegionRow>();

  private constructor(rows: readonly RegionRow[]) {
    this.rows = rows;
    for (const row of rows) {
      if (this.byCode.has(row.code)) {
        throw new DomainError('regions_file_invalid', `region ${row.code} appears twice`);
      }
      this.byCode.set(row.code, row);
      if (row.formerCode !== '') this.byFormerCode.set(row.formerCode, row);
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

  /** Reads the text of data/regions.tsv; throws DomainError `regions_file_invalid` with the line. */
  static parse(text: string): RegionCatalogue {
    const [header, ...lines] = text.replaceAll('\r', '').split('\n');
    if (header !== COLUMNS) {
      throw new DomainError('regions_file_invalid', `regions file: expected the columns ${COLUMNS}`);
    }
    const rows = lines.flatMap((line, index) => (line === '' ? [] : [parseRow(line, index + 2)]));
    return new RegionCatalogue(rows);
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
   * Today's code for a code that may be from before a reform. The longest known prefix decides: `47720` was
   * Gunwi in Gyeongbuk and is `27720` in Daegu, although `47` is still Gyeongbuk.
   */
  currentCode(code: RegionCode): RegionCode {
    for (let length = code.length; length >= 2; length--) {
      const prefix = code.slice(0, length);
      if (this.byCode.has(prefix)) return code;
      const successor = this.byFormerCode.get(prefix);
      if (successor !== undefined) return successor.code + code.slice(length);
    }
    return code;
  }

  /** The row of a present or former code. */
  resolve(code: RegionCode): RegionRow | undefined {
    return this.byCode.get(this.currentCode(code));
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
   * Full Korean name ("경상북도 안동시"); '대한민국' for the state, the code itself when nothing is known. A prefix between
   * two levels is named by the regions in it ("경상북도 포항시·경주시·김천시·안동시·구미시" for 471): the province's name
   * alone would promise too much.
   */
  name(code: RegionCode): string {
    if (code === STATE_REGION) return '대한민국';
    const nearest = this.nearest(code);
    if (nearest === undefined) return code;
    const inside = nearest.code === code ? [] : this.rows.filter((row) => isTopWithin(code, row));
    if (inside.length === 0) return nearest.name;
    return `${nearest.name} ${inside.map((row) => lastPart(row.name)).join('·')}`;
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

  /** Last part of the name ("안동시", "남구"). */
  shortName(code: RegionCode): string {
    return lastPart(this.name(code));
  }
}

/** Whether the region lies in `area` and its parent does not. */
function isTopWithin(area: RegionCode, row: RegionRow): boolean {
  return regionContains(area, row.code) && !regionContains(area, row.parent);
}

function lastPart(name: string): string {
  return name.split(' ').at(-1) ?? name;
}

function commonPrefix(codes: readonly RegionCode[]): RegionCode {
  const [first = ''] = codes;
  let length = first.length;
  while (!codes.every((code) => code.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, length);
}
