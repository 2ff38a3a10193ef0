import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findFreePort, projectRoot } from '#platform';
import { rpc } from '../../libs/node/src/testing/chain-probe.js';
import { Dice } from '../support/dice.js';
import { PlatformHome } from '../support/platform-home.js';
import { Strangers } from '../support/strangers.js';
import { until, untilRight } from '../support/until.js';

/** What `npm start` does once all is installed and built. */
const LAUNCH = pathToFileURL(path.join(projectRoot(), 'scripts', 'lib', 'launch.mjs')).href;
const NODE_ARGS = ['--input-type=module', '-e'];
const SCRIPT = `import { launch } from ${JSON.stringify(LAUNCH)}; process.exit(await launch([]));`;

describe('a platform that a supervisor starts', () => {
  const home = PlatformHome.create();
  const started: ChildProcess[] = [];
  let output = '';
  let port = 0;
  let workerPort = 0;
  let metricsPort = 0;

  beforeAll(async () => {
    [port, workerPort, metricsPort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  });

  // What one test could not stop must not stop the next.
  afterEach(() => home.killAll());

  afterAll(() => {
    for (const child of started) child.kill('SIGKILL');
    home.remove();
  });

  function start(command: string, args: readonly string[]): ChildProcess {
    output = '';
    const child = spawn(command, args, {
      cwd: projectRoot(),
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        npm_lifecycle_event: 'start',
        JANGTEO_HOME: home.state,
        JANGTEO_DEMO: 'off',
        PORT: String(port),
        WORKER_PORT: String(workerPort),
        METRICS_PORT: String(metricsPort),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    started.push(child);
    return child;
  }

  /** As npm runs it: its shell is replaced by the script, so that signals for npm reach it. */
  const startScript = () => start(process.execPath, [...NODE_ARGS, SCRIPT]);
  /** As a shell runs it that stays, and that hands no signal on. */
  const startShell = () =>
    start('/bin/sh', ['-c', '"$0" "$@"; exit $?', process.execPath, ...NODE_ARGS, SCRIPT]);

  const running = (child: ChildProcess) =>
    until(
      'the platform runs',
      () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
        return output.includes('Jangteo is running');
      },
      { withinMs: 180_000 },
    );
  const healthOf = async (url: string) =>
    (await (await fetch(`${url}/health/ready`)).json()) as { status: string };
  const noProcess = () => until('no process is left', () => home.processes().length === 0);

  it('is started by a script that takes the place of npm’s shell', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(projectRoot(), 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts.start).toMatch(/^exec node scripts\/start\.mjs /);
    expect(scripts.dev).toMatch(/^exec node scripts\/dev\.mjs /);
  });

  it('reports in health, metrics and doctor that no snapshot can be made, and stops in good order when it gets SIGINT', async () => {
    const script = startScript();
    await running(script);
    const [api, worker] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${workerPort}`];
    const healths = () => Promise.all([api, worker].map(healthOf));
    const sound = { status: 'ok', details: { chain: { status: 'up', snapshots: 'made' } } };
    const all = (status: string) =>
      untilRight(`health is ${status}`, healths, (answers) => answers.every((one) => one.status === status));
    expect(await all('ok')).toMatchObject([sound, sound]);
    // What is in the way of the node that makes snapshots, and work that is worth one.
    mkdirSync(path.join(home.state, 'chain', 'saver.json'));
    const { chainUrl } = JSON.parse(home.read('run', 'platform.json') ?? '{}') as { chainUrl: string };
    const crowd = new Strangers(new Dice(1), Number(await rpc(chainUrl, 'eth_chainId')));
    for (const { raw } of [...(await crowd.settle()), ...(await crowd.exhaust(60))])
      await rpc(chainUrl, 'eth_sendRawTransaction', [raw]);
    const degraded = await all('degraded');
    const details = { chain: { status: 'up', degraded: true, snapshots: 'fail' } };
    expect(degraded).toMatchObject([{ details }, { details }]);
    expect(JSON.stringify(degraded)).not.toContain('EISDIR');
    expect(output).toMatch(/error: chain\.save_failed .*Nothing is lost/);
    await until('metrics count the failures', async () =>
      /^jangteo_chain_snapshot_failures [1-9]/m.test(await (await fetch(`${worker}/metrics`)).text()),
    );
    const doctor = start(process.execPath, [
      path.join(projectRoot(), 'dist/apps/cli/src/main.js'),
      'doctor',
      '--json',
    ]);
    const [exit] = (await once(doctor, 'exit')) as [number];
    expect(exit).toBe(1);
    expect(output).toMatch(/none could be made since .*EISDIR/);
    rmSync(path.join(home.state, 'chain', 'saver.json'), { recursive: true });
    script.kill('SIGINT');
    const [code] = (await once(script, 'exit')) as [number];
    expect(code).toBe(0);
    await noProcess();
    expect(output).toMatch(/\] stopping\n(.*\n)*.*\] stopped\n/);
    expect(home.read('run', 'platform.json')).toBeUndefined();
  });

  it('stops in good order when the process that started it ends without handing a signal on', async () => {
    const shell = startShell();
    await running(shell);
    shell.kill('SIGKILL');
    await noProcess();
    expect(output).toMatch(/\] stopping\n(.*\n)*.*\] stopped\n/);
  });

  it('stops in good order when the script that started the launcher is killed', async () => {
    const script = startScript();
    await running(script);
    script.kill('SIGKILL');
    await noProcess();
    expect(output).toMatch(/\] stopping\n(.*\n)*.*\] stopped\n/);
  });

  it('leaves no process behind when a port is taken', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    try {
      const [code] = (await once(startScript(), 'exit')) as [number];
      expect(code).toBe(1);
      expect(output).toContain(`Port ${port} is taken by another program`);
      await noProcess();
    } finally {
      other.close();
    }
  });

  it('leaves no process behind when the chain cannot be made again', async () => {
    // With a snapshot, which the runs before made if their blocks took long, no start would read how the journal begins.
    rmSync(path.join(home.state, 'chain'), { recursive: true, force: true });
    const journal = path.join(home.state, 'chain', 'journal');
    mkdirSync(journal, { recursive: true });
    writeFileSync(path.join(journal, 'journal-000000000001.log'), 'not a journal\nat all\n');
    const [code] = (await once(startScript(), 'exit')) as [number];
    expect(code).toBe(1);
    expect(output).toMatch(/journal .* is damaged/);
    await noProcess();
  });
});
