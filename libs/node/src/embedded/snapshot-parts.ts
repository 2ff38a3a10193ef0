import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { DumpSplitter, withoutTraces, withoutTransactions } from './dump-splitter.js';

/**
 * Files of a snapshot: accounts and block environment; the headers that BLOCKHASH reaches, all that a node without
 * readers needs; blocks and transactions since the base.
 */
export const PARTS = ['state', 'head', 'blocks', 'transactions'] as const;
export type Part = (typeof PARTS)[number];

export interface Sum {
  readonly sha256: string;
  /** Length of the file. */
  readonly bytes: number;
}

/** BLOCKHASH knows the hashes of so many blocks before its own. */
const HASHES_REACHED = 256;

/** What is known of a stored state. */
export interface Snapshot {
  readonly block: number;
  readonly hash: string;
  /** What `NodeTip.normalise` gave there: a node that loads the state has to give the same. */
  readonly probe: string;
  /** Block of the snapshot that its history follows; null = it begins with the first block. */
  readonly base: number | null;
  /** Accepted transactions that no block held yet (nonce gaps, full blocks), in order. */
  readonly pending: readonly string[];
  readonly parts: Readonly<Record<Part, Sum>>;
}

/** Fast rather than small: history of hex shrinks to a quarter with either. */
const GZIP_LEVEL = 1;

/**
 * Writes the parts of a dump, synced.
 *
 * @param range block of the snapshot, and of its base, whose blocks the dump may repeat
 */
export async function writeParts(
  dump: AsyncIterable<unknown>,
  range: { readonly head: number; readonly base: number | undefined },
  temporary: (part: Part) => string,
  final: (part: Part) => string,
): Promise<Record<Part, Sum>> {
  const files = await Promise.all(PARTS.map((part) => PartFile.create(temporary(part))));
  const [state, head, blocks, transactions] = files as [PartFile, PartFile, PartFile, PartFile];
  let heads = 0;
  const splitter = new DumpSplitter({
    onMember: (name, value) => {
      if (name !== 'historical_states') state.item(Buffer.concat([Buffer.from(`"${name}":`), value]));
    },
    onItem: (name, value) => {
      if (name === 'transactions') transactions.item(withoutTraces(value));
      if (name !== 'blocks') return;
      const number = blockNumberOf(value);
      if (number === range.head) heads += 1;
      if (number >= range.head - HASHES_REACHED) head.item(withoutTransactions(value));
      if (range.base === undefined || number > range.base) blocks.item(value);
    },
  });
  try {
    for await (const chunk of dump) {
      if (!Buffer.isBuffer(chunk)) continue;
      splitter.push(chunk);
      await Promise.all(files.map((file) => file.drained()));
    }
    splitter.finish();
    if (heads !== 1) throw new Error(`the dump has no block ${range.head}`);
    const sums = await Promise.all(files.map((file) => file.close()));
    for (const part of PARTS) await rename(temporary(part), final(part));
    const [stateSum, headSum, blocksSum, transactionsSum] = sums as [Sum, Sum, Sum, Sum];
    return { state: stateSum, head: headSum, blocks: blocksSum, transactions: transactionsSum };
  } catch (error) {
    await Promise.all(files.map((file) => file.abandon()));
    throw error;
  }
}

const NUMBER = Buffer.from('"number":"0x');

/** The number in a block's JSON: its header comes first, and nothing else in it is called so. */
function blockNumberOf(block: Buffer): number {
  const begin = block.indexOf(NUMBER);
  const end = block.indexOf('"', begin + NUMBER.length);
  const number = Number(block.subarray(begin + NUMBER.length - 2, end).toString('latin1'));
  if (begin === -1 || !Number.isSafeInteger(number)) throw new Error('the dump has a block without a number');
  return number;
}

/** Items, comma between them, compressed. */
class PartFile {
  items = 0;
  private bytes = 0;
  private readonly hash = createHash('sha256');
  private readonly gzip: Gzip = createGzip({ level: GZIP_LEVEL });
  private readonly written: Promise<void>;
  private isFull = false;

  private constructor(private readonly handle: FileHandle) {
    this.written = this.write();
    // Whoever closes hears of it; until then it must not count as unhandled.
    this.written.catch(() => undefined);
  }

  static async create(file: string): Promise<PartFile> {
    return new PartFile(await open(file, 'w', 0o600));
  }

  item(value: Buffer): void {
    if (this.items++ > 0) this.gzip.write(',');
    this.isFull = !this.gzip.write(value);
  }

  /** Resolves when more may be written. */
  async drained(): Promise<void> {
    if (!this.isFull) return;
    this.isFull = false;
    await Promise.race([new Promise<void>((resolve) => this.gzip.once('drain', resolve)), this.written]);
  }

  async close(): Promise<Sum> {
    this.gzip.end();
    await this.written;
    await this.handle.sync();
    await this.handle.close();
    return { sha256: this.hash.digest('hex'), bytes: this.bytes };
  }

  async abandon(): Promise<void> {
    this.gzip.destroy();
    await this.written.catch(() => undefined);
    await this.handle.close().catch(() => undefined);
  }

  private async write(): Promise<void> {
    for await (const chunk of this.gzip) {
      if (!Buffer.isBuffer(chunk)) continue;
      this.hash.update(chunk);
      this.bytes += chunk.length;
      await this.handle.appendFile(chunk);
    }
  }
}

/**
 * The JSON of a dump: the node gives it compressed and in hex, as a JSON string.
 *
 * @param answer pieces of hex with or without 0x, nothing else
 */
export async function* dumpOf(answer: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  const feed = (async () => {
    for await (const bytes of bytesOfHex(answer)) {
      if (!gunzip.write(bytes)) await new Promise((resolve) => gunzip.once('drain', resolve));
    }
    gunzip.end();
  })();
  feed.catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error(String(error))));
  for await (const chunk of gunzip) if (Buffer.isBuffer(chunk)) yield chunk;
  await feed;
}

async function* bytesOfHex(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = '';
  let begun = false;
  for await (const piece of pieces) {
    let text = rest + piece.toString('latin1');
    if (!begun && text.length < 2) {
      rest = text;
      continue;
    }
    if (!begun && text.startsWith('0x')) text = text.slice(2);
    begun = true;
    const even = text.length - (text.length % 2);
    rest = text.slice(even);
    yield Buffer.from(text.slice(0, even), 'hex');
  }
  if (rest !== '') throw new Error('the dump of the state is cut short');
}

/** Whether a file is as it was described. */
export async function isIntact(file: string, { sha256, bytes }: Sum): Promise<boolean> {
  const size = await stat(file).catch(() => undefined);
  if (size?.size !== bytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }))
    if (Buffer.isBuffer(chunk)) hash.update(chunk);
  return hash.digest('hex') === sha256;
}

/** The text of a snapshot's description, which says whether it is whole. */
export function describe(snapshot: Snapshot): string {
  const text = JSON.stringify(snapshot);
  return JSON.stringify({ text, check: digest(text) });
}

/** @returns undefined when it is unreadable or torn, or not of this release */
export function parseDescription(content: string | undefined): Snapshot | undefined {
  try {
    const outer: unknown = JSON.parse(content ?? '');
    if (typeof outer !== 'object' || outer === null || !('text' in outer) || !('check' in outer))
      return undefined;
    if (typeof outer.text !== 'string' || digest(outer.text) !== outer.check) return undefined;
    return parseText(JSON.parse(outer.text));
  } catch {
    return undefined;
  }
}

function parseText(value: unknown): Snapshot | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('block' in value) || !('hash' in value) || !('probe' in value) || !('base' in value))
    return undefined;
  const { block, hash, probe, base } = value;
  if (typeof block !== 'number' || typeof hash !== 'string' || typeof probe !== 'string') return undefined;
  if (typeof base !== 'number' && base !== null) return undefined;
  if (!('pending' in value) || !Array.isArray(value.pending) || !('parts' in value)) return undefined;
  const pending = value.pending.map(String);
  const given: unknown = value.parts;
  if (typeof given !== 'object' || given === null) return undefined;
  const [state, head, blocks, transactions] = PARTS.map((part) => parseSum(Reflect.get(given, part)));
  if (!state || !head || !blocks || !transactions) return undefined;
  return { block, hash, probe, base, pending, parts: { state, head, blocks, transactions } };
}

function parseSum(value: unknown): Sum | undefined {
  if (typeof value !== 'object' || value === null || !('sha256' in value) || !('bytes' in value))
    return undefined;
  const { sha256, bytes } = value;
  return typeof sha256 === 'string' && typeof bytes === 'number' ? { sha256, bytes } : undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
