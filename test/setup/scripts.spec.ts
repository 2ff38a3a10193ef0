import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { identify } from '#platform';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Runs a module's expression in plain Node, as the scripts run. @returns what it printed, at last its value as JSON */
function output(module: string, expression: string, env: Record<string, string> = {}): string {
  const url = pathToFileURL(path.join(ROOT, 'scripts/lib', module)).href;
  const code = `const m = await import(${JSON.stringify(url)}); console.log(JSON.stringify(await (${expression})));`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
    timeout: 30_000,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout.trimEnd();
}

function evaluate(module: string, expression: string, env: Record<string, string> = {}): unknown {
  return JSON.parse(output(module, expression, env).split('\n').at(-1) ?? '');
}

describe('scripts', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-scripts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    [[], true],
    [['test/pages'], true],
    [['libs/contracts/test/passkey.spec.ts', '-t', 'nothing'], true],
    [['libs/domain'], false],
    [['libs/domain', '-t', 'test/pages'], false],
    [['no such file'], false],
  ])('fetch a browser for the tests of %j: %s', (selection, needed) => {
    expect(evaluate('tests.mjs', `m.needsBrowser(${JSON.stringify(selection)})`)).toBe(needed);
  });

  describe('count what the test runners report', () => {
    const jest = {
      numPassedTests: 5,
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 1,
      wasInterrupted: false,
      testResults: [{ name: path.join(ROOT, 'libs/a.spec.ts'), startTime: 1_000, endTime: 3_500 }],
    };
    const green = { ...jest, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
    const count = (report: object | string, code: number, printed = '') => {
      const text = typeof report === 'string' ? report : JSON.stringify(report);
      return evaluate(
        'tests.mjs',
        `m.countJest(${[text, code, printed].map((one) => JSON.stringify(one)).join()})`,
      );
    };

    it('and a spec file that could not load as a failure', () => {
      expect(count(jest, 1)).toEqual({
        passed: 5,
        failed: 2,
        problems: [],
        files: [{ file: 'libs/a.spec.ts', seconds: 2.5 }],
      });
    });

    it('and a run without a report, or one that ended badly, as a problem', () => {
      expect(count('', 134)).toMatchObject({ problems: [expect.stringContaining('134')] });
      expect(count(green, 1)).toMatchObject({
        failed: 0,
        problems: [expect.stringContaining('exit code 1')],
      });
      expect(count({ ...green, wasInterrupted: true }, 0)).toMatchObject({ problems: [expect.any(String)] });
    });

    it.each([
      ['LEFT RUNNING by libs/a.spec.ts: 1 Timeout', 'LEFT RUNNING by libs/a.spec.ts: 1 Timeout'],
      ['A worker process has failed to exit gracefully and has been force exited.', 'left something running'],
      ['Jest did not exit one second after the test run has completed.', 'left something running'],
    ])('and what a test leaves running as a problem: %s', (line, problem) => {
      expect(count(green, 0)).toMatchObject({ failed: 0, problems: [] });
      expect(count(green, 0, `PASS libs/a.spec.ts\n${line}\n`)).toMatchObject({
        failed: 0,
        problems: [expect.stringContaining(problem)],
      });
    });

    it('and the contracts’ suites', () => {
      const suites = [{ file: 'contracts/test/A.t.sol', seconds: 1.5 }];
      const call = (report: string, code: number) =>
        evaluate('tests.mjs', `m.countContracts(${JSON.stringify(report)}, ${code})`);
      expect(call(JSON.stringify({ passed: 3, failed: 0, suites }), 0)).toEqual({
        passed: 3,
        failed: 0,
        problems: [],
        files: suites,
      });
      expect(call('', 1)).toMatchObject({ problems: [expect.stringContaining('without a report')] });
      const nothing = JSON.stringify({ passed: 0, failed: 0, suites: [] });
      expect(call(nothing, 0)).toMatchObject({ problems: [expect.stringContaining('none was counted')] });
    });

    it('and say last how many passed, before it what is wrong, and which ten files were slowest', () => {
      const files = Array.from({ length: 12 }, (_unused, n) => ({ file: `${n}.spec.ts`, seconds: n * 10 }));
      const result = { passed: 7, failed: 0, problems: [], files, seconds: 754 };
      const lines = (change: object) =>
        output('tests.mjs', `m.report(${JSON.stringify({ ...result, ...change })})`).split('\n');
      expect(lines({})).toEqual([
        '',
        '12 test files in 12 min 34 s; the slowest:',
        ...[11, 10, 9, 8, 7, 6].map((n) => `${`1 min ${n * 10 - 60} s`.padStart(11)}  ${n}.spec.ts`),
        ...[5, 4, 3, 2].map((n) => `${`${n}0.0 s`.padStart(11)}  ${n}.spec.ts`),
        '',
        '7 passed, 0 failed',
        '0',
      ]);
      expect(lines({ problems: ['LEFT RUNNING'] }).slice(-3)).toEqual([
        'LEFT RUNNING',
        '7 passed, 0 failed',
        '1',
      ]);
      expect(lines({ passed: 0 }).at(-1)).toBe('1');
      expect(lines({ failed: 1 }).at(-1)).toBe('1');
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
