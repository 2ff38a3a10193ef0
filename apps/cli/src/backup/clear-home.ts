import { lstat, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { clearOrphanedNode } from '#node';
import { clearOrphanedPostgres } from '#persistence';
import { OperatorError, type SupervisorLog } from '#platform';
import { findUnfinished, unmarkUnfinished } from '../platform/unfinished.js';

/** What the lock of a home and the log of a command make, and a disk's own folder: a home with nothing else is empty. */
const NOTHING = new Set(['run', 'logs', 'jangteo-home.json', 'lost+found']);

/** How a home was before a restore. */
export class HomeBefore {
  private constructor(
    private readonly home: string,
    /** An earlier restore did not end here; it may be cleared. */
    readonly wasHalfRestored: boolean,
    /** Undefined when the folder was not there. */
    private readonly names: readonly string[] | undefined,
  ) {}

  /** @throws OperatorError when the home has anything that a backup or a platform would write */
  static async look(home: string): Promise<HomeBefore> {
    const names = await readdir(home).catch(() => undefined);
    if ((await findUnfinished(home)) !== undefined) return new HomeBefore(home, true, names);
    const found = (names ?? []).filter((name) => !NOTHING.has(name)).sort();
    if (found.length === 0) return new HomeBefore(home, false, names);
    throw new OperatorError(
      `${home} is in use (${found.slice(0, 3).join(', ')}): restore into an empty folder, JANGTEO_HOME=<folder>.`,
    );
  }

  /** Takes away what lock and log left, once the lock is released. */
  async leaveAsItWas(): Promise<void> {
    if (this.wasHalfRestored) return;
    for (const name of ['jangteo-home.json', 'logs']) {
      if (this.names?.includes(name) !== true)
        await rm(path.join(this.home, name), { recursive: true, force: true });
    }
    // Only empty folders: another process may have taken the home meanwhile.
    if (this.names?.includes('run') !== true) await rmdir(path.join(this.home, 'run')).catch(() => undefined);
    if (this.names === undefined) await rmdir(this.home).catch(() => undefined);
  }
}

/**
 * Empties a home of all but its lock and logs, ends what still runs in it, and takes the mark of an unfinished restore
 * away last. For whoever holds the lock.
 */
export async function clearHome(home: string, log: SupervisorLog): Promise<void> {
  for (const record of ['node.json', 'saver.json'])
    await clearOrphanedNode(path.join(home, 'chain', record), log);
  for (const name of await readdir(home)) {
    if (NOTHING.has(name) || name === 'restore-unfinished.json') continue;
    const entry = path.join(home, name);
    if (name === 'postgres') await removeDatabase(entry, log);
    else await rm(entry, { recursive: true, force: true });
  }
  await unmarkUnfinished(home);
}

/** The database lies elsewhere when its account can't enter the home. */
async function removeDatabase(entry: string, log: SupervisorLog): Promise<void> {
  const isLink = (await lstat(entry)).isSymbolicLink();
  const folder = await realpath(entry).catch(() => entry);
  await clearOrphanedPostgres(path.join(folder, 'data'), log);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  if (isLink) await rm(entry, { force: true });
}
