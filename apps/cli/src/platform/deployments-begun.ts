import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readTextIfPresent, syncFolder, writeFileDurably } from '#platform';

/**
 * Contracts that a home began to deploy and has not stored yet: written down before, so that a crash in between leaves
 * nothing that looks like another database's contracts.
 */
export class DeploymentsBegun {
  private readonly file: string;

  constructor(home: string) {
    this.file = path.join(home, 'run', 'deploying.json');
  }

  /** Addresses of Authorities, lower case. */
  async list(): Promise<string[]> {
    const text = await readTextIfPresent(this.file);
    const value: unknown = text === undefined ? [] : JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** On the disk when it returns. */
  async add(authorities: string): Promise<void> {
    await writeFileDurably(this.file, JSON.stringify([...(await this.list()), authorities.toLowerCase()]));
  }

  /** The database knows its contracts, or nothing was ever sent. */
  async forget(): Promise<void> {
    if ((await readTextIfPresent(this.file)) === undefined) return;
    await rm(this.file, { force: true });
    await syncFolder(path.dirname(this.file));
  }
}
