import type { Database } from '#persistence';

/** Inserts what nothing on a platform makes yet: jobs in every state, a stored file. */
export async function insertTestRows(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO app.stored_file (sha256, authority, type, size, stored_by)
       VALUES (sha256('a file'), '', 'text/csv', 6, 'a test')`,
    );
    await tx.query(
      `INSERT INTO app.job (id, kind, key, authority, started_by, input, state, failure, ended_at)
       SELECT gen_random_uuid(), 'nothing', state::text, '', 'a test', '{"a": [1, null]}', state,
              CASE WHEN state = 'failed' THEN 'no' END,
              CASE WHEN state IN ('done', 'failed', 'cancelled') THEN now() END
         FROM unnest(enum_range(NULL::app.job_state)) state`,
    );
  });
}
