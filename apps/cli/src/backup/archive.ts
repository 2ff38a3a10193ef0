import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { codeOf, messageOf, OperatorError } from '#platform';
import { isDiskFull } from '../platform/explain.js';
import { parseLine, type ArchiveEnd, type ArchiveHead, type ArchiveLine } from './archive-lines.js';

/** A file that is no backup may be one endless line; rows of issue lists and acts have a few megabytes. */
const LINE_BYTES_MAX = 256 * 2 ** 20;
const NEW_LINE = 0x0a;

/**
 * Writes lines of JSON, compressed, with their number and SHA-256 at the end. The file has its name only once it is
 * whole and on disk; it can be read by its owner alone, because it holds keys.
 *
 * @throws OperatorError when the file can't be written; then nothing is left of it
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
    if (error instanceof OperatorError) throw error;
    const why = isDiskFull(error) ? `the disk that holds ${file} is full` : messageOf(error);
    throw new OperatorError(`No backup was written: ${why}.`, { cause: error });
  }
  if (end === undefined) throw new Error('the archive has no end');
  return end;
}

/**
 * Reads an archive line by line; the last line is checked and not given. Whoever acts on the lines has read the whole
 * file once before (see verifyArchive), because only its end says that it is whole.
 *
 * @throws OperatorError when it is no backup, is cut off, or was changed
 */
export async function* readArchive(file: string): AsyncGenerator<ArchiveLine> {
  const hash = createHash('sha256');
  let count = 0;
  let end: ArchiveEnd | undefined;
  const source = createReadStream(file);
  const plain = createGunzip();
  // pipeline hands the source's error on to the reader below, which reports it.
  const piped = pipeline(source, plain).catch(() => undefined);
  try {
    for await (const line of linesOf(plain)) {
      const value = end === undefined ? parseLine(line.toString('utf8')) : undefined;
      if (value === undefined) throw damaged(file);
      if ('lines' in value) {
        if (value.lines !== count || value.sha256 !== hash.digest('hex')) throw damaged(file);
        end = value;
        continue;
      }
      if ((count === 0) !== 'jangteoBackup' in value) throw damaged(file);
      hash.update(line).update('\n');
      count += 1;
      yield value;
    }
  } catch (error) {
    throw error instanceof OperatorError ? error : unreadable(file, error);
  } finally {
    source.destroy();
    plain.destroy();
    await piped;
  }
  if (end === undefined) throw damaged(file);
}

/**
 * Reads the whole file without doing anything with it.
 *
 * @returns its first line
 * @throws OperatorError when it is no whole backup
 */
export async function verifyArchive(file: string): Promise<ArchiveHead> {
  let head: ArchiveHead | undefined;
  for await (const line of readArchive(file)) if ('jangteoBackup' in line) head = line;
  if (head === undefined) throw damaged(file);
  return head;
}

/** Not node:readline, which ends a line at U+2028 as well: a shop's name may have one. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEW_LINE); at !== -1; at = chunk.indexOf(NEW_LINE, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, at)]);
      [begun, size, from] = [[], 0, at + 1];
    }
    begun.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > LINE_BYTES_MAX) throw new Error('a line without end');
  }
  if (size > 0) yield Buffer.concat(begun);
}

function damaged(file: string, cause?: unknown): OperatorError {
  return new OperatorError(
    `${file} is not a whole backup of this platform: it is damaged, cut off, or something else.`,
    { cause },
  );
}

/** The file system's own errors say more than that the file is damaged. */
function unreadable(file: string, cause: unknown): OperatorError {
  const code = codeOf(cause) ?? '';
  if (code === 'ENOENT') return new OperatorError(`${file} is not there.`, { cause });
  if (code === 'EISDIR') return new OperatorError(`${file} is a folder, not a backup.`, { cause });
  if (['EACCES', 'EPERM', 'EIO'].includes(code))
    return new OperatorError(`${file} can’t be read: ${messageOf(cause)}.`, { cause });
  return damaged(file, cause);
}
