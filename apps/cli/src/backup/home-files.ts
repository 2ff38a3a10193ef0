import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, isRunning, OperatorError, syncFolder } from '#platform';
import type { FilePiece } from './archive-lines.js';

/**
 * What a home has besides: the database, which is copied as rows, and what belongs to processes that run. Everything
 * else is part of a backup, so that a new kind of file can't be forgotten.
 */
const LEFT_OUT =
  /^(postgres|run|logs|lost\+found|jangteo-home\.json|restore-unfinished\.json)($|\/)|^chain\/(port|(node|saver|status)\.json)$|\.tmp$/;
const CHAIN = /^chain\//;
const JOURNAL = /^chain\/journal\//;
/** Each is written once, before its row: the rows of the backup have theirs, and need no later ones. */
const STORED_FILE = /^files\//;
const PIECE_BYTES = 512 * 1024;
const ATTEMPTS_MAX = 10;
const STAGING = /^backup-(\d+)$/;

/** Whether a backup holds a file of this name. @param name below the home, with slashes */
export function isInBackup(name: string): boolean {
  return name === path.posix.normalize(name) && !/^(\/|\.\.(\/|$))/.test(name) && !LEFT_OUT.test(name);
}

/** Names below the home, with slashes, folder by folder. A snapshot's files come before the journal's, which goes on. */
async function filesOf(home: string, withChain: boolean, folder = ''): Promise<string[]> {
  const names: string[] = [];
  const entries = await readdir(path.join(home, folder)).catch(() => []);
  for (const entry of entries.sort(journalLast)) {
    const name = path.posix.join(folder, entry);
    if (LEFT_OUT.test(name) || (!withChain && CHAIN.test(`${name}/`))) continue;
    // Links are followed: keys may lie on another disk.
    const info = await stat(path.join(home, name)).catch(() => undefined);
    if (info?.isFile() === true) names.push(name);
    if (info?.isDirectory() === true) names.push(...(await filesOf(home, withChain, name)));
  }
  return names;
}

const journalLast = (one: string, other: string) =>
  Number(one === 'journal') - Number(other === 'journal') || (one < other ? -1 : 1);

/**
 * The home's files as of one moment, while the chain goes on: second names (hard links) for files that are only ever
 * replaced or added to. What is added to the journal later does no harm.
 */
export class HomeCopy {
  private constructor(
    private readonly folder: string,
    readonly names: readonly string[],
  ) {}

  /** @throws OperatorError when the files are replaced faster than they can be named */
  static async take(home: string, withChain: boolean): Promise<HomeCopy> {
    const run = path.join(home, 'run');
    await mkdir(run, { recursive: true });
    for (const name of await readdir(run)) {
      const pid = Number(STAGING.exec(name)?.[1]);
      if (pid > 0 && (pid === process.pid || !isRunning({ pid })))
        await rm(path.join(run, name), { recursive: true });
    }
    const folder = path.join(run, `backup-${process.pid}`);
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const names = await filesOf(home, withChain);
      const isWhole = await linkAll(home, folder, names);
      const taken = new Set(names);
      const after = await filesOf(home, withChain);
      if (isWhole && after.every((name) => taken.has(name) || JOURNAL.test(name) || STORED_FILE.test(name)))
        return new HomeCopy(folder, names);
      await rm(folder, { recursive: true, force: true });
    }
    throw new OperatorError('The chain’s files change too fast to be copied; try again.');
  }

  /** Their content; what the journal got meanwhile may be there as well. */
  async *pieces(): AsyncGenerator<FilePiece> {
    for (const file of this.names) {
      let pieces = 0;
      const content = createReadStream(path.join(this.folder, file), { highWaterMark: PIECE_BYTES });
      for await (const chunk of content) {
        if (!Buffer.isBuffer(chunk)) throw new Error('a file gave something else than bytes');
        pieces += 1;
        yield { file, base64: chunk.toString('base64') };
      }
      if (pieces === 0) yield { file, base64: '' };
    }
  }

  /** Takes the second names away. */
  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** @returns false when a file has gone meanwhile */
async function linkAll(home: string, folder: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const [from, to] = [path.join(home, name), path.join(folder, name)];
    await mkdir(path.dirname(to), { recursive: true });
    try {
      // Another disk, or one without links: a copy.
      await link(from, to).catch(() => copyFile(from, to));
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      return false;
    }
  }
  return true;
}

/** Writes the pieces of files one after the other. */
export class HomeWriter {
  private readonly folders = new Set<string>();
  private current: { readonly file: string; readonly handle: FileHandle } | undefined;

  constructor(private readonly home: string) {}

  /** @throws OperatorError when a backup has no business with such a file */
  async write({ file, base64 }: FilePiece): Promise<void> {
    if (!isInBackup(file)) throw new OperatorError(`The backup has a file that belongs to no home: ${file}.`);
    if (this.current?.file !== file) {
      await this.finishFile();
      const target = path.join(this.home, file);
      await mkdir(path.dirname(target), { recursive: true });
      this.folders.add(path.dirname(target));
      this.current = { file, handle: await open(target, 'wx', 0o600) };
    }
    await this.current.handle.appendFile(Buffer.from(base64, 'base64'));
  }

  /** Everything is on the disk after that. */
  async finish(): Promise<void> {
    await this.finishFile();
    for (const folder of this.folders) await syncFolder(folder);
  }

  /** Closes what is open, whatever has become of it. */
  async close(): Promise<void> {
    await this.current?.handle.close().catch(() => undefined);
    this.current = undefined;
  }

  private async finishFile(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    if (current === undefined) return;
    await current.handle.sync().finally(() => current.handle.close());
  }
}
