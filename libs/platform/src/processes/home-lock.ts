import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readTextIfPresent, writeFileDurably } from './durable-file.js';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';
import { OperatorError, codeOf } from './supervisor-log.js';

const MARKER = 'jangteo-home.json';
const ATTEMPTS_MAX = 50;

export interface HomeLock {
  /** Absolute path of the state folder. */
  readonly home: string;
  release(): Promise<void>;
}

/**
 * Takes a state folder for this process; only one launcher may work in it. A lock whose owner has ended is taken
 * over. Creates the folder and the marker by which `npm run reset` knows it as ours.
 *
 * @throws OperatorError when another launcher works there
 */
export async function lockHome(home: string): Promise<HomeLock> {
  const absolute = path.resolve(home);
  const file = path.join(absolute, 'run', 'launcher.pid');
  await mkdir(path.dirname(file), { recursive: true });
  if ((await readTextIfPresent(path.join(absolute, MARKER))) === undefined) {
    await writeFileDurably(path.join(absolute, MARKER), `${JSON.stringify({ product: 'jangteo' })}\n`, 0o644);
  }
  const text = JSON.stringify({ ...identify(process.pid), name: 'launcher' });
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (await create(file, text)) return { home: absolute, release: () => release(file, text) };
    const present = await readTextIfPresent(file);
    if (present === undefined) continue;
    const owner = parseIdentity(present);
    if (owner !== undefined && isRunning(owner)) {
      throw new OperatorError(
        `Another Jangteo (process ${owner.pid}) already runs in ${absolute}. Stop it, or set JANGTEO_HOME to another folder.`,
      );
    }
    await clearStale(file, present);
  }
  throw new OperatorError(`The lock ${file} cannot be taken; remove it if no Jangteo runs there.`);
}

/** Reads what `identify` wrote; undefined when the text is damaged. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
      return undefined;
    const startTicks =
      'startTicks' in value && typeof value.startTicks === 'string' ? value.startTicks : undefined;
    return { pid: value.pid, startTicks };
  } catch {
    return undefined;
  }
}

/** A link appears with its whole content or not at all. */
async function create(file: string, text: string): Promise<boolean> {
  const mine = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(mine, text);
    await link(mine, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
}

/** Moves a stale lock away; when another process replaced it in the meantime, that one is put back. */
async function clearStale(file: string, stale: string): Promise<void> {
  const aside = `${file}.${process.pid}.stale`;
  try {
    await rename(file, aside);
  } catch {
    return; // Another process was first.
  }
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(file: string, text: string): Promise<void> {
  if ((await readTextIfPresent(file)) === text) await rm(file, { force: true });
}
