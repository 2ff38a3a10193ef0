import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { readTextIfPresent, syncFolder, writeFileDurably, type SupervisorLog } from '#platform';
import type { BlockHead } from './node-client.js';
import {
  describe,
  isIntact,
  PARTS,
  parseDescription,
  writeParts,
  type Part,
  type Snapshot,
} from './snapshot-parts.js';

export type { Snapshot } from './snapshot-parts.js';

const NAME = /^snapshot-(\d{12})\.json$/;
const FILE = /^snapshot-(\d{12})\./;
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
    return new Snapshots(folder, log);
  }

  /** Newest first, those that a node can start from. */
  async list(): Promise<Snapshot[]> {
    const names = new Set(await readdir(this.folder));
    const all = await this.described();
    return all.filter(({ block }) => names.has(this.name(block, 'state')));
  }

  /**
   * Stores what a node dumps that started from the state of `base` (undefined: from the first block) and was taken
   * to `head`. Nothing is forgotten yet: see `keepLineOf`.
   *
   * @param dump JSON of the node's state
   * @param at where that node is, normalised, and what it holds that is in no block
   */
  async store(
    dump: AsyncIterable<unknown>,
    base: Snapshot | undefined,
    at: { readonly head: BlockHead; readonly probe: string; readonly pending: readonly string[] },
  ): Promise<Snapshot> {
    const { head, probe, pending } = at;
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
      probe,
      base: base?.block ?? null,
      pending,
      parts,
    };
    // The description comes last and whole: a snapshot exists when it is described.
    await writeFileDurably(this.descriptionFile(head.number), describe(snapshot));
    return snapshot;
  }

  /**
   * Forgets what no start needs any more: of the snapshots whose history this one leans on, all states but the newest
   * two; of the others, such as those that did not continue the record or that another release made, everything.
   */
  async keepLineOf(snapshot: Snapshot): Promise<void> {
    const line = await this.lineOf(snapshot);
    if (line === undefined) throw new Error(`the snapshot of block ${snapshot.block} leans on missing ones`);
    const blocks = new Set(line.map(({ block }) => block));
    const withState = new Set(line.slice(-STATES_KEPT).map(({ block }) => block));
    for (const name of await readdir(this.folder)) {
      const block = Number(FILE.exec(name)?.[1] ?? NaN);
      if (Number.isNaN(block)) continue;
      const isState = /\.(state|head)\.gz$/.test(name);
      if (!blocks.has(block) || (isState && !withState.has(block)))
        await rm(path.join(this.folder, name), { force: true });
    }
  }

  /**
   * Writes what a node loads to have this snapshot's state: with all the history, or with the headers that
   * transactions can ask for.
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

  /** No start will use its state; its history stays, as later ones may lean on it. */
  async removeState(block: number): Promise<void> {
    for (const part of ['state', 'head'] as const) await rm(this.file(block, part), { force: true });
  }

  /** Forgets a snapshot and, though later ones lean on it, nothing else: for whoever removes those as well. */
  async remove(block: number): Promise<void> {
    await rm(this.descriptionFile(block), { force: true });
    for (const part of PARTS) await rm(this.file(block, part), { force: true });
  }

  /** Also those whose state is gone and whose history others lean on, none of other releases. Newest first. */
  async described(): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    for (const name of (await readdir(this.folder)).sort().reverse()) {
      if (!NAME.test(name)) continue;
      const snapshot = parseDescription(await readTextIfPresent(path.join(this.folder, name)));
      if (snapshot !== undefined) found.push(snapshot);
    }
    return found;
  }

  /** Blocks of descriptions that can't be read: torn, or of another release. Newest first. */
  async unreadable(): Promise<number[]> {
    const names = await readdir(this.folder);
    const known = new Set((await this.described()).map(({ block }) => block));
    const blocks = names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
    return blocks.filter((block) => !known.has(block)).sort((one, other) => other - one);
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
