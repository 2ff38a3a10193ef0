import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrations } from '#migrations';
import { loadConfig, OperatorError } from '#platform';
import { writeArchive } from './archive.js';
import type { ArchiveHead, ArchiveLine } from './archive-lines.js';
import { requireFitting, restoreInto } from './restore.js';
import { verifyBackup } from './verify.js';

const HEAD: ArchiveHead = {
  jangteoBackup: 3,
  createdAt: '2026-11-30T00:00:00.000Z',
  migrations: migrations.map((Migration) => new Migration().name),
  hasChain: true,
};
const KEY: ArchiveLine = { file: 'keys/relayer-1.json', base64: 'e30=' };

describe('a restore', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-restore-'));
  const home = path.join(folder, 'home');
  const at = (name: string) => path.join(folder, name);
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  afterAll(() => rmSync(folder, { recursive: true }));

  const written = async (name: string, ...lines: readonly ArchiveLine[]) => {
    async function* all(): AsyncGenerator<ArchiveLine> {
      for (const line of lines) yield await Promise.resolve(line);
    }
    rmSync(at(name), { force: true });
    await writeArchive(at(name), all());
    return at(name);
  };
  const restored = async (file: string, signal = new AbortController().signal) => {
    const config = loadConfig({ JANGTEO_HOME: home });
    const head = await requireFitting(config, file);
    return restoreInto({ config, file, signal, head }, () => Promise.resolve('restored'));
  };
  const refused = async (file: string, words: string, signal?: AbortSignal) => {
    const outcome = restored(file, signal);
    await expect(outcome).rejects.toBeInstanceOf(OperatorError);
    await expect(outcome).rejects.toThrow(words);
    expect(existsSync(home)).toBe(false);
  };

  it('writes nothing when a byte of the file is missing, was added or is another', async () => {
    const bytes = readFileSync(await written('whole', HEAD, KEY));
    const middle = bytes.length >> 1;
    const changed = Buffer.from(bytes);
    changed[middle] = (changed[middle] ?? 0) ^ 1;
    for (const wrong of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(10)]), changed]) {
      writeFileSync(at('wrong'), wrong);
      await refused(at('wrong'), 'is not a whole backup of this platform');
    }
  });

  it('writes nothing from a file that is not there, of another release, or that lacks the chain', async () => {
    await refused(at('nowhere'), 'is not there');
    await refused(await written('older', { ...HEAD, migrations: [] }, KEY), 'another release');
    await refused(await written('chainless', { ...HEAD, hasChain: false }, KEY), 'holds no chain');
  });

  it('leaves nothing when it meets a file that belongs to no home', async () => {
    const file = await written('outside', HEAD, KEY, { file: '../../x', base64: '' });
    await refused(file, 'nothing is left of it: The backup has a file that belongs to no home');
    expect(existsSync(at('x'))).toBe(false);
  });

  it('leaves nothing of the temporary home when it was only tried', async () => {
    const file = await written('outside', HEAD, KEY, { file: '../../x', base64: '' });
    const [before, tmp] = [readdirSync(folder), process.env.TMPDIR];
    process.env.TMPDIR = folder;
    try {
      const tried = verifyBackup(loadConfig({ JANGTEO_HOME: home }), file, new AbortController().signal);
      await expect(tried).rejects.toThrow(/outside does not restore: The backup has a file that belongs/);
    } finally {
      if (tmp === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = tmp;
    }
    expect(readdirSync(folder)).toEqual(before);
  });

  it('leaves nothing when it is broken off', async () => {
    await refused(
      await written('whole', HEAD, KEY),
      'nothing is left of it: it was broken off.',
      AbortSignal.abort(new Error('it was broken off')),
    );
  });

  it('touches no home that is in use', async () => {
    mkdirSync(path.join(home, 'keys'), { recursive: true });
    const outcome = restored(await written('whole', HEAD, KEY));
    await expect(outcome).rejects.toThrow(/is in use \(keys\)/);
    expect(existsSync(path.join(home, 'keys', 'relayer-1.json'))).toBe(false);
  });
});
