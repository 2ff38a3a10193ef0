import type { MigrationInterface, QueryRunner } from 'typeorm';
import { queuePlans } from '#jobs';

/** Long work that goes on after a crash: what people see of it, and the queue that gives it to workers (ADR 24). */
export class Jobs1764100000009 implements MigrationInterface {
  name = 'Jobs1764100000009';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TYPE app.job_state AS ENUM ('queued', 'running', 'done', 'failed', 'cancelled');
      CREATE TABLE app.job (
        id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind ~ '^[a-z_]+$'),
        -- Given by who starts it: the same key is the same job.
        key text NOT NULL CHECK (key <> ''),
        authority app.region_code NOT NULL REFERENCES app.region (code),
        started_by text NOT NULL CHECK (started_by <> ''),
        input jsonb NOT NULL,
        state app.job_state NOT NULL DEFAULT 'queued',
        done bigint NOT NULL DEFAULT 0 CHECK (done >= 0),
        total bigint CHECK (total >= done),
        checkpoint jsonb,
        result jsonb,
        -- Why it failed, or why its last try did.
        failure text,
        -- Counts the tries. What an earlier one still writes is refused.
        attempt integer NOT NULL DEFAULT 0,
        -- Tries that failed since the last checkpoint.
        failures smallint NOT NULL DEFAULT 0,
        -- The entry of the queue that stands for it; NULL until a worker has made one.
        delivery uuid,
        created_at timestamptz NOT NULL DEFAULT app.now_stamp(),
        began_at timestamptz,
        ended_at timestamptz,
        UNIQUE (kind, key),
        CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
        CHECK (state <> 'failed' OR failure IS NOT NULL)
      );
      CREATE INDEX job_open ON app.job (created_at) WHERE state IN ('queued', 'running');
      CREATE INDEX job_authority ON app.job (authority, created_at DESC, id);
      COMMENT ON TABLE app.job IS 'authority: t.authority';`);
    for (const statement of queuePlans()) await q.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}
