import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { readTextIfPresent, syncFolder, writeFileDurably, type SupervisorLog } from '#platform';
import type { BlockHead } from './node-client.js';
import {
  describe,
  dumpFromFile,
  isIntact,
  PARTS,
  parseDescription,
  writeParts,
  type Part,
  type Snapshot,
} from './snapshot-parts.js';

export type { Snapshot } from './snapshot-parts.js';

const NAME = /^snapshot-(\d{12})\.json$/;
/** Of so many the state is kept; the history of all. */
const STATES_KEPT = 2;

/**
 * Stored states of the chain. The node's state is small, its history is not: so a snapshot holds the whole state, and
 * of blocks and transactions only those after the snapshot before (its base). Making one costs what came since, and
 * all of them together are what a node has to load.
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
    const snapshots = new Snapshots(folder, log);
    await snapshots.convertWhole();
    return snapshots;
  }

  /** Newest first, those that a node can start from. */
  async list(): Promise<Snapshot[]> {
    const names = new Set(await readdir(this.folder));
    const all = await this.described();
    return all.filter(({ block }) => names.has(this.name(block, 'state')));
  }

  /**
   * Stores what a node dumps that started from the state of `base` (undefined: from the first block) and was brought
   * to `head`. Keeps the state of this one and the one before.
   *
   * @param dump JSON of the node's state
   */
  async store(
    dump: AsyncIterable<unknown>,
    base: Snapshot | undefined,
    head: BlockHead,
    pending: readonly string[],
  ): Promise<Snapshot> {
    const known = await this.list();
    const parts = await writeParts(
      dump,
      { head: head.number, base: base?.block },
      (part) => `${this.file(head.number, part)}.tmp`,
      (part) => this.file(head.number, part),
    );
    await syncFolder(this.folder);
    const snapshot = {
      block: head.number,
      hash: head.hash,
      base: base?.block ?? null,
      pending,
      parts,
    };
    // The description comes last and whole: a snapshot exists when it is described.
    await writeFileDurably(this.descriptionFile(head.number), describe(snapshot));
    for (const { block } of known.slice(STATES_KEPT - 1)) await this.removeState(block);
    return snapshot;
  }

  /**
   * Writes what a node loads to have this snapshot's state: with all the history, or with its last block alone.
   *
   * @returns whether every part of it is there and unchanged
   */
  async compose(snapshot: Snapshot, file: string, history: 'all' | 'head'): Promise<boolean> {
    const line = await this.lineOf(snapshot);
    if (line === undefined) return false;
    const needed: [number, Part][] = [[snapshot.block, 'state']];
    if (history === 'head') needed.push([snapshot.block, 'head']);
    else for (const { block } of line) needed.push([block, 'blocks'], [block, 'transactions']);
    const described = new Map(line.map((one) => [one.block, one]));
    for (const [block, part] of needed) {
      const sum = described.get(block)?.parts[part];
      if (sum === undefined || !(await isIntact(this.file(block, part), sum))) {
        this.log('error', 'chain.snapshot_damaged', { block, part });
        return false;
      }
    }
    await pipeline(this.loadable(snapshot, history === 'head' ? undefined : line), createWriteStream(file));
    return true;
  }

  /** Forgets a snapshot and, as they lean on it, nothing else: whoever cuts the chain removes all above a block. */
  async remove(block: number): Promise<void> {
    await rm(this.descriptionFile(block), { force: true });
    for (const part of PARTS) await rm(this.file(block, part), { force: true });
  }

  /** Also those whose state is gone and whose history others lean on. Newest first. */
  async described(): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    for (const name of (await readdir(this.folder)).sort().reverse()) {
      if (!NAME.test(name)) continue;
      const snapshot = parseDescription(await readTextIfPresent(path.join(this.folder, name)));
      if (snapshot === undefined) this.log('warn', 'chain.snapshot_unreadable', { name });
      else if ('parts' in snapshot) found.push(snapshot);
    }
    return found;
  }

  /** A snapshot and those that it leans on; undefined when one is missing. */
  private async lineOf(snapshot: Snapshot): Promise<Snapshot[] | undefined> {
    const all = new Map((await this.described()).map((one) => [one.block, one]));
    const line = [snapshot];
    for (let { base } = snapshot; base !== null;) {
      const next = all.get(base);
      if (next === undefined || next.block >= (line.at(-1)?.block ?? 0)) {
        this.log('error', 'chain.snapshot_damaged', { block: base });
        return undefined;
      }
      line.push(next);
      base = next.base;
    }
    return line.reverse();
  }

  /** JSON as the node reads it. */
  private async *loadable(snapshot: Snapshot, line: readonly Snapshot[] | undefined): AsyncGenerator<Buffer> {
    yield Buffer.from('{');
    yield* this.text(snapshot.block, 'state');
    yield Buffer.from(',"blocks":[');
    if (line === undefined) yield* this.text(snapshot.block, 'head');
    else yield* this.texts(line, 'blocks');
    yield Buffer.from('],"transactions":[');
    if (line !== undefined) yield* this.texts(line, 'transactions');
    yield Buffer.from('],"historical_states":null}');
  }

  private async *texts(line: readonly Snapshot[], part: Part): AsyncGenerator<Buffer> {
    let first = true;
    for (const { block } of line) {
      let begun = false;
      for await (const chunk of this.text(block, part)) {
        if (!begun && !first) yield Buffer.from(',');
        [begun, first] = [true, false];
        yield chunk;
      }
    }
  }

  private async *text(block: number, part: Part): AsyncGenerator<Buffer> {
    const gunzip = createGunzip({ chunkSize: 1 << 18 });
    const source = createReadStream(this.file(block, part));
    source.once('error', (error) => gunzip.destroy(error));
    for await (const chunk of source.pipe(gunzip))
      if (Buffer.isBuffer(chunk) && chunk.length > 0) yield chunk;
  }

  /** Releases before this one stored the whole history in each snapshot. */
  private async convertWhole(): Promise<void> {
    for (const name of (await readdir(this.folder)).sort().reverse()) {
      if (!NAME.test(name)) continue;
      const text = await readTextIfPresent(path.join(this.folder, name));
      const whole = parseDescription(text);
      if (whole === undefined || 'parts' in whole) continue;
      const file = path.join(this.folder, name.replace(/json$/, 'state'));
      const isNewest = (await this.described()).every(({ block }) => block < whole.block);
      if (isNewest && (await isIntact(file, whole))) {
        const { block, hash, pending } = whole;
        const head = { number: block, hash, parentHash: '', timestamp: 0, transactions: [] };
        await this.store(dumpFromFile(file), undefined, head, pending);
      } else {
        await rm(path.join(this.folder, name), { force: true });
      }
      await rm(file, { force: true });
    }
  }

  private async removeState(block: number): Promise<void> {
    for (const part of ['state', 'head'] as const) await rm(this.file(block, part), { force: true });
  }

  private name(block: number, part: Part): string {
    return `snapshot-${String(block).padStart(12, '0')}.${part}.gz`;
  }

  private file(block: number, part: Part): string {
    return path.join(this.folder, this.name(block, part));
  }

  private descriptionFile(block: number): string {
    return path.join(this.folder, `snapshot-${String(block).padStart(12, '0')}.json`);
  }
}
