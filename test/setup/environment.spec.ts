import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { until } from '../support/until.js';
import { isAlive } from './shared-home.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');

describe('the environment of spec files', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-environment-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes spec files of one test each. @returns how Node runs them in Jest, two at a time */
  function argsOf(bodies: Readonly<Record<string, string>>): string[] {
    for (const [name, body] of Object.entries(bodies))
      writeFileSync(path.join(folder, `${name}.spec.js`), `it('is', async () => { ${body} });\n`);
    const config = {
      rootDir: folder,
      testEnvironment: path.join(ROOT, 'test/setup/environment.mjs'),
      testEnvironmentOptions: { goneMs: 300 },
      transform: {},
      // A worker whose Jest is gone ends when it reports a result, be it that the time is up.
      testTimeout: 300_000,
    };
    const cli = path.join(ROOT, 'node_modules/jest/bin/jest.js');
    return [cli, '--config', JSON.stringify(config), '--maxWorkers=2', '--forceExit'];
  }

  /** @returns what Jest and its workers said about such spec files */
  function jest(bodies: Readonly<Record<string, string>>): string {
    return spawnSync(process.execPath, argsOf(bodies), { encoding: 'utf8', cwd: folder }).stderr;
  }

  it('names the file that leaves a timer, a server, a socket or a process, and no other', () => {
    const said = jest({
      clean: `await new Promise((resolve) => setTimeout(resolve, 5)); setInterval(() => {}, 1000).unref();
        const server = require('node:http').createServer().listen(0);
        await new Promise((resolve) => server.once('listening', resolve)); server.close();`,
      timer: `setInterval(() => {}, 1000);`,
      server: `const server = require('node:net').createServer().listen(0);
        await new Promise((resolve) => server.once('listening', resolve));`,
      child: `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 5000)']);`,
    });
    const lines = said.split('\n').filter((line) => line.startsWith('LEFT RUNNING'));
    expect(lines.toSorted()).toEqual([
      expect.stringMatching(/^LEFT RUNNING by child\.spec\.js: .*ProcessWrap/),
      expect.stringMatching(/^LEFT RUNNING by server\.spec\.js: 1 TCPServerWrap$/),
      expect.stringMatching(/^LEFT RUNNING by timer\.spec\.js: 1 Timeout$/),
    ]);
    expect(said).toMatch(/Tests: +4 passed/);
  });

  it('ends workers whose Jest was killed', async () => {
    const waits = `require('node:fs').writeFileSync('pid-' + process.pid, '');
      await new Promise((resolve) => setTimeout(resolve, 120_000));`;
    const killed = spawn(process.execPath, argsOf({ one: waits, other: waits }), {
      cwd: folder,
      stdio: 'ignore',
    });
    const ended = once(killed, 'exit');
    const workers = () =>
      readdirSync(folder).flatMap((name) => (name.startsWith('pid-') ? [Number(name.slice(4))] : []));
    try {
      await until('both spec files wait', () => workers().length === 2);
    } finally {
      killed.kill('SIGKILL');
      await ended;
    }
    await until('both workers ended', () => !workers().some(isAlive));
  });

  it('gives specs an ordinary global object, without the Proxy that makes each global hundreds of times as slow', () => {
    // False of a global object behind a Proxy. A comparison of times would depend on the machine.
    const said = jest({ globals: `expect(require('node:vm').isContext(globalThis)).toBe(true);` });
    expect(said).toMatch(/Tests: +1 passed/);
  });
});
