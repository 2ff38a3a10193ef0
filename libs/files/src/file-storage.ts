import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, createFileDurably, syncFolder } from '#platform';

/** Where sealed contents lie. What is put is on safe ground when `put` returns, whole or not at all. */
export abstract class FileStorage {
  /** Keeps what is there already under the same name: it has the same content. */
  abstract put(name: string, sealed: Uint8Array): Promise<void>;
  /** @returns undefined when there is none */
  abstract get(name: string): Promise<Buffer | undefined>;
  /** Does nothing when there is none. */
  abstract remove(name: string): Promise<void>;
}

/** A folder of the home, which a backup of the home holds. */
export class DiskFileStorage extends FileStorage {
  constructor(private readonly folder: string) {
    super();
  }

  async put(name: string, sealed: Uint8Array): Promise<void> {
    await createFileDurably(this.fileOf(name), sealed);
  }

  async get(name: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.fileOf(name));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    const file = this.fileOf(name);
    try {
      await rm(file);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
    await syncFolder(path.dirname(file));
  }

  /** 256 folders, so that none has a million names. */
  private fileOf(name: string): string {
    if (!/^[0-9a-f]{64}$/.test(name)) throw new RangeError('not the name of a stored file');
    return path.join(this.folder, name.slice(0, 2), name);
  }
}
