import { existsSync } from 'node:fs';
import path from 'node:path';
import Sequencer, { LONG } from './sequencer.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');

describe('the order of spec files', () => {
  const small = { path: path.join(ROOT, 'libs/contracts/test/supply-law.spec.ts'), bytes: 1_200 };
  const large = { path: path.join(ROOT, 'libs/relayer/src/relayer.spec.ts'), bytes: 14_000 };
  const other = { path: path.join(ROOT, 'test/clock.spec.ts'), bytes: 5_000 };

  /** Files as Jest has them in a clone in which nothing has run yet. */
  function sorted(files: readonly { path: string; bytes: number }[]): string[] {
    const config = { rootDir: ROOT, cache: false };
    const hasteFS = { getSize: (name: string) => files.find((file) => file.path === name)?.bytes ?? null };
    const tests = files.map((file) => ({ path: file.path, context: { config, hasteFS } }));
    return new Sequencer().sort(tests).map((test) => test.path);
  }

  it('begins with those that take long, however small they are, and goes on with the largest', () => {
    expect(sorted([other, small, large])).toEqual([small.path, large.path, other.path]);
    expect(sorted([large, small, other])).toEqual([small.path, large.path, other.path]);
  });

  it('knows no file that is gone', () => {
    expect(Object.keys(LONG).filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});
