import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, toBytes, toHex, type Transaction } from '#persistence';
import { FileStorage } from './file-storage.js';
import { readAccepted } from './file-types.js';
import { seal, unseal } from './seal.js';

/** What is known of a stored file. */
export interface StoredFile {
  /** Of its content: "0x" and 64 digits. */
  readonly sha256: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

export interface FileGiven {
  /** Media type; the content has to be one. */
  readonly type: string;
  /** Region code of the authority whose file it is. */
  readonly authority: string;
  /** Who stores it, for example `officer:3`. */
  readonly by: string;
}

/** Gives the 32 bytes that contents are sealed with. */
export abstract class FileKey {
  abstract key(): Promise<Buffer>;
}

/** A row without its content, or a content that is not what was stored: the disk or the key has changed. */
export class FileDamaged extends Error {
  constructor(sha256: string) {
    super(`the stored file ${sha256} is missing, was changed, or was sealed with another key`);
  }
}

/**
 * Files by the hash of their content, sealed where they lie. A content that is stored twice lies there once; each
 * authority sees its own files alone. The caller judges who may.
 */
@Injectable()
export class StoredFiles {
  constructor(
    private readonly db: Database,
    private readonly storage: FileStorage,
    @Inject(FileKey) private readonly keys: FileKey,
  ) {}

  /**
   * Stores a content of 16 MB at most (images: 4).
   *
   * @throws FileRefused when its type, its size or its beginning is not accepted
   */
  async store(content: AsyncIterable<Uint8Array>, given: FileGiven): Promise<StoredFile> {
    const { type, authority, by } = given;
    const bytes = await readAccepted(content, type);
    const hash = createHash('sha256').update(bytes).digest();
    const name = hash.toString('hex');
    const sealed = seal(await this.keys.key(), name, bytes);
    await this.db.transaction(async (tx) => {
      await lock(tx, name);
      await tx.query(
        `INSERT INTO app.stored_file (sha256, authority, type, size, stored_by) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (sha256, authority) DO NOTHING`,
        [hash, authority, type, bytes.length, by],
      );
      // Before the commit: a row that can be seen has its content, also in a backup that is made meanwhile.
      await this.storage.put(name, sealed);
    });
    return { sha256: toHex(hash), type, size: bytes.length };
  }

  /**
   * The content of an authority's file, compared with its hash.
   *
   * @returns undefined when the authority has no such file
   * @throws FileDamaged when the content is not what was stored
   */
  async open(
    sha256: string,
    authority: string,
  ): Promise<{ readonly file: StoredFile; readonly content: Buffer } | undefined> {
    const hash = toBytes(sha256);
    const [row] = await this.db.query<{ type: string; size: number }>(
      'SELECT type, size FROM app.stored_file WHERE sha256 = $1 AND authority = $2',
      [hash, authority],
    );
    if (row === undefined) return undefined;
    const name = hash.toString('hex');
    const sealed = await this.storage.get(name);
    const content = sealed === undefined ? undefined : unseal(await this.keys.key(), name, sealed);
    if (content === undefined || !createHash('sha256').update(content).digest().equals(hash))
      throw new FileDamaged(sha256);
    return { file: { sha256, type: row.type, size: row.size }, content };
  }

  /**
   * Forgets an authority's file; the content goes with the last authority that has it.
   *
   * @returns false when the authority has no such file
   */
  async delete(sha256: string, authority: string): Promise<boolean> {
    const hash = toBytes(sha256);
    const name = hash.toString('hex');
    return this.db.transaction(async (tx) => {
      await lock(tx, name);
      const gone = await tx.query(
        'DELETE FROM app.stored_file WHERE sha256 = $1 AND authority = $2 RETURNING type',
        [hash, authority],
      );
      const left = await tx.query('SELECT FROM app.stored_file WHERE sha256 = $1 LIMIT 1', [hash]);
      if (left.length === 0) await this.storage.remove(name);
      return gone.length > 0;
    });
  }
}

/** Whoever stores and whoever deletes the same content wait for each other. */
async function lock(tx: Transaction, name: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`file ${name}`]);
}
