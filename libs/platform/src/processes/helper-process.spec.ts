import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { until } from '../../../../test/support/until.js';
import { HelperProcess, type HelperOptions } from './helper-process.js';

/** Does what a job asks for: an answer, nothing, a fault, its death, or more memory than it may have. */
const SCRIPT = `
const kept = [];
process.on('message', ({ id, job }) => {
  if (job.say !== undefined) process.send({ id, value: job.say });
  if (job.after !== undefined) setTimeout(() => process.send({ id, value: 'late' }), job.after);
  if (job.fault !== undefined) process.send({ id, error: job.fault });
  if (job.die !== undefined) process.exit(job.die);
  if (job.env) process.send({ id, value: Object.keys(process.env) });
  while (job.eat) kept.push(new Array(1e5).fill({ n: kept.length }));
});
`;

let home: string;
let script: URL;
const helpers: HelperProcess[] = [];

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-helper-'));
  const file = path.join(home, 'helper.mjs');
  await writeFile(file, SCRIPT);
  script = pathToFileURL(file);
});

afterEach(async () => {
  for (const helper of helpers.splice(0)) await helper.close();
});

afterAll(() => rm(home, { recursive: true }));

function create(options: Partial<HelperOptions> = {}): HelperProcess {
  const helper = new HelperProcess({
    script,
    jobsMax: 4,
    answerMs: 20_000,
    idleMs: 20_000,
    heapMb: 32,
    ...options,
  });
  helpers.push(helper);
  return helper;
}

function lives(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('HelperProcess', () => {
  it('starts with the first job and gives every job its own answer', async () => {
    const helper = create();
    expect(helper.pid).toBeUndefined();
    const bytes = new Uint8Array([1, 2, 3]);
    const answers = await Promise.all([
      helper.ask({ after: 50 }),
      helper.ask({ say: 7n }),
      helper.ask({ say: { bytes } }),
    ]);
    expect(answers.slice(0, 2)).toEqual(['late', 7n]);
    expect(answers[2]).toMatchObject({ bytes: { 0: 1, 1: 2, 2: 3 } });
    expect(lives(helper.pid)).toBe(true);
  });

  it('passes nothing of the environment on', async () => {
    expect(await create().ask({ env: true })).not.toContain('PATH');
  });

  it.each([
    ['ends by itself', { die: 3 }],
    ['needs more memory than it may have', { eat: true }],
  ])('refuses what is under way when the helper %s, and the next job works', async (_how, job) => {
    const helper = create();
    const waiting = helper.ask({ after: 60_000 });
    const fatal = helper.ask(job);
    await expect(waiting).rejects.toMatchObject({ key: 'unavailable' });
    await expect(fatal).rejects.toMatchObject({ key: 'unavailable' });
    expect(await helper.ask({ say: 'again' })).toBe('again');
  });

  it('refuses what is under way when the helper is killed, and what the next needs starts another one', async () => {
    const helper = create();
    await helper.ask({ say: 1 });
    const { pid } = helper;
    const waiting = helper.ask({ after: 60_000 });
    process.kill(pid ?? 0, 'SIGKILL');
    await expect(waiting).rejects.toMatchObject({ key: 'unavailable' });
    expect(await helper.ask({ say: 2 })).toBe(2);
    expect(helper.pid).not.toBe(pid);
  });

  it('refuses a job that takes too long and ends the helper that hangs', async () => {
    const helper = create({ answerMs: 500 });
    const hanging = helper.ask({ after: 60_000 });
    const { pid } = helper;
    expect(lives(pid)).toBe(true);
    await expect(hanging).rejects.toMatchObject({ key: 'unavailable' });
    await until('the helper has ended', () => !lives(pid));
  });

  it('separates a fault in the code of the helper from its death', async () => {
    const helper = create();
    await expect(helper.ask({ fault: 'a bug' })).rejects.toThrow(/^a bug$/);
    expect(await helper.ask({ say: 1 })).toBe(1);
  });

  it('refuses more jobs than may wait', async () => {
    const helper = create({ jobsMax: 2 });
    const two = [helper.ask({ after: 300 }), helper.ask({ after: 300 })];
    await expect(helper.ask({ say: 1 })).rejects.toMatchObject({ key: 'rate_limited' });
    expect(await Promise.all(two)).toEqual(['late', 'late']);
    expect(await helper.ask({ say: 1 })).toBe(1);
  });

  it('ends when no job comes for a while', async () => {
    const helper = create({ idleMs: 50 });
    await helper.ask({ say: 1 });
    const { pid } = helper;
    await until('the helper has ended', () => !lives(pid));
    expect(await helper.ask({ say: 2 })).toBe(2);
  });

  it('finishes what is under way when it closes, and takes nothing more', async () => {
    const helper = create();
    await helper.ask({ say: 1 });
    const { pid } = helper;
    const last = helper.ask({ after: 300 });
    const closed = helper.close();
    await expect(helper.ask({ say: 1 })).rejects.toMatchObject({ key: 'unavailable' });
    expect(await last).toBe('late');
    await closed;
    expect(lives(pid)).toBe(false);
  });

  it('gives up what hangs when it closes', async () => {
    const helper = create();
    await helper.ask({ say: 1 });
    const { pid } = helper;
    const last = helper.ask({ after: 60_000 });
    const refused = expect(last).rejects.toMatchObject({ key: 'unavailable' });
    await helper.close();
    await refused;
    expect(lives(pid)).toBe(false);
  });
});
