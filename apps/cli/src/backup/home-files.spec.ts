import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { appendFile, mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { FilePiece } from './archive-lines.js';
import { HomeCopy, HomeWriter, isInBackup } from './home-files.js';

/** More than one piece. */
const LARGE = Buffer.alloc(1_300_000, 'a block ');

describe('the files of a home', () => {
  let folder = '';
  let home = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'jangteo-home-files-'));
    home = path.join(folder, 'home');
    for (const [name, content] of Object.entries({
      'chain/chain.json': '{}',
      'chain/port': '1',
      'chain/node.json': '{}',
      'chain/status.json': '{}',
      'chain/node-state.tmp': '',
      'chain/snapshots/snapshot-000000000005.json': '{"block":5}',
      'chain/snapshots/snapshot-000000000005.state.gz': 'state',
      'chain/journal/journal-000000000001.log': LARGE,
      'keys/relayer-1.json': 'secret',
      'genesis-officers.json': '[]',
      'demo.json': '{}',
      // Whatever later releases keep here is not forgotten.
      'files/2027/scan.pdf': '%PDF',
      'files/empty': '',
      'jangteo-home.json': '{}',
      'logs/api.log': 'log',
      'run/launcher.pid': '1',
      'postgres/data/PG_VERSION': '18',
    })) {
      mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
      writeFileSync(path.join(home, name), content);
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  const IN_BACKUP = [
    'chain/chain.json',
    'chain/journal/journal-000000000001.log',
    'chain/snapshots/snapshot-000000000005.json',
    'chain/snapshots/snapshot-000000000005.state.gz',
    'demo.json',
    'files/2027/scan.pdf',
    'files/empty',
    'genesis-officers.json',
    'keys/relayer-1.json',
  ];

  async function restored(pieces: AsyncIterable<FilePiece>): Promise<Map<string, Buffer>> {
    const target = path.join(folder, 'restored');
    const writer = new HomeWriter(target);
    for await (const piece of pieces) await writer.write(piece);
    await writer.finish();
    const found = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return new Map(
      found.map(({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        return [path.relative(target, file), readFileSync(file)];
      }),
    );
  }

  it('are all copied but the database, logs and what belongs to running processes', async () => {
    const copy = await HomeCopy.take(home, true);
    const files = await restored(copy.pieces());
    await copy.dispose();
    expect([...files.keys()].toSorted()).toEqual(IN_BACKUP);
    for (const [name, content] of files)
      expect([name, content.equals(readFileSync(path.join(home, name)))]).toEqual([name, true]);
    expect(readdirSync(path.join(home, 'run'))).toEqual(['launcher.pid']);
  });

  it('are without the chain when an outside node keeps it', async () => {
    const copy = await HomeCopy.take(home, false);
    expect(copy.names.toSorted()).toEqual(IN_BACKUP.filter((name) => !name.startsWith('chain/')));
    await copy.dispose();
  });

  it('are those of one moment, though snapshots are replaced and removed and the journal goes on', async () => {
    const copy = await HomeCopy.take(home, true);
    const state = path.join(home, 'chain/snapshots/snapshot-000000000005.state.gz');
    await rm(state);
    writeFileSync(`${state}.new`, 'another');
    await rename(`${state}.new`, state);
    await appendFile(path.join(home, 'chain/journal/journal-000000000001.log'), 'more');
    const files = await restored(copy.pieces());
    await copy.dispose();
    expect(files.get('chain/snapshots/snapshot-000000000005.state.gz')?.toString()).toBe('state');
    expect(files.get('chain/journal/journal-000000000001.log')?.subarray(0, LARGE.length).equals(LARGE)).toBe(
      true,
    );
  });

  it('may lie elsewhere', async () => {
    const elsewhere = path.join(folder, 'elsewhere');
    await rename(path.join(home, 'keys'), elsewhere);
    symlinkSync(elsewhere, path.join(home, 'keys'));
    const copy = await HomeCopy.take(home, true);
    expect(copy.names).toContain('keys/relayer-1.json');
    await copy.dispose();
    expect(readFileSync(path.join(elsewhere, 'relayer-1.json'), 'utf8')).toBe('secret');
  });

  it('leave nothing behind of a copy whose process was killed', async () => {
    // Linux gives process ids below 2^22, so no process has this one.
    const left = path.join(home, 'run', `backup-${2 ** 22}`, 'keys');
    mkdirSync(left, { recursive: true });
    const copy = await HomeCopy.take(home, true);
    await copy.dispose();
    expect(existsSync(path.dirname(left))).toBe(false);
  });

  it.each([
    '/etc/passwd',
    '../x',
    'keys/../../x',
    'keys/../run/x',
    './x',
    'postgres/data/x',
    'restore-unfinished.json',
    'run/x',
    '',
  ])('do not come from a backup by the name %p', async (file) => {
    expect(isInBackup(file)).toBe(false);
    const writer = new HomeWriter(path.join(folder, 'restored'));
    await expect(writer.write({ file, base64: '' })).rejects.toThrow('belongs to no home');
    expect(existsSync(path.join(folder, 'restored'))).toBe(false);
  });
});
