import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { codeOf, messageOf, OperatorError } from '#platform';
import { isDiskFull } from '../platform/explain.js';
import { parseLine, type ArchiveHead, type ArchiveLine } from './archive-lines.js';

/** A file that is no backup may be one endless line; rows of issue lists and acts have a few megabytes. */
const LINE_BYTES_MAX = 256 * 2 ** 20;
const NEW_LINE = 0x0a;
/** SHA-256 in hexadecimal digits, so that a shell can compare it: docs/operations.md. */
const DIGEST_BYTES = 64;

/**
 * Writes lines of JSON, compressed, and after them the digest of all bytes before it: 64 hexadecimal digits, SHA-256.
 * The file has its name only once it is whole and on disk; it can be read by its owner alone, because it holds keys.
 *
 * @returns the digest
 * @throws OperatorError when the file can't be written; then nothing is left of it
 */
export async function writeArchive(file: string, lines: AsyncIterable<ArchiveLine>): Promise<string> {
  const temporary = `${file}.${process.pid}.tmp`;
  const hash = createHash('sha256');
  let digest = '';
  async function* text(): AsyncGenerator<string> {
    for await (const line of lines) yield `${JSON.stringify(line)}\n`;
  }
  async function* withDigest(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer | string> {
    for await (const chunk of content) {
      hash.update(chunk);
      yield chunk;
    }
    digest = hash.digest('hex');
    yield digest;
  }
  try {
    const target = createWriteStream(temporary, { mode: 0o600 });
    await pipeline(Readable.from(text()), createGzip(), withDigest, target);
    const handle = await open(temporary, 'r');
    await handle.sync().finally(() => handle.close());
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof OperatorError) throw error;
    const why = isDiskFull(error) ? `the disk that holds ${file} is full` : messageOf(error);
    throw new OperatorError(`No backup was written: ${why}.`, { cause: error });
  }
  return digest;
}

/**
 * Reads an archive line by line, and compares its digest at the end. Whoever acts on the lines has read the whole file
 * once before (see verifyArchive), and makes nothing visible before this reading has ended as well.
 *
 * @throws OperatorError when it is no backup, or any byte of it is missing, added or another
 */
export async function* readArchive(file: string): AsyncGenerator<ArchiveLine> {
  const read = { lines: 0, isWhole: false };
  const plain = createGunzip();
  async function* content(): AsyncGenerator<Buffer> {
    yield* contentOf(file);
    read.isWhole = true;
  }
  // The reader below gets what fails in here.
  const unpacked = pipeline(content, plain).catch(() => undefined);
  try {
    for await (const line of linesOf(plain)) {
      const value = parseLine(line.toString('utf8'));
      if (value === undefined || (read.lines === 0) !== 'jangteoBackup' in value) throw damaged(file);
      read.lines += 1;
      yield value;
    }
    // What follows the compressed lines ends them early, before the digest is reached.
    if (!read.isWhole) throw damaged(file);
  } catch (error) {
    throw error instanceof OperatorError ? error : unreadable(file, error);
  } finally {
    plain.destroy();
    await unpacked;
  }
}

/** Everything before the digest; ends only when the digest is right. */
async function* contentOf(file: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let held = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a file gave something else than bytes');
    const known = Buffer.concat([held, chunk]);
    const content = known.subarray(0, Math.max(0, known.length - DIGEST_BYTES));
    held = known.subarray(content.length);
    hash.update(content);
    if (content.length > 0) yield content;
  }
  if (held.toString('latin1') !== hash.digest('hex')) throw damaged(file);
}

/**
 * Reads the whole file without doing anything with it.
 *
 * @returns its first line
 * @throws OperatorError when it is no whole backup, as readArchive
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
    `${file} is not a whole backup of this platform: it is damaged, cut off, of an earlier release, or something else.`,
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
