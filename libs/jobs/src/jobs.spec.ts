import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { ensureRoles } from '#persistence';
import { projectRoot } from '#platform';
import { createMigratedDatabase, type MigratedDatabase } from '../../../test/support/database.js';
import { untilRight } from '../../../test/support/until.js';
import { FAILURES_MAX, type Job, JobFailure, type JobHandler, Jobs, QUEUE_SCHEMA } from './index.js';
import { counting, startWorker } from './testing/counting-worker.js';

const GIVEN = { authority: '', by: 'officer:1' };
const WAIT_MS_MAX = 60_000;

describe('jobs', () => {
  let database: MigratedDatabase;
  let jobs: Jobs;
  const workers: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    database = await createMigratedDatabase();
    await ensureRoles(database.url);
    jobs = new Jobs(database.db);
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
  });
  afterAll(() => database?.drop());

  async function work(...handlers: JobHandler[]): Promise<void> {
    workers.push(await startWorker(database.url, handlers));
  }

  async function until(id: string, isSo: (job: Job) => boolean): Promise<Job> {
    const find = async () => {
      const job = await jobs.find(id);
      if (job === undefined) throw new Error('the job is gone');
      return job;
    };
    return untilRight('the job is right', find, isSo);
  }

  const hasEnded = ({ endedAt }: Job) => endedAt !== undefined;

  it('with the same kind and key are one job, which one worker of several does once', async () => {
    let runs = 0;
    const single: JobHandler = {
      kind: 'once',
      run: async () => ({ run: ++runs }),
    };
    await work(single);
    await work(single);
    const started = await Promise.all(
      Array.from({ length: 5 }, () => jobs.start('once', {}, { ...GIVEN, key: 'a' })),
    );
    expect(new Set(started.map(({ id }) => id)).size).toBe(1);
    const [{ id } = { id: '' }] = started;
    expect(await until(id, hasEnded)).toMatchObject({
      state: 'done',
      result: { run: 1 },
      startedBy: 'officer:1',
    });
    expect(await jobs.start('once', {}, { ...GIVEN, key: 'a' })).toMatchObject({ id, state: 'done' });
    const other = await jobs.start('once', {}, { ...GIVEN, key: 'b' });
    await until(other.id, hasEnded);
    expect(runs).toBe(2);
    expect((await jobs.list('', 10)).map(({ key }) => key)).toEqual(['b', 'a']);
  });

  it('go on from the checkpoint in another worker when theirs is killed', async () => {
    const { id } = await jobs.start('counting', { to: 6 }, { ...GIVEN, key: 'kill' });
    const root = projectRoot();
    const child = fork(path.join(root, 'libs/jobs/src/testing/counting-worker.ts'), [database.url], {
      cwd: root,
      execArgv: ['--conditions=source', '--no-warnings', '--import', './test/setup/typescript.mjs'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    try {
      expect(await until(id, ({ done }) => done === 3)).toMatchObject({ state: 'running', total: 6 });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const done: number[] = [];
    await work(counting(async (number) => void done.push(number)));
    expect(await until(id, hasEnded)).toMatchObject({ state: 'done', result: { starts: [1, 4] } });
    expect(done).toEqual([4, 5, 6]);
  });

  it('that are cancelled stop within a second, and go on from their checkpoint when they are resumed', async () => {
    const stopped = Promise.withResolvers<number>();
    let isSlow = true;
    await work({
      kind: 'slow',
      async run(_input, { saved, cancelled, checkpoint, progress }) {
        await checkpoint({ tries: ((saved as { tries: number } | undefined)?.tries ?? 0) + 1 });
        progress(1);
        if (!isSlow) return saved;
        await sleep(WAIT_MS_MAX, undefined, { signal: cancelled }).catch(() => undefined);
        stopped.resolve(performance.now());
        throw cancelled.reason;
      },
    });
    const { id } = await jobs.start('slow', {}, { ...GIVEN, key: 'cancel' });
    await until(id, ({ done }) => done === 1);
    const cancelledAt = performance.now();
    expect(await jobs.cancel(id)).toBe(true);
    expect((await stopped.promise) - cancelledAt).toBeLessThan(1_000);
    expect(await jobs.find(id)).toMatchObject({ state: 'cancelled' });
    expect(await jobs.cancel(id)).toBe(false);

    isSlow = false;
    expect(await jobs.resume(id)).toBe(true);
    expect(await until(id, hasEnded)).toMatchObject({ state: 'done', result: { tries: 1 } });
    expect(await jobs.resume(id)).toBe(false);
  });

  it('of a worker that stops wait for another one, which does not count as a failure', async () => {
    await work(counting((number) => (number < 2 ? Promise.resolve() : sleep(100))));
    const { id } = await jobs.start('counting', { to: 30 }, { ...GIVEN, key: 'stop' });
    await until(id, ({ done }) => done >= 2);
    for (const worker of workers.splice(0)) await worker.stop();
    expect(await jobs.find(id)).toMatchObject({ state: 'queued' });
    await work(counting(() => Promise.resolve()));
    const { result } = await until(id, hasEnded);
    expect((result as { starts: number[] }).starts).toHaveLength(2);
  });

  it('that can’t be done end with the code of their failure, which stays to be seen', async () => {
    await work({
      kind: 'hopeless',
      run: () => Promise.reject(new JobFailure('list_is_empty')),
    });
    const { id } = await jobs.start('hopeless', {}, { ...GIVEN, key: 'a' });
    expect(await until(id, hasEnded)).toMatchObject({ state: 'failed', failure: 'list_is_empty' });
    const unknown = await jobs.start('unheard', {}, { ...GIVEN, key: 'a' });
    expect(await until(unknown.id, hasEnded)).toMatchObject({ state: 'failed', failure: 'kind_unknown' });
  });

  it('that fail otherwise are tried again after a growing pause, and end after five failures in a row', async () => {
    const at: number[] = [];
    await work({
      kind: 'broken',
      async run() {
        at.push(performance.now());
        throw new Error('no such host');
      },
    });
    const { id } = await jobs.start('broken', {}, { ...GIVEN, key: 'a' });
    expect(await until(id, hasEnded)).toMatchObject({ state: 'failed', failure: 'internal' });
    expect(at).toHaveLength(FAILURES_MAX);
    const [first = 0, second = 0] = at;
    const [beforeLast = 0, last = 0] = at.slice(-2);
    expect(last - beforeLast).toBeGreaterThan(2 * (second - first) - 1_500);
    expect(last - beforeLast).toBeGreaterThan(second - first);
  });

  it('that a restored backup holds without entries in the queue are done', async () => {
    const { id } = await jobs.start('restored', {}, { ...GIVEN, key: 'a' });
    await database.db.query(
      `UPDATE app.job SET state = 'running', attempt = 3, delivery = gen_random_uuid() WHERE id = $1`,
      [id],
    );
    await work({ kind: 'restored', run: async () => 'done' });
    expect(await until(id, hasEnded)).toMatchObject({ state: 'done', result: 'done' });
  });

  it('find the queue’s tables as the installed release of it wants them', async () => {
    const boss = new PgBoss({
      connectionString: database.url,
      schema: QUEUE_SCHEMA,
      migrate: false,
      supervise: false,
    });
    await boss.start();
    try {
      expect(await boss.detectSchemaDrift()).toMatchObject({ ok: true });
    } finally {
      await boss.stop({ graceful: false });
    }
  });
});
