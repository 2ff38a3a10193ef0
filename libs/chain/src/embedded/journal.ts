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
}

const NAME = /^journal-(\d{12})\.log$/;
const CHECKSUM_LENGTH = 16;

/**
 * Append-only record of blocks: one line each, `JSON TAB checksum`, in segments named by their first block. A
 * snapshot starts a new segment. All are kept (0.4 kB a payment): whatever becomes of snapshots, the journal alone
 * gives the whole chain again.
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
      await this.handle.appendFile(encode(entry));
      await this.handle.datasync();
    } catch (error) {
      if (codeOf(error) !== 'ENOSPC') throw error;
      throw new OperatorError(
        `The disk that holds ${this.folder} is full. Free some space and start again; nothing was lost.`,
      );
    }
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
  async *entriesAfter(block: number): AsyncGenerator<JournalEntry> {
    await this.close();
    yield* this.entries(block, Infinity);
  }

  /**
   * The entries after `block` up to `last`, while others may be added: segments that begin later are left alone, so
   * a segment has to begin after `last` (see beginSegment).
   *
   * @throws OperatorError when anything is damaged or missing
   */
  async *entries(block: number, last: number): AsyncGenerator<JournalEntry> {
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
      const kept = (await readSegment(segment.file, true)).filter((entry) => entry.number <= block);
      await truncate(segment.file, Buffer.byteLength(kept.map(encode).join('')));
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

function encode(entry: JournalEntry): string {
  const text = JSON.stringify(entry);
  return `${text}\t${checksum(text)}\n`;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM_LENGTH);
}

async function readSegment(file: string, isLast: boolean): Promise<JournalEntry[]> {
  const text = await readFile(file, 'utf8');
  const entries: JournalEntry[] = [];
  let position = 0;
  while (position < text.length) {
    const end = text.indexOf('\n', position);
    const entry = end === -1 ? undefined : decode(text.slice(position, end));
    if (entry === undefined) {
      // Only the very end can be torn by a crash; a bad line with others after it is damage.
      const torn = isLast && (end === -1 || end === text.length - 1);
      if (!torn) {
        throw new OperatorError(
          `The chain's journal ${file} is damaged after block ${entries.at(-1)?.number ?? 0}. Restore that folder from a backup.`,
        );
      }
      // Everything before it is ASCII, so positions are bytes.
      await truncate(file, position);
      return entries;
    }
    entries.push(entry);
    position = end + 1;
  }
  return entries;
}

function decode(line: string): JournalEntry | undefined {
  const tab = line.lastIndexOf('\t');
  const text = line.slice(0, Math.max(tab, 0));
  if (tab === -1 || checksum(text) !== line.slice(tab + 1)) return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('number' in value) || !('timestamp' in value) || !('parentHash' in value) || !('raws' in value))
    return undefined;
  const { number, timestamp, parentHash, raws } = value;
  if (typeof number !== 'number' || typeof timestamp !== 'number' || typeof parentHash !== 'string')
    return undefined;
  if (!Array.isArray(raws)) return undefined;
  return { number, timestamp, parentHash, raws: raws.map(String) };
}
