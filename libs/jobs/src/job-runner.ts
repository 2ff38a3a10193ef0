import { randomUUID } from 'node:crypto';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Pool } from 'pg';
import { PgBoss, type Job as QueueEntry, type SendOptions } from 'pg-boss';
import { Listener, type Queryable } from '#persistence';
import { Log, messageOf } from '#platform';
import { JobHandlers } from './job-handlers.js';
import { JobRun } from './job-run.js';
import { JobTriesRepository } from './job-tries.repository.js';
import { JOB_CHANNEL } from './jobs.js';
import { QUEUE, QUEUE_SCHEMA } from './queue-schema.js';

/** A notification can be missed while the connection is down; the table can't. */
const DELIVER_EVERY_MS = 2_000;
/** A job that was sent waits so long at most for a worker with a free place. */
const POLL_SECONDS = 0.5;
/** How often workers look for jobs whose worker has said nothing for ten seconds. */
const MONITOR_SECONDS = 5;
/** Jobs of one worker at the same time: long work beside payments must not take every connection. */
const JOBS_AT_ONCE = 2;
/** The queue's own connections: for its polls, heartbeats and upkeep. */
const QUEUE_CONNECTIONS = 2;
/** How long a process that stops waits for handlers to see it. */
const STOP_MS_MAX = 10_000;

interface Delivery {
  readonly job: string;
}

/** Where the queue connects to. */
export abstract class JobQueueOptions {
  abstract readonly url: string;
  /** PostgreSQL role that every connection takes; undefined = none. */
  abstract readonly role: string | undefined;
}

/** The queue ends this try and gives the job out again after a pause. */
class TryAgain extends Error {}

/** Does jobs in a worker process. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly pool: Pool;
  private readonly boss: PgBoss;
  private readonly listener: Listener;
  private timer: NodeJS.Timeout | undefined;
  private delivering: Promise<void> | undefined;
  private isMissed = false;

  constructor(
    @Inject(JobQueueOptions) { url, role }: JobQueueOptions,
    @Inject(Log) private readonly log: Log,
    private readonly tries: JobTriesRepository,
    private readonly handlers: JobHandlers,
  ) {
    this.pool = new Pool({
      connectionString: url,
      max: QUEUE_CONNECTIONS,
      application_name: 'jangteo-jobs',
      statement_timeout: 30_000,
      connectionTimeoutMillis: 10_000,
      ...(role === undefined ? {} : { options: `-c role=${role}` }),
    });
    this.pool.on('error', (error) => log.warn('jobs.connection_lost', { message: error.message }));
    this.boss = new PgBoss({
      db: { executeSql: (text, values) => this.pool.query(text, values) },
      schema: QUEUE_SCHEMA,
      // Tables come from migrations, which run as their owner; this role may not make any.
      migrate: false,
      createSchema: false,
      reindex: false,
      schedule: false,
      superviseIntervalSeconds: MONITOR_SECONDS,
      monitorIntervalSeconds: MONITOR_SECONDS,
    });
    this.boss.on('error', (error) => log.warn('jobs.queue_failed', { message: messageOf(error) }));
    const wake = () => this.deliver();
    this.listener = new Listener({
      url,
      channels: [JOB_CHANNEL],
      onNotification: wake,
      onConnected: wake,
      onError: (error) => log.warn('jobs.listen_failed', { message: error.message }),
    });
  }

  /** A worker without handlers has nothing to ask the queue for. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.handlers.isEmpty) return;
    await this.boss.start();
    await this.boss.work<Delivery>(
      QUEUE,
      { pollingIntervalSeconds: POLL_SECONDS, localConcurrency: JOBS_AT_ONCE },
      async (jobs) => {
        for (const job of jobs) await this.run(job);
      },
    );
    await this.listener.start();
    this.timer = setInterval(() => this.deliver(), DELIVER_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.listener.stop();
    this.stopping.abort();
    await this.delivering;
    await this.boss.stop({ graceful: true, timeout: STOP_MS_MAX });
    await this.pool.end();
  }

  private async run({ id, data }: QueueEntry<Delivery>): Promise<void> {
    const found = await this.tries.begin(data.job, id);
    if (found === undefined) return;
    const { kind } = found;
    this.log.info('jobs.began', { jobId: found.id, component: kind, attempt: found.attempt });
    const run = new JobRun(this.tries, found, (error) =>
      this.log.warn('jobs.try_failed', { jobId: found.id, component: kind, attempt: found.attempt, error }),
    );
    const end = await run.run(this.handlers.of(kind), this.stopping.signal);
    this.log.info('jobs.try_ended', { jobId: found.id, component: kind, attempt: found.attempt });
    if (end === 'again') throw new TryAgain('another try after a pause');
  }

  /** One round at a time; what was asked for meanwhile is one more. */
  private deliver(): void {
    if (this.delivering !== undefined) {
      this.isMissed = true;
      return;
    }
    this.isMissed = false;
    this.delivering = this.tries
      .deliver((job, tx) => this.send(job, tx))
      .catch((error: unknown) => this.log.warn('jobs.deliver_failed', { message: messageOf(error) }))
      .finally(() => {
        this.delivering = undefined;
        if (this.isMissed && !this.stopping.signal.aborted) this.deliver();
      });
  }

  private async send(job: string, tx: Queryable): Promise<string> {
    const id = randomUUID();
    const data: Delivery = { job };
    const db: NonNullable<SendOptions['db']> = {
      executeSql: async (text: string, values?: unknown[]) => ({ rows: await tx.query(text, values) }),
    };
    const sent = await this.boss.send(QUEUE, data, { id, db });
    if (sent === null) throw new Error('the queue took no entry');
    return sent;
  }
}
