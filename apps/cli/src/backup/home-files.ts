import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError, syncFolder } from '#platform';
import type { FilePiece } from './archive.js';

/** Keys of relayers and genesis officers, what the demo knows of its people. */
const SINGLE = /^(genesis-officers|demo[\w-]*)\.json$/;
const CHAIN_ENTRIES = ['chain.json', 'snapshots', 'journal'];
const PIECE_BYTES = 512 * 1024;
const COPIES_MAX = 5;

/** The files that belong to a backup. Snapshots come before the journal, which goes on from them. */
async function filesOf(home: string, withChain: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const name of await list(home)) if (SINGLE.test(name)) found.push(name);
  for (const name of await list(path.join(home, 'keys'))) found.push(path.join('keys', name));
  if (!withChain) return found;
  for (const entry of CHAIN_ENTRIES) {
    const place = path.join('chain', entry);
    const info = await stat(path.join(home, place)).catch(() => undefined);
    if (info?.isFile()) found.push(place);
    if (info?.isDirectory())
      for (const name of await list(path.join(home, place))) found.push(path.join(place, name));
  }
  return found.filter((name) => !name.endsWith('.tmp'));
}

/**
 * Reads the home's files while the chain may go on: blocks that are added meanwhile do no harm, a snapshot that is
 * replaced meanwhile makes it begin again.
 */
export async function copyHomeFiles(home: string, withChain: boolean): Promise<Map<string, Buffer>> {
  for (let attempt = 1; ; attempt++) {
    const names = await filesOf(home, withChain);
    const contents = new Map<string, Buffer>();
    let whole = true;
    for (const name of names) {
      const content = await readFile(path.join(home, name)).catch(() => undefined);
      if (content === undefined) whole = false;
      else contents.set(name, content);
    }
    const after = new Set(await filesOf(home, withChain));
    const missed = [...after].filter((name) => !contents.has(name) && !name.includes('journal'));
    if (whole && missed.length === 0) return contents;
    if (attempt === COPIES_MAX)
      throw new OperatorError('The chain’s files change too fast to be copied; try again.');
  }
}

export function* piecesOf(contents: ReadonlyMap<string, Buffer>): Generator<FilePiece> {
  for (const [file, content] of contents) {
    for (let at = 0; at === 0 || at < content.length; at += PIECE_BYTES)
      yield { file, base64: content.subarray(at, at + PIECE_BYTES).toString('base64') };
  }
}

/** @throws OperatorError when the home has anything that a backup would bring */
export async function requireEmptyHome(home: string): Promise<void> {
  const found = await filesOf(home, true);
  const database = await stat(path.join(home, 'postgres', 'data')).catch(() => undefined);
  if (found.length === 0 && database === undefined) return;
  throw new OperatorError(
    `${home} is in use (${found[0] ?? 'postgres/data'}): restore into an empty folder, JANGTEO_HOME=<folder>.`,
  );
}

/** Writes pieces as they come. */
export class HomeWriter {
  private readonly folders = new Set<string>();

  constructor(private readonly home: string) {}

  async write({ file, base64 }: FilePiece): Promise<void> {
    const target = path.resolve(this.home, file);
    if (!target.startsWith(`${path.resolve(this.home)}${path.sep}`))
      throw new OperatorError(`The backup wants to write outside of its home: ${file}.`);
    const folder = path.dirname(target);
    await mkdir(folder, { recursive: true });
    this.folders.add(folder);
    const handle = await open(target, 'a', 0o600);
    try {
      await handle.appendFile(Buffer.from(base64, 'base64'));
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async finish(): Promise<void> {
    for (const folder of this.folders) await syncFolder(folder);
  }
}

async function list(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}
