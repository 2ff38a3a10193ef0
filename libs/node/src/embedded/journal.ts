import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rm, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError, codeOf, syncFolder } from '#platform';

/** What makes a block again. Written and on disk before the block is mined. */
export interface JournalEntry {
  readonly number: number;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Hash of the block before, so that a replay proves itself block by block. */
  readonly parentHash: string;
  /** Signed transactions the node accepted since the last entry, in that order. */
  readonly raws: readonly string[];
  /** The node's accounts were laid down again before this block (`NodeTip.normalise`), so a replay does that too. */
  readonly normalised: boolean;
}

/** An entry with the hash of the block that came of it, where that reached the disk. */
export interface RecordedEntry extends JournalEntry {
  readonly hash?: string;
}

/** What came of the entry before: a line of its own, since the entry is on disk before its block is mined. */
interface Outcome {
  readonly block: number;
  readonly hash: string;
}

const NAME = /^journal-(\d{12})\.log$/;
const CHECKSUM_LENGTH = 16;

/**
 * Append-only record of blocks: lines of `JSON TAB checksum`, in segments named by their first block. A snapshot
 * starts a new segment. All are kept (0.4 kB a payment): whatever becomes of snapshots, the journal alone gives the
 * whole chain again.
 */
export class Journal {
  private handle: FileHandle | undefined;
  private newSegment = false;

  private constructor(private readonly folder: string) {}

  static async open(folder: string): Promise<Journal> {
    await mkdir(folder, { recursive: true });
    return new Journal(folder);
  }

  /** Adds an entry and returns once it is on disk. */
  async append(entry: JournalEntry): Promise<void> {
    try {
      this.handle ??= await this.openSegment(entry.number);
      await this.handle.appendFile(encode(textOf(entry)));
      await this.handle.datasync();
    } catch (error) {
      if (codeOf(error) !== 'ENOSPC') throw error;
      throw new OperatorError(
        `The disk that holds ${this.folder} is full. Free some space and start again; nothing was lost.`,
      );
    }
  }

  /**
   * Notes the hash of the block that was mined, without waiting for the disk: the next entry names it as its parent,
   * and only a replay's very last block lacks that proof. Never fails.
   */
  async confirm(block: number, hash: string): Promise<void> {
    const outcome: Outcome = { block, hash };
    await this.handle?.appendFile(encode(JSON.stringify(outcome))).catch(() => undefined);
  }

  /** The next entry begins a new segment: what a snapshot covers can be read while others are added. */
  async beginSegment(): Promise<void> {
    await this.close();
    this.newSegment = true;
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  /**
   * All entries after a block, in order and without a gap. A last line that a crash broke off is removed: its
   * block was never mined.
   *
   * @throws OperatorError when anything else is damaged or missing
   */
  async *entriesAfter(block: number): AsyncGenerator<RecordedEntry> {
    await this.close();
    yield* this.entries(block, Infinity);
  }

  /**
   * The first entry after a block; undefined when it was the last.
   *
   * @throws OperatorError when anything is damaged or missing
   */
  async entryAfter(block: number): Promise<JournalEntry | undefined> {
    for await (const entry of this.entriesAfter(block)) return entry;
    return undefined;
  }

  /** Number of the last block in it; 0 when it is empty. */
  async lastBlock(): Promise<number> {
    await this.close();
    for (const [index, segment] of (await this.segments()).reverse().entries()) {
      const last = (await readSegment(segment.file, index === 0)).at(-1);
      if (last !== undefined) return last.number;
    }
    return 0;
  }

  /**
   * The entries after `block` up to `last`, while others may be added: segments that begin later are left alone, so
   * a segment has to begin after `last` (see beginSegment).
   *
   * @throws OperatorError when anything is damaged or missing
   */
  async *entries(block: number, last: number): AsyncGenerator<RecordedEntry> {
    let expected = block + 1;
    const segments = await this.segments();
    for (const [index, segment] of segments.entries()) {
      const next = segments[index + 1];
      if (segment.first > last || (next !== undefined && next.first <= expected)) continue;
      for (const entry of await readSegment(segment.file, last === Infinity && next === undefined)) {
        if (entry.number < expected) continue;
        if (entry.number !== expected) throw this.gap(expected);
        yield entry;
        expected += 1;
      }
    }
    if (last !== Infinity && expected !== last + 1) throw this.gap(expected);
  }

  private gap(block: number): OperatorError {
    return new OperatorError(
      `The chain's journal in ${this.folder} has a gap: block ${block} is missing. Restore that folder from a backup.`,
    );
  }

  /** Forgets every entry above a block. */
  async cutAfter(block: number): Promise<void> {
    await this.close();
    for (const segment of await this.segments()) {
      if (segment.first > block) {
        await rm(segment.file);
        continue;
      }
      const lines = await readLines(segment.file, true);
      await truncate(segment.file, lines.findLast(({ line }) => numberOf(line) <= block)?.end ?? 0);
    }
    await syncFolder(this.folder);
  }

  private async openSegment(first: number): Promise<FileHandle> {
    const last = (await this.segments()).at(-1);
    const fresh = path.join(this.folder, `journal-${String(first).padStart(12, '0')}.log`);
    // After a restart the newest segment is continued.
    const file = this.newSegment || last === undefined ? fresh : last.file;
    this.newSegment = false;
    const handle = await open(file, 'a', 0o600);
    await syncFolder(this.folder);
    return handle;
  }

  private async segments(): Promise<{ first: number; file: string }[]> {
    const names = await readdir(this.folder);
    return names
      .flatMap((name) => {
        const match = NAME.exec(name);
        return match === null ? [] : [{ first: Number(match[1]), file: path.join(this.folder, name) }];
      })
      .sort((a, b) => a.first - b.first);
  }
}

function encode(text: string): string {
  return `${text}\t${checksum(text)}\n`;
}

/** The mark stands in the entries that need it alone, as the few after a snapshot do. */
function textOf({ normalised, ...entry }: JournalEntry): string {
  return JSON.stringify(normalised ? { ...entry, normalised } : entry);
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM_LENGTH);
}

const numberOf = (line: JournalEntry | Outcome): number => ('block' in line ? line.block : line.number);

async function readSegment(file: string, isLast: boolean): Promise<RecordedEntry[]> {
  const entries: RecordedEntry[] = [];
  for (const { line } of await readLines(file, isLast)) {
    if ('number' in line) entries.push(line);
    else {
      const last = entries.at(-1);
      if (last?.number === line.block) entries[entries.length - 1] = { ...last, hash: line.hash };
    }
  }
  return entries;
}

/** A line, and the position of the next. */
interface PlacedLine {
  readonly line: JournalEntry | Outcome;
  readonly end: number;
}

async function readLines(file: string, isLast: boolean): Promise<PlacedLine[]> {
  const text = await readFile(file, 'utf8');
  const lines: PlacedLine[] = [];
  let position = 0;
  while (position < text.length) {
    const end = text.indexOf('\n', position);
    const line = end === -1 ? undefined : decode(text.slice(position, end));
    if (line === undefined) {
      // Only the very end can be torn by a crash; a bad line with others after it is damage.
      const torn = isLast && (end === -1 || end === text.length - 1);
      if (!torn) {
        const before = lines.at(-1);
        throw new OperatorError(
          `The chain's journal ${file} is damaged after block ${before ? numberOf(before.line) : 0}. Restore that folder from a backup.`,
        );
      }
      // Everything before it is ASCII, so positions are bytes.
      await truncate(file, position);
      return lines;
    }
    position = end + 1;
    lines.push({ line, end: position });
  }
  return lines;
}

function decode(text: string): JournalEntry | Outcome | undefined {
  const tab = text.lastIndexOf('\t');
  const json = text.slice(0, Math.max(tab, 0));
  if (tab === -1 || checksum(json) !== text.slice(tab + 1)) return undefined;
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null) return undefined;
  if ('block' in value && 'hash' in value) {
    const { block, hash } = value;
    return typeof block === 'number' && typeof hash === 'string' ? { block, hash } : undefined;
  }
  if (!('number' in value) || !('timestamp' in value) || !('parentHash' in value) || !('raws' in value))
    return undefined;
  const { number, timestamp, parentHash, raws } = value;
  if (typeof number !== 'number' || typeof timestamp !== 'number' || typeof parentHash !== 'string')
    return undefined;
  if (!Array.isArray(raws)) return undefined;
  const normalised = 'normalised' in value && value.normalised === true;
  return { number, timestamp, parentHash, raws: raws.map(String), normalised };
}
