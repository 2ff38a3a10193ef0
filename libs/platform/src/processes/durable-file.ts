import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './supervisor-log.js';

/**
 * Writes a file whole or not at all, and on disk before it returns: temporary file, fsync, rename, fsync of the
 * folder. A crash at any moment leaves the old or the new content.
 *
 * @param mode permission bits, default 0600
 */
export async function writeFileDurably(
  file: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  await placeFile(file, content, mode, (temporary) => rename(temporary, file));
}

/**
 * The same for a file that must not be there yet. Of several processes that try at once one succeeds, and the others
 * find its whole content.
 *
 * @returns false when the file exists; it is left as it is
 */
export async function createFileDurably(
  file: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<boolean> {
  try {
    await placeFile(file, content, mode, async (temporary) => {
      await link(temporary, file);
      await rm(temporary);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function placeFile(
  file: string,
  content: string | Uint8Array,
  mode: number,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Makes renames, creations and removals inside a folder durable. Does nothing where folders can't be opened. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Windows cannot open a folder for syncing; its renames are journalled by NTFS.
    if (process.platform !== 'win32') throw error;
  }
}

/** A file's text, or undefined when there is no such file. */
export async function readTextIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
