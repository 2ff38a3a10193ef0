import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { identify } from '#platform';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Runs a module's expression in plain Node, as the scripts run, and returns what it printed as JSON. */
function evaluate(module: string, expression: string, env: Record<string, string> = {}): unknown {
  const url = pathToFileURL(path.join(ROOT, 'scripts/lib', module)).href;
  const code = `const m = await import(${JSON.stringify(url)}); console.log(JSON.stringify(await (${expression})));`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
    timeout: 30_000,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '');
}

describe('scripts', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-scripts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('count what the test runners report', () => {
    const hardhat = '\u001b[32m  12 passing\u001b[0m (3s)\n  2 failing\n';
    expect(evaluate('tests.mjs', `m.countHardhat(${JSON.stringify(hardhat)})`)).toEqual({
      passed: 12,
      failed: 2,
    });
    const report = {
      numPassedTests: 5,
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 1,
      wasInterrupted: false,
    };
    expect(evaluate('tests.mjs', `m.countJest(${JSON.stringify(JSON.stringify(report))}, 1)`)).toMatchObject({
      passed: 5,
      failed: 2,
    });
    expect(evaluate('tests.mjs', `m.countJest('', 134)`)).toMatchObject({
      problems: [expect.stringContaining('134')],
    });
  });

  it('explain a failed installation', () => {
    expect(evaluate('bootstrap.mjs', `m.diagnose('npm error code ENOSPC')`)).toMatch(/disk is full/);
    expect(evaluate('bootstrap.mjs', `m.diagnose('npm error code EAI_AGAIN')`)).toMatch(
      /registry cannot be reached/,
    );
  });

  it('see a change of content, a new name and a removal, but no change of time', () => {
    const digest = () => evaluate('stamp.mjs', `m.digestOfTree(${JSON.stringify(folder)}, ['src'])`);
    mkdirSync(path.join(folder, 'src'));
    writeFileSync(path.join(folder, 'src/a'), 'one');
    const first = digest();
    writeFileSync(path.join(folder, 'src/a'), 'one');
    expect(digest()).toBe(first);
    writeFileSync(path.join(folder, 'src/b'), '');
    const second = digest();
    expect(second).not.toBe(first);
    rmSync(path.join(folder, 'src/b'));
    expect(digest()).toBe(first);
  });

  it('let one process after the other into a lock, also over the lock of a dead one', () => {
    const file = JSON.stringify(path.join(folder, 'lock'));
    writeFileSync(path.join(folder, 'lock'), JSON.stringify({ pid: process.pid, start: '1' }));
    const order = `(async () => { const seen = []; await Promise.all([1, 2, 3].map((n) =>
      m.withLock(${file}, {}, async () => { seen.push(n); await new Promise((r) => setTimeout(r, 20)); seen.push(n); })));
      return seen; })()`;
    const seen = evaluate('lock.mjs', order) as number[];
    expect(seen).toHaveLength(6);
    for (let index = 0; index < 6; index += 2) expect(seen[index]).toBe(seen[index + 1]);
  });

  it('remove a state folder of the platform and refuse any other', () => {
    const mine = path.join(folder, 'home');
    mkdirSync(path.join(mine, 'run'), { recursive: true });
    const call = `m.removeState(${JSON.stringify(mine)}, () => {})`;
    writeFileSync(path.join(mine, 'letter.txt'), 'dear');
    expect(() => evaluate('state.mjs', call)).toThrow(/no Jangteo state folder/);
    expect(readFileSync(path.join(mine, 'letter.txt'), 'utf8')).toBe('dear');
    writeFileSync(path.join(mine, 'jangteo-home.json'), '{}');
    expect(evaluate('state.mjs', call)).toBe(true);
    expect(evaluate('state.mjs', call)).toBe(false);
  });

  it('stop what a killed launcher left running before they remove its state, and no other process', async () => {
    const mine = path.join(folder, 'home');
    mkdirSync(path.join(mine, 'chain'), { recursive: true });
    mkdirSync(path.join(mine, 'run'));
    writeFileSync(path.join(mine, 'jangteo-home.json'), '{}');
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => orphan.once('exit', resolve));
    writeFileSync(
      path.join(mine, 'chain/node.json'),
      JSON.stringify({ ...identify(orphan.pid ?? 0), port: 1 }),
    );
    // An id that was given to another process since: this one.
    writeFileSync(path.join(mine, 'run/api.pid'), JSON.stringify({ pid: process.pid, startTicks: '1' }));
    expect(evaluate('state.mjs', `m.removeState(${JSON.stringify(mine)}, () => {})`)).toBe(true);
    await ended;
    expect(orphan.signalCode).toBe('SIGTERM');
  });
});
