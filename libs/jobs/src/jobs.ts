import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, NOW_STAMP, type Queryable } from '#persistence';
import type { Job, JobState } from './job.js';

/** Channel that says that a job waits for a worker. */
export const JOB_CHANNEL = 'jangteo_job';

export interface JobStart {
  /** The same kind and key are the same job, whatever has become of it. */
  readonly key: string;
  /** Region code of the authority whose job it is; '' for what concerns all. */
  readonly authority: string;
  /** Who started it, for example `officer:3`. */
  readonly by: string;
}

interface JobRow extends Record<string, unknown> {
  id: string;
  kind: string;
  key: string;
  authority: string;
  started_by: string;
  state: JobState;
  done: bigint;
  total: bigint | null;
  result: unknown;
  failure: string | null;
  created_at: Date;
  began_at: Date | null;
  ended_at: Date | null;
}

const COLUMNS =
  'id, kind, key, authority, started_by, state, done, total, result, failure, created_at, began_at, ended_at';

/** Starts, shows and ends jobs; a worker does them. For the API and the worker alike. */
@Injectable()
export class Jobs {
  constructor(private readonly db: Database) {}

  /**
   * Stores a job for the next free worker, or finds the one that has this kind and key.
   *
   * @param input JSON
   * @param tx the job exists when this transaction commits
   */
  async start(kind: string, input: unknown, given: JobStart, tx: Queryable = this.db): Promise<Job> {
    const inserted = await tx.query<JobRow>(
      `INSERT INTO app.job (id, kind, key, authority, started_by, input) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (kind, key) DO NOTHING RETURNING ${COLUMNS}`,
      [randomUUID(), kind, given.key, given.authority, given.by, JSON.stringify(input)],
    );
    await wake(tx);
    const [row] =
      inserted.length > 0
        ? inserted
        : await tx.query<JobRow>(`SELECT ${COLUMNS} FROM app.job WHERE kind = $1 AND key = $2`, [
            kind,
            given.key,
          ]);
    if (row === undefined) throw new Error(`the job ${kind} ${given.key} is not there`);
    return jobOf(row);
  }

  /** @returns undefined when there is none */
  async find(id: string): Promise<Job | undefined> {
    const [row] = await this.db.query<JobRow>(`SELECT ${COLUMNS} FROM app.job WHERE id = $1`, [id]);
    return row === undefined ? undefined : jobOf(row);
  }

  /** Jobs of an authority, newest first. */
  async list(authority: string, limit: number): Promise<Job[]> {
    const rows = await this.db.query<JobRow>(
      `SELECT ${COLUMNS} FROM app.job WHERE authority = $1 ORDER BY created_at DESC, id LIMIT $2`,
      [authority, limit],
    );
    return rows.map(jobOf);
  }

  /**
   * Ends a job that waits or runs; its worker stops within a second. Effects up to its last checkpoint stay.
   *
   * @returns false when it had ended
   */
  async cancel(id: string): Promise<boolean> {
    const rows = await this.db.query(
      `UPDATE app.job SET state = 'cancelled', ended_at = ${NOW_STAMP}
        WHERE id = $1 AND state IN ('queued', 'running') RETURNING id`,
      [id],
    );
    return rows.length > 0;
  }

  /**
   * Lets a job that failed or was cancelled go on from its last checkpoint.
   *
   * @returns false when there is nothing to resume
   */
  async resume(id: string): Promise<boolean> {
    const rows = await this.db.query(
      `UPDATE app.job SET state = 'queued', ended_at = NULL, failure = NULL, failures = 0, delivery = NULL
        WHERE id = $1 AND state IN ('failed', 'cancelled') RETURNING id`,
      [id],
    );
    if (rows.length > 0) await wake(this.db);
    return rows.length > 0;
  }
}

async function wake(db: Queryable): Promise<void> {
  await db.query('SELECT pg_notify($1, $2)', [JOB_CHANNEL, '']);
}

function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    key: row.key,
    authority: row.authority,
    startedBy: row.started_by,
    state: row.state,
    done: Number(row.done),
    total: row.total === null ? undefined : Number(row.total),
    result: row.result ?? undefined,
    failure: row.failure ?? undefined,
    createdAt: row.created_at,
    beganAt: row.began_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
  };
}
