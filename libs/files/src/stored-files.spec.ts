import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createMigratedDatabase, type MigratedDatabase } from '../../../test/support/database.js';
import { DiskFileStorage, FileDamaged, KeystoreFileKey, StoredFiles } from './index.js';

const [POHANG, PROVINCE] = ['4711', '47'];
const CSV = { type: 'text/csv', authority: POHANG, by: 'officer:1' };

describe('stored files', () => {
  let database: MigratedDatabase;
  let home: string;
  let files: StoredFiles;

  const filesOf = (where: string) =>
    new StoredFiles(
      database.db,
      new DiskFileStorage(path.join(home, 'files')),
      new KeystoreFileKey({ home: where, keystorePassword: undefined }),
    );
  const contentOf = (text: string | Buffer) => Readable.from([Buffer.from(text)]);
  const fileOf = (sha256: string) => path.join(home, 'files', sha256.slice(2, 4), sha256.slice(2));

  async function onDisk(): Promise<string[]> {
    const names = await readdir(path.join(home, 'files'), { recursive: true, withFileTypes: true });
    return names.filter((entry) => entry.isFile()).map(({ name }) => `0x${name}`);
  }

  beforeAll(async () => {
    database = await createMigratedDatabase();
    home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-files-'));
    files = filesOf(home);
  });
  afterAll(async () => {
    await database?.drop();
    await rm(home, { recursive: true, force: true });
  });

  it('come back as they were, to another process of the same home as well, and lie on the disk sealed', async () => {
    const stored = await files.store(contentOf('name,amount\n김하나,1000\n'), CSV);
    expect(stored).toEqual({ sha256: expect.stringMatching(/^0x[0-9a-f]{64}$/), type: 'text/csv', size: 27 });
    const opened = await filesOf(home).open(stored.sha256, POHANG);
    expect(opened?.file).toEqual(stored);
    expect(opened?.content.toString()).toBe('name,amount\n김하나,1000\n');
    expect((await readFile(fileOf(stored.sha256))).includes('amount')).toBe(false);
  });

  it('lie there once for several authorities, of which each has its own, until the last one deletes it', async () => {
    const given = [CSV, { ...CSV, authority: PROVINCE }, CSV];
    const stored = await Promise.all(given.map((one) => files.store(contentOf('a,b\n'), one)));
    const [{ sha256 } = { sha256: '' }] = stored;
    expect(new Set(stored.map((one) => one.sha256)).size).toBe(1);
    expect((await onDisk()).filter((name) => name === sha256)).toHaveLength(1);
    expect(await files.open(sha256, '48')).toBeUndefined();
    expect(await files.delete(sha256, POHANG)).toBe(true);
    expect(await files.open(sha256, POHANG)).toBeUndefined();
    expect((await files.open(sha256, PROVINCE))?.content.toString()).toBe('a,b\n');
    expect(await files.delete(sha256, PROVINCE)).toBe(true);
    expect(await onDisk()).not.toContain(sha256);
    expect(await files.delete(sha256, PROVINCE)).toBe(false);
  });

  it('that were changed, exchanged, lost or sealed with another key are not given out', async () => {
    const { sha256 } = await files.store(contentOf('one'), CSV);
    const other = await files.store(contentOf('two'), CSV);
    const sealed = await readFile(fileOf(sha256));
    const flipped = Buffer.from(sealed);
    flipped.writeUInt8(flipped.readUInt8(flipped.length - 20) ^ 1, flipped.length - 20);
    for (const damage of [flipped, sealed.subarray(0, 5), await readFile(fileOf(other.sha256))]) {
      await writeFile(fileOf(sha256), damage);
      await expect(files.open(sha256, POHANG)).rejects.toThrow(FileDamaged);
    }
    await rm(fileOf(sha256));
    await expect(files.open(sha256, POHANG)).rejects.toThrow(FileDamaged);
    await writeFile(fileOf(sha256), sealed);
    expect((await files.open(sha256, POHANG))?.content.toString()).toBe('one');
    await expect(filesOf(path.join(home, 'elsewhere')).open(sha256, POHANG)).rejects.toThrow(FileDamaged);
  });

  it.each([
    ['text/html', '<b>', 'file_type_not_accepted'],
    ['constructor', 'x', 'file_type_not_accepted'],
    ['text/csv', '', 'file_empty'],
    ['image/png', '<svg/>', 'file_is_another_type'],
    ['application/pdf', 'MZ', 'file_is_another_type'],
  ])('of type %s with the content "%s" are refused: %s', async (type, content, code) => {
    const before = await onDisk();
    await expect(files.store(contentOf(content), { ...CSV, type })).rejects.toMatchObject({ code });
    expect(await onDisk()).toEqual(before);
  });

  it('that never end are refused at their limit', async () => {
    let read = 0;
    async function* endless() {
      for (;;) {
        read += 2 ** 20;
        yield Buffer.alloc(2 ** 20, 'a');
      }
    }
    await expect(files.store(endless(), CSV)).rejects.toMatchObject({ code: 'file_too_large' });
    expect(read).toBe(17 * 2 ** 20);
  });
});
