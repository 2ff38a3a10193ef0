import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { OperatorError } from '#platform';
import { readArchive, verifyArchive, writeArchive } from './archive.js';
import type { ArchiveLine } from './archive-lines.js';

const HEAD = {
  jangteoBackup: 2,
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
  const store = (bytes: Uint8Array) => writeFileSync(at('changed'), bytes);

  it('gives what was written, and only its owner may read it', async () => {
    expect(await written()).toMatchObject({ lines: LINES.length });
    expect(await read()).toEqual(LINES);
    expect(await verifyArchive(at('file'))).toEqual(HEAD);
    expect(statSync(at('file')).mode & 0o777).toBe(0o600);
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

  it('is refused when it is cut off anywhere', async () => {
    await written();
    const bytes = readFileSync(at('file'));
    for (let length = 0; length < bytes.length; length += 7) {
      store(bytes.subarray(0, length));
      await expect(read('changed')).rejects.toThrow('is not a whole backup');
    }
  });

  it('is refused when any byte of what it says is another', async () => {
    await written();
    const text = gunzipSync(readFileSync(at('file')));
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const changed = Buffer.from(text);
        changed[place] = (changed[place] ?? 0) ^ change;
        store(gzipSync(changed));
        await expect(read('changed')).rejects.toBeInstanceOf(OperatorError);
      }),
      { numRuns: 150 },
    );
  });

  it('is refused without its last line, with one too many, and in another order', async () => {
    await written();
    const lines = gunzipSync(readFileSync(at('file')))
      .toString()
      .trimEnd()
      .split('\n');
    const [first = '', second = '', ...rest] = lines;
    const end = lines.at(-1) ?? '';
    for (const changed of [
      lines.slice(0, -1),
      [...lines, end],
      [...lines, second],
      [second, first, ...rest],
      [end],
      [],
    ]) {
      store(gzipSync(changed.map((line) => `${line}\n`).join('')));
      await expect(read('changed')).rejects.toThrow('is not a whole backup');
    }
  });

  it('is refused when it is something else, a folder, or not there', async () => {
    const older = { ...HEAD, jangteoBackup: 1 };
    for (const [bytes, words] of [
      [Buffer.from('{"jangteoBackup":2}'), 'is not a whole backup'],
      [gzipSync('{"jangteoBackup":2}\n'), 'is not a whole backup'],
      [gzipSync(JSON.stringify(older)), 'is not a whole backup'],
      [gzipSync(Buffer.alloc(1_000)), 'is not a whole backup'],
      [Buffer.alloc(0), 'is not a whole backup'],
    ] as const) {
      store(bytes);
      await expect(verifyArchive(at('changed'))).rejects.toThrow(words);
    }
    await mkdir(at('folder'), { recursive: true });
    await expect(verifyArchive(at('folder'))).rejects.toThrow('is a folder');
    await expect(verifyArchive(at('nowhere'))).rejects.toThrow('is not there');
    expect(existsSync(at('nowhere'))).toBe(false);
  });
});

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}
