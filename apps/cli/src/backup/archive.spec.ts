import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { readArchive, verifyArchive, writeArchive } from './archive.js';
import type { ArchiveLine } from './archive-lines.js';

/** What a file is read by at a time. */
const READ_BYTES = 64 * 1024;
const HEAD = {
  jangteoBackup: 3,
  createdAt: '2026-11-30T00:00:00.000Z',
  migrations: ['One'],
  hasChain: true,
} as const;
const LINES: readonly ArchiveLine[] = [
  HEAD,
  { table: 'app.shop', columns: ['id', '"select"'] },
  // Line ends of Unicode, quotes and escapes are part of the rows.
  { rows: '1\t가게 \u2028 \u2029 \u0085 "\\\\" \\N\n2\t\\t\\n\n' },
  { endOf: 'app.shop', count: 2, sha256: 'a'.repeat(64) },
  { sequence: 'app.shop_id_seq', next: '3' },
  { file: 'keys/one.json', base64: 'AAEC' },
];

describe('a backup’s file', () => {
  let folder = '';
  beforeAll(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'jangteo-archive-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const at = (name: string) => path.join(folder, name);
  const written = async (lines: readonly ArchiveLine[] = LINES, name = 'file') => {
    await rm(at(name), { force: true });
    return writeArchive(at(name), asyncOf(lines));
  };
  const read = async (name = 'file') => {
    const lines: ArchiveLine[] = [];
    for await (const line of readArchive(at(name))) lines.push(line);
    return lines;
  };
  const refused = (bytes: Uint8Array) => {
    writeFileSync(at('changed'), bytes);
    return expect(verifyArchive(at('changed'))).rejects.toThrow('is not a whole backup');
  };
  const changedAt = (bytes: Buffer, place: number, change: number) => {
    const changed = Buffer.from(bytes);
    changed[place] = (changed[place] ?? 0) ^ change;
    return changed;
  };

  it('gives what was written, ends with the digest of all before, and only its owner may read it', async () => {
    const digest = await written();
    expect(await read()).toEqual(LINES);
    expect(await verifyArchive(at('file'))).toEqual(HEAD);
    expect(statSync(at('file')).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(at('file'));
    expect(bytes.subarray(-64).toString()).toBe(digest);
    expect(digest).toBe(sha256(bytes.subarray(0, -64)));
  });

  it('is not there when its writing fails, and neither is a part of it', async () => {
    const before = readdirSync(folder);
    async function* failing(): AsyncGenerator<ArchiveLine> {
      yield HEAD;
      await Promise.reject(new Error('the connection broke'));
    }
    await expect(writeArchive(at('never'), failing())).rejects.toThrow(
      'No backup was written: the connection broke.',
    );
    await expect(writeArchive(at('no/folder'), asyncOf(LINES))).rejects.toThrow(
      /^No backup was written: .*ENOENT/,
    );
    expect(readdirSync(folder)).toEqual(before);
  });

  it('is refused when any byte is missing at its end or was added there', async () => {
    await written();
    const bytes = readFileSync(at('file'));
    for (let length = 0; length < bytes.length; length++) await refused(bytes.subarray(0, length));
    for (const added of ['\n', '\0', 'a', bytes.subarray(-64), bytes])
      await refused(Buffer.concat([bytes, Buffer.from(added)]));
  });

  it('is refused when any byte is another: of the compression’s frame, of a line, of the digest', async () => {
    await written();
    const bytes = readFileSync(at('file'));
    for (let place = 0; place < bytes.length; place++)
      for (const change of [0x01, 0x20]) await refused(changedAt(bytes, place, change));
  });

  it('is refused when any byte of a file of many reads is another', async () => {
    const pieces = Array.from({ length: 8 }, (): ArchiveLine => {
      return { file: 'keys/large', base64: randomBytes(40_000).toString('base64') };
    });
    await written([...LINES, ...pieces]);
    expect(await read()).toHaveLength(LINES.length + pieces.length);
    const bytes = readFileSync(at('file'));
    expect(bytes.length).toBeGreaterThan(4 * READ_BYTES);
    const places = fc.oneof(
      fc.nat(bytes.length - 1),
      // Where a read ends and where the digest begins.
      fc.integer({ min: -2, max: 2 }).map((near) => READ_BYTES + near),
      fc.integer({ min: -66, max: -1 }).map((fromEnd) => bytes.length + fromEnd),
    );
    await fc.assert(
      fc.asyncProperty(places, fc.integer({ min: 1, max: 255 }), (place, change) =>
        refused(changedAt(bytes, place, change)),
      ),
      { numRuns: 100 },
    );
  });

  it('is refused when it is something else, a folder, or not there', async () => {
    const head = JSON.stringify(HEAD);
    for (const bytes of [
      Buffer.from(head),
      gzipSync(`${head}\n`),
      gzipSync(Buffer.alloc(1_000)),
      ...[
        '',
        `${head}\n${head}\n`,
        JSON.stringify(LINES[1]),
        JSON.stringify({ ...HEAD, jangteoBackup: 2 }),
        `${head}\n{"unknown":1}\n`,
        'no JSON\n',
      ].map(withDigest),
    ])
      await refused(bytes);
    await mkdir(at('folder'), { recursive: true });
    await expect(verifyArchive(at('folder'))).rejects.toThrow('is a folder');
    await expect(verifyArchive(at('nowhere'))).rejects.toThrow('is not there');
    expect(existsSync(at('nowhere'))).toBe(false);
  });
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function withDigest(text: string): Buffer {
  const content = gzipSync(text);
  return Buffer.concat([content, Buffer.from(sha256(content))]);
}

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}
