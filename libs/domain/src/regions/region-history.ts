import { DomainError } from '../errors.js';
import { isRegionCode, type RegionCode } from './region.js';

/** One row of data/regions-history.tsv. */
interface Change {
  /** First legal day of the new state, `2023-07-01`. */
  readonly date: string;
  readonly from: RegionCode;
  readonly to: RegionCode;
  /** All of `from` is in `to`; longer codes keep their tail. */
  readonly isWhole: boolean;
  /** Part of it went away, the rest stays in use under its code. */
  readonly keepsRest: boolean;
}

const COLUMNS = 'date\tkind\tfrom_code\tto_code\tnote\tsource\tscope\tbasis';

/** How codes of places changed since 2012. */
export class RegionHistory {
  /** By date, oldest first. */
  private constructor(private readonly reforms: readonly (readonly Change[])[]) {}

  /** @throws DomainError `regions_file_invalid` with the line */
  static parse(text: string): RegionHistory {
    const [header, ...lines] = text.replaceAll('\r', '').split('\n');
    if (header !== COLUMNS) {
      throw new DomainError('regions_file_invalid', `history of regions: expected the columns ${COLUMNS}`);
    }
    const changes = lines.flatMap((line, index) => (line === '' ? [] : parseChange(line, index + 2)));
    const byDate = Map.groupBy(changes, ({ date }) => date);
    return new RegionHistory(
      [...byDate].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, reform]) => reform),
    );
  }

  /** Whether a reform gave this code to a place, or took it. */
  has(code: RegionCode): boolean {
    return this.reforms.some((reform) => reform.some(({ from, to }) => from === code || to === code));
  }

  /**
   * What a code of any time since 2012 is called today: the code itself when no reform touched it, several when it was
   * divided and nothing but an address can say which.
   */
  successorsOf(code: RegionCode): readonly RegionCode[] {
    let codes: readonly RegionCode[] = [code];
    for (const reform of this.reforms) codes = [...new Set(codes.flatMap((one) => afterReform(one, reform)))];
    return codes;
  }
}

/** The rows with the longest old code decide, so that `47720` leaves Gyeongbuk although `47` stays. */
function afterReform(code: RegionCode, reform: readonly Change[]): RegionCode[] {
  const touching = reform.filter(({ from }) => code.startsWith(from));
  const longest = Math.max(0, ...touching.map(({ from }) => from.length));
  const rows = touching.filter(({ from }) => from.length === longest);
  const whole = rows.find(({ isWhole }) => isWhole);
  if (whole !== undefined) return [whole.to + code.slice(longest)];
  // A longer code than the divided one: which part it went to is not known, and its tail may be another's there.
  const rest = rows.length === 0 || rows.some(({ keepsRest }) => keepsRest) ? [code] : [];
  return [...rest, ...rows.filter(({ keepsRest }) => !keepsRest).map(({ to }) => to)];
}

function parseChange(line: string, number: number): Change[] {
  const [date = '', kind = '', from = '', to = '', , , scope = ''] = line.split('\t');
  const isReadable =
    /^\d{4}-\d{2}-\d{2}$/.test(date) &&
    isRegionCode(from) &&
    to !== '' &&
    isRegionCode(to) &&
    /^(whole|part)$/.test(scope);
  if (!isReadable)
    throw new DomainError('regions_file_invalid', `history of regions, line ${number}: cannot be read`);
  // A new unit has no code before it.
  if (from === '') return [];
  return [{ date, from, to, isWhole: scope === 'whole', keepsRest: kind === 'move' && scope === 'part' }];
}
