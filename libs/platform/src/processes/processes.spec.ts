import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../../../../test/support/until.js';
import { endsWithin, identify, isRunning } from './process-identity.js';
import { lockHome } from './home-lock.js';
import { RotatingLog } from './rotating-log.js';
import { startServiceProcess, type ServiceProcess } from './service-process.js';

const ROOT = path.resolve(import.meta.dirname, '../../../..');

describe('processes', () => {
  let home = '';
  const services: ServiceProcess[] = [];

  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-processes-'));
  });
  afterEach(async () => {
    for (const service of services.splice(0)) await service.stop();
    await rm(home, { recursive: true, force: true });
  });

  async function script(name: string, text: string): Promise<string> {
    const file = path.join(home, name);
    await writeFile(file, text);
    return file;
  }

  async function start(
    file: string,
    more: { graceMs?: number; readyMs?: number } = {},
  ): Promise<ServiceProcess> {
    const service = await startServiceProcess({
      name: 'sample',
      script: file,
      env: { PATH: process.env.PATH, WORD: '장터' },
      home,
      log: () => undefined,
      ...more,
    });
    services.push(service);
    return service;
  }

  const READY = `process.send({ ready: { port: 7 } }); setInterval(() => {}, 1000);`;

  it('starts a service, collects its output, knows what it reported, stops it', async () => {
    const service = await start(await script('a.mjs', `console.log('word ' + process.env.WORD); ${READY}`));
    expect(service.info).toEqual({ port: 7 });
    const running = identify(service.pid);
    const record: unknown = JSON.parse(await readFile(path.join(home, 'run', 'sample.pid'), 'utf8'));
    expect(record).toMatchObject(running);
    await until('its output is in the log', async () =>
      (await readFile(path.join(home, 'logs', 'sample.log'), 'utf8')).includes('word 장터'),
    );
    await service.stop();
    expect(isRunning(running)).toBe(false);
    expect(await readdir(path.join(home, 'run'))).toEqual([]);
  });

  it('restarts a service that was killed', async () => {
    const service = await start(await script('a.mjs', READY));
    const first = service.pid;
    process.kill(first, 'SIGKILL');
    await until(
      'another process runs',
      () => service.pid !== first && service.pid !== 0 && isRunning(identify(service.pid)),
    );
    expect(isRunning({ pid: first })).toBe(false);
  });

  it('kills a service that ignores SIGTERM after the grace period', async () => {
    const service = await start(await script('a.mjs', `process.on('SIGTERM', () => {}); ${READY}`), {
      graceMs: 200,
    });
    const running = identify(service.pid);
    await service.stop();
    expect(isRunning(running)).toBe(false);
  });

  it('says the last words of a service that does not start', async () => {
    const file = await script('a.mjs', `console.error('no database'); process.exit(3);`);
    await expect(start(file)).rejects.toThrow(/did not start[^]*no database/);
    await expect(
      start(await script('b.mjs', 'setInterval(() => {}, 1000)'), { readyMs: 300 }),
    ).rejects.toThrow(/did not start/);
  });

  it('stops what an earlier launcher left behind', async () => {
    const file = await script('a.mjs', 'setInterval(() => {}, 1000); console.log("up")');
    const orphan = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    await once(orphan.stdout, 'data');
    const identity = identify(orphan.pid ?? 0);
    await mkdir(path.join(home, 'run'), { recursive: true });
    await writeFile(path.join(home, 'run', 'sample.pid'), JSON.stringify(identity));
    await writeFile(file, READY);
    await start(file);
    expect(isRunning(identity)).toBe(false);
  });

  it('leaves alone a process that merely got the recorded id', async () => {
    const file = await script('a.mjs', READY);
    await mkdir(path.join(home, 'run'), { recursive: true });
    await writeFile(
      path.join(home, 'run', 'sample.pid'),
      JSON.stringify({ pid: process.pid, startTicks: '1' }),
    );
    await start(file);
    expect(isRunning(identify(process.pid))).toBe(true);
  });

  it('ends a service whose launcher was killed', async () => {
    const side = path.join(import.meta.dirname, 'service-side.ts');
    const service = await script(
      'service.ts',
      `import { endWithLauncher, reportReady } from ${JSON.stringify(side)};
       import { writeFileSync } from 'node:fs';
       endWithLauncher(async () => writeFileSync(process.argv[2], 'stopped well'));
       setInterval(() => {}, 1000);
       reportReady();`,
    );
    const loader = path.join(ROOT, 'test/setup/typescript.mjs');
    const launcher = await script(
      'launcher.mjs',
      `import { fork } from 'node:child_process';
       const child = fork(${JSON.stringify(service)}, [${JSON.stringify(path.join(home, 'note'))}],
         { execArgv: ['--conditions=source', '--import', ${JSON.stringify(loader)}], detached: true });
       child.once('message', () => console.log(child.pid));`,
    );
    const parent = spawn(process.execPath, [launcher], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH },
    });
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const child = identify(Number(line));
    expect(isRunning(child)).toBe(true);
    parent.kill('SIGKILL');
    expect(await endsWithin(child, 60_000)).toBe(true);
    expect(await readFile(path.join(home, 'note'), 'utf8')).toBe('stopped well');
  });

  it('lets one launcher into a home, and the next after it or after its death', async () => {
    const lock = await lockHome(home);
    await expect(lockHome(home)).rejects.toThrow(new RegExp(`process ${process.pid}.*already runs`));
    await lock.release();
    await writeFile(
      path.join(home, 'run', 'launcher.pid'),
      JSON.stringify({ pid: process.pid, startTicks: '1' }),
    );
    const taken = await Promise.allSettled([lockHome(home), lockHome(home), lockHome(home)]);
    expect(taken.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const result of taken) if (result.status === 'fulfilled') await result.value.release();
    expect(await readdir(path.join(home, 'run'))).toEqual([]);
  });

  it('begins a new log file at the size and keeps five', async () => {
    const log = new RotatingLog(path.join(home, 'logs', 'x.log'), 100);
    for (let line = 0; line < 40; line += 1) log.write(`${String(line).padStart(39, '.')}\n`);
    log.end();
    log.write('too late');
    expect((await readdir(path.join(home, 'logs'))).sort()).toEqual([
      'x.log',
      'x.log.1',
      'x.log.2',
      'x.log.3',
      'x.log.4',
    ]);
    expect(await readFile(path.join(home, 'logs', 'x.log'), 'utf8')).toMatch(/39\n$/);
  });
});
