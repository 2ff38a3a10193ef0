import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { OperatorError } from '#platform';

/** First line of a backup. */
export interface ArchiveHead {
  readonly jangteoBackup: 1;
  readonly createdAt: string;
  /** Names of the migrations that made the tables, oldest first. */
  readonly migrations: readonly string[];
  /** Whether the chain itself is inside; false when an outside node keeps it. */
  readonly hasChain: boolean;
}

/** A page of a table as PostgreSQL's own JSON text, never parsed here: amounts have more digits than a double. */
export interface TablePage {
  readonly table: string;
  readonly rows: string;
}

/** A piece of a file of the home, in the order of the file. */
export interface FilePiece {
  readonly file: string;
  readonly base64: string;
}

export type ArchiveLine = ArchiveHead | TablePage | FilePiece;

interface ArchiveEnd {
  readonly lines: number;
  readonly sha256: string;
}

/**
 * Writes lines of JSON, compressed, with their number and SHA-256 at the end. The file has its name only once it is
 * whole and on disk; it can be read by its owner alone, because it holds keys.
 */
export async function writeArchive(file: string, lines: AsyncIterable<ArchiveLine>): Promise<ArchiveEnd> {
  const temporary = `${file}.${process.pid}.tmp`;
  let end: ArchiveEnd | undefined;
  async function* text(): AsyncGenerator<string> {
    const hash = createHash('sha256');
    let count = 0;
    for await (const line of lines) {
      const encoded = `${JSON.stringify(line)}\n`;
      hash.update(encoded);
      count += 1;
      yield encoded;
    }
    end = { lines: count, sha256: hash.digest('hex') };
    yield `${JSON.stringify(end)}\n`;
  }
  try {
    await pipeline(Readable.from(text()), createGzip(), createWriteStream(temporary, { mode: 0o600 }));
    const handle = await open(temporary, 'r');
    await handle.sync().finally(() => handle.close());
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  if (end === undefined) throw new Error('the archive has no end');
  return end;
}

/**
 * Reads an archive line by line; the last line is checked and not given.
 *
 * @throws OperatorError when it is no backup, is cut off, or was changed
 */
export async function* readArchive(file: string): AsyncGenerator<ArchiveLine> {
  const hash = createHash('sha256');
  let count = 0;
  let end: unknown;
  const source = createReadStream(file);
  const plain = createGunzip();
  const piped = pipeline(source, plain).catch((error: unknown) => {
    throw damaged(file, error);
  });
  // The loop below ends with the stream's own error; both tell the same.
  piped.catch(() => undefined);
  try {
    for await (const line of createInterface({ input: plain, crlfDelay: Infinity })) {
      if (end !== undefined) throw damaged(file);
      const value: unknown = JSON.parse(line);
      if (isEnd(value)) {
        end = value;
        if (value.lines !== count || value.sha256 !== hash.digest('hex')) throw damaged(file);
        continue;
      }
      hash.update(`${line}\n`);
      count += 1;
      yield lineOf(value, file);
    }
    await piped;
  } catch (error) {
    throw error instanceof OperatorError ? error : damaged(file, error);
  } finally {
    source.destroy();
  }
  if (end === undefined) throw damaged(file);
}

/** Reads the whole file without doing anything with it. @returns its head */
export async function verifyArchive(file: string): Promise<ArchiveHead> {
  let head: ArchiveHead | undefined;
  for await (const line of readArchive(file)) {
    if (head === undefined && !('jangteoBackup' in line)) throw damaged(file);
    if ('jangteoBackup' in line) head = line;
  }
  if (head === undefined) throw damaged(file);
  return head;
}

function damaged(file: string, cause?: unknown): OperatorError {
  return new OperatorError(
    `${file} is not a whole backup of this platform: it is damaged, cut off, or something else. Nothing was changed.`,
    { cause },
  );
}

function isEnd(value: unknown): value is ArchiveEnd {
  return typeof value === 'object' && value !== null && 'sha256' in value && 'lines' in value;
}

function lineOf(value: unknown, file: string): ArchiveLine {
  if (typeof value !== 'object' || value === null) throw damaged(file);
  if ('table' in value && 'rows' in value && typeof value.rows === 'string')
    return { table: String(value.table), rows: value.rows };
  if ('file' in value && 'base64' in value) return { file: String(value.file), base64: String(value.base64) };
  if (!('jangteoBackup' in value) || value.jangteoBackup !== 1) throw damaged(file);
  if (!('migrations' in value) || !Array.isArray(value.migrations)) throw damaged(file);
  return {
    jangteoBackup: 1,
    createdAt: 'createdAt' in value ? String(value.createdAt) : '',
    migrations: value.migrations.map(String),
    hasChain: 'hasChain' in value && value.hasChain === true,
  };
}
