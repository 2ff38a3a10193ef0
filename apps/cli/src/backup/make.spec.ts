import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from '#platform';
import { makeBackup } from './make.js';

describe('a backup is made', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-make-'));
  const home = path.join(folder, 'home');
  const signal = new AbortController().signal;
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['where another file is', 'taken', 'exists: choose another name'],
    ['inside the home that it saves', 'home/x', 'lies in the home that is saved'],
    ['where there is no folder', 'none/x', 'is not a folder'],
  ])('not %s', async (_where, name, words) => {
    writeFileSync(path.join(folder, 'taken'), '');
    const env = { JANGTEO_HOME: home };
    const made = makeBackup(env, loadConfig(env), path.join(folder, name), signal);
    await expect(made).rejects.toThrow(words);
    expect(readdirSync(folder)).toEqual(['taken']);
  });
});
