import { getConstructionPlans } from 'pg-boss';

/** Schema of the queue's tables. */
export const QUEUE_SCHEMA = 'pgboss';
/** One queue for jobs of all kinds. */
export const QUEUE = 'jobs';

/** A worker that says nothing for so long has lost its job; the least that the queue takes. */
const HEARTBEAT_SECONDS = 10;
/** The queue's longest time for one try. A job that needs longer goes on from its checkpoint. */
const TRY_SECONDS_MAX = 86_000;

/**
 * The queue's own end of tries. The real end is FAILURES_MAX of a job; until then a worker that was restarted often
 * must not end it.
 */
const DELIVERIES_MAX = 10_000;
const PAUSE_SECONDS = 1;
const PAUSE_SECONDS_MAX = 300;

const OPTIONS = {
  policy: 'standard',
  retryLimit: DELIVERIES_MAX,
  retryDelay: PAUSE_SECONDS,
  retryBackoff: true,
  retryDelayMax: PAUSE_SECONDS_MAX,
  expireInSeconds: TRY_SECONDS_MAX,
  heartbeatSeconds: HEARTBEAT_SECONDS,
};

/**
 * What makes the queue's tables in a database that has none, to be run by the owner in a migration. A release with a
 * newer schema of the queue needs a migration of its own (`getMigrationPlans`), and a test says so.
 */
export function queuePlans(): string[] {
  // The migration has its transaction; the plan's own would end it too early.
  const plan = getConstructionPlans(QUEUE_SCHEMA)
    .replace(/^\s*BEGIN;/, '')
    .replace(/COMMIT;\s*$/, '');
  const options = JSON.stringify(OPTIONS);
  return [plan, `SELECT ${QUEUE_SCHEMA}.create_queue('${QUEUE}', '${options}'::jsonb)`];
}
