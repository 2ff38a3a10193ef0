import { Injectable } from '@nestjs/common';
import { Database, NOW_STAMP, type Queryable } from '#persistence';
import { QUEUE, QUEUE_SCHEMA } from './queue-schema.js';

/** A try ends the job when so many before it failed since the last checkpoint: with the pauses about half a minute. */
export const FAILURES_MAX = 5;

/** A try of a job as its worker has it. */
export interface Try {
  readonly id: string;
  readonly kind: string;
  readonly authority: string;
  readonly attempt: number;
  readonly input: unknown;
  readonly checkpoint: unknown;
}

/** How far a try is. */
export interface Progress {
  readonly done: number;
  readonly total: number | undefined;
}

type Mine = Pick<Try, 'id' | 'attempt'>;

/** What workers write about jobs. Every statement of a try names it, so that one that lost the job changes nothing. */
@Injectable()
export class JobTriesRepository {
  constructor(private readonly db: Database) {}

  /**
   * Makes an entry of the queue for each job without one: new and resumed jobs, and after a backup was restored all
   * that had not ended.
   *
   * @param send makes the entry in the same transaction and returns its id
   */
  async deliver(send: (job: string, tx: Queryable) => Promise<string>): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(
        `UPDATE app.job j SET delivery = NULL
          WHERE j.state IN ('queued', 'running') AND j.delivery IS NOT NULL AND NOT EXISTS (
            SELECT FROM ${QUEUE_SCHEMA}.job q
             WHERE q.name = '${QUEUE}' AND q.id = j.delivery AND q.state < 'completed')`,
      );
      const waiting = await tx.query<{ id: string }>(
        `SELECT id FROM app.job WHERE state IN ('queued', 'running') AND delivery IS NULL
          ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED`,
      );
      for (const { id } of waiting) {
        await tx.query('UPDATE app.job SET delivery = $2 WHERE id = $1', [id, await send(id, tx)]);
      }
    });
  }

  /**
   * Takes a job for a new try. One that still runs was left by a worker that is gone, which counts as a failure.
   *
   * @returns undefined when it has ended, or has another entry in the queue
   */
  async begin(id: string, delivery: string): Promise<Try | undefined> {
    const [row] = await this.db.query<Omit<Try, 'attempt'> & { attempt: number; over: boolean }>(
      `UPDATE app.job SET
         failures = failures + (state = 'running')::int, attempt = attempt + 1,
         failure = CASE WHEN state = 'running' THEN 'worker_lost' ELSE failure END,
         state = CASE WHEN state = 'running' AND failures + 1 >= $3 THEN 'failed' ELSE 'running' END::app.job_state,
         began_at = coalesce(began_at, ${NOW_STAMP}),
         ended_at = CASE WHEN state = 'running' AND failures + 1 >= $3 THEN ${NOW_STAMP} END
        WHERE id = $1 AND delivery = $2 AND state IN ('queued', 'running')
       RETURNING id, kind, authority, attempt, input, checkpoint, state = 'failed' AS over`,
      [id, delivery, FAILURES_MAX],
    );
    return row === undefined || row.over ? undefined : row;
  }

  /** Whether the job is still this try's. */
  async holds({ id, attempt }: Mine): Promise<boolean> {
    const rows = await this.db.query(
      `SELECT FROM app.job WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [id, attempt],
    );
    return rows.length > 0;
  }

  /** @returns false when the try has lost the job */
  async report({ id, attempt }: Mine, { done, total }: Progress): Promise<boolean> {
    const rows = await this.db.query(
      `UPDATE app.job SET done = $3, total = $4 WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING id`,
      [id, attempt, done, total ?? null],
    );
    return rows.length > 0;
  }

  /** @returns false when the try has lost the job */
  async save({ id, attempt }: Mine, state: unknown, tx: Queryable = this.db): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE app.job SET checkpoint = $3, failures = 0, failure = NULL
        WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING id`,
      [id, attempt, JSON.stringify(state)],
    );
    return rows.length > 0;
  }

  async finish({ id, attempt }: Mine, result: unknown): Promise<void> {
    await this.db.query(
      `UPDATE app.job SET state = 'done', result = $3, failure = NULL, ended_at = ${NOW_STAMP}
        WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [id, attempt, JSON.stringify(result ?? null)],
    );
  }

  /** Ends the job with the code of its failure. */
  async fail({ id, attempt }: Mine, code: string): Promise<void> {
    await this.db.query(
      `UPDATE app.job SET state = 'failed', failure = $3, ended_at = ${NOW_STAMP}
        WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [id, attempt, code],
    );
  }

  /**
   * Gives the job back for another try; when too many have failed, ends it.
   *
   * @param failure code of what went wrong; undefined when only the worker stops
   * @returns whether there will be another try
   */
  async release({ id, attempt }: Mine, failure: string | undefined): Promise<boolean> {
    const [row] = await this.db.query<{ again: boolean }>(
      `UPDATE app.job SET
         failures = failures + ($3::text IS NOT NULL)::int, failure = coalesce($3, failure),
         state = CASE WHEN $3::text IS NOT NULL AND failures + 1 >= $4 THEN 'failed' ELSE 'queued' END::app.job_state,
         ended_at = CASE WHEN $3::text IS NOT NULL AND failures + 1 >= $4 THEN ${NOW_STAMP} END
        WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING state = 'queued' AS again`,
      [id, attempt, failure ?? null, FAILURES_MAX],
    );
    return row?.again === true;
  }
}
