import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { readTextIfPresent, syncFolder, writeFileDurably, type SupervisorLog } from '#platform';
import { NodeGone, type BlockHead, type NodeClient } from './node-client.js';

/** What is known of a stored state. */
export interface Snapshot {
  readonly block: number;
  readonly hash: string;
  /** Accepted transactions that no block held yet (nonce gaps, full blocks), in order. */
  readonly pending: readonly string[];
  /** SHA-256 and length of the state file. */
  readonly sha256: string;
  readonly bytes: number;
}

const NAME = /^snapshot-(\d{12})\.json$/;
const KEPT = 2;
const DUMP_BODY = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"anvil_dumpState","params":[]}');
const LOAD_HEAD = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"anvil_loadState","params":["');
const LOAD_TAIL = Buffer.from('"]}');

/**
 * Stored states of the chain. anvil's dump holds state, blocks, transactions, receipts and logs of the whole
 * history, so everything but historical `eth_call` survives a restart (measured with anvil 1.7.1). It is streamed
 * to a file, since a string ends at 512 MB.
 */
export class Snapshots {
  private constructor(
    private readonly folder: string,
    private readonly log: SupervisorLog,
  ) {}

  static async open(folder: string, log: SupervisorLog): Promise<Snapshots> {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      if (name.endsWith('.tmp')) await rm(path.join(folder, name), { force: true });
    }
    return new Snapshots(folder, log);
  }

  /** Newest first; those whose description is unreadable are left out. */
  async list(): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    for (const name of (await readdir(this.folder)).sort().reverse()) {
      if (!NAME.test(name)) continue;
      const snapshot = parse(await readTextIfPresent(path.join(this.folder, name)));
      if (snapshot === undefined) this.log('warn', 'chain.snapshot_unreadable', { name });
      else found.push(snapshot);
    }
    return found;
  }

  /** Stores the node's present state, which must be that of `head`. Keeps this one and the one before. */
  async take(client: NodeClient, head: BlockHead, pending: readonly string[]): Promise<Snapshot> {
    const temporary = path.join(this.folder, `state-${head.number}.tmp`);
    const { sha256, bytes } = await writeDump(client, temporary);
    await rename(temporary, this.stateFile(head.number));
    await syncFolder(this.folder);
    const snapshot = { block: head.number, hash: head.hash, pending, sha256, bytes };
    const text = JSON.stringify(snapshot);
    // The description comes last and whole: a snapshot exists when it is described.
    await writeFileDurably(this.descriptionFile(head.number), JSON.stringify({ text, check: digest(text) }));
    for (const old of (await this.list()).slice(KEPT)) await this.remove(old.block);
    return snapshot;
  }

  /** @returns whether the file is unchanged and the node took it */
  async load(client: NodeClient, snapshot: Snapshot): Promise<boolean> {
    const file = this.stateFile(snapshot.block);
    const size = await stat(file).catch(() => undefined);
    if (size?.size !== snapshot.bytes || (await fileDigest(file)) !== snapshot.sha256) return false;
    const length = LOAD_HEAD.length + snapshot.bytes + LOAD_TAIL.length;
    const answer = await readAll(await client.stream(loadBody(file), length));
    if (!/"result"\s*:\s*true/.test(answer)) {
      this.log('error', 'chain.snapshot_refused', { block: snapshot.block, answer: answer.slice(0, 200) });
      return false;
    }
    const head = await client.block('latest');
    return head.number === snapshot.block && head.hash === snapshot.hash;
  }

  async remove(block: number): Promise<void> {
    await rm(this.descriptionFile(block), { force: true });
    await rm(this.stateFile(block), { force: true });
  }

  private stateFile(block: number): string {
    return path.join(this.folder, `snapshot-${String(block).padStart(12, '0')}.state`);
  }

  private descriptionFile(block: number): string {
    return path.join(this.folder, `snapshot-${String(block).padStart(12, '0')}.json`);
  }
}

/** Writes the `result` string of the answer, without its quotes, and syncs it. */
async function writeDump(client: NodeClient, file: string): Promise<{ sha256: string; bytes: number }> {
  const response = await client.stream([DUMP_BODY], DUMP_BODY.length);
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(file, 'w', 0o600);
  try {
    for await (const part of resultString(response)) {
      hash.update(part);
      bytes += part.length;
      await handle.appendFile(part);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function* resultString(response: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  const opening = Buffer.from('"result":"');
  let before: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    let part = chunk;
    if (before !== undefined) {
      before = Buffer.concat([before, chunk]);
      const at = before.indexOf(opening);
      if (at === -1) continue;
      part = before.subarray(at + opening.length);
      before = undefined;
    }
    const end = part.indexOf('"');
    if (end === -1) {
      yield part;
    } else {
      yield part.subarray(0, end);
      return;
    }
  }
  throw new NodeGone('the dump of the state was broken off');
}

async function* loadBody(file: string): AsyncGenerator<Buffer> {
  yield LOAD_HEAD;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }))
    if (Buffer.isBuffer(chunk)) yield chunk;
  yield LOAD_TAIL;
}

async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }))
    if (Buffer.isBuffer(chunk)) hash.update(chunk);
  return hash.digest('hex');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parse(content: string | undefined): Snapshot | undefined {
  try {
    const outer: unknown = JSON.parse(content ?? '');
    if (typeof outer !== 'object' || outer === null || !('text' in outer) || !('check' in outer))
      return undefined;
    if (typeof outer.text !== 'string' || digest(outer.text) !== outer.check) return undefined;
    const value: unknown = JSON.parse(outer.text);
    if (typeof value !== 'object' || value === null) return undefined;
    if (!('block' in value) || !('hash' in value) || !('pending' in value) || !('sha256' in value))
      return undefined;
    if (!('bytes' in value) || typeof value.block !== 'number' || typeof value.hash !== 'string')
      return undefined;
    if (!Array.isArray(value.pending) || typeof value.sha256 !== 'string' || typeof value.bytes !== 'number')
      return undefined;
    const { block, hash, sha256, bytes } = value;
    return { block, hash, pending: value.pending.map(String), sha256, bytes };
  } catch {
    return undefined;
  }
}
