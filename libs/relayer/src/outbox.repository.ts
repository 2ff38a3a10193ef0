import { type Queryable, toBytes } from '#persistence';
import { OUTBOX_CHANNEL, type OutboxItem } from './outbox.js';

/**
 * Puts items into the outbox within the caller's transaction and wakes the relayers when it commits. An id that is
 * there already is left as it is, so that it may be called again.
 *
 * @returns how many were new
 */
export async function addToOutbox(tx: Queryable, items: readonly OutboxItem[]): Promise<number> {
  if (items.length === 0) return 0;
  const rows = await tx.query<{ added: bigint }>(
    `WITH added AS (
       INSERT INTO app.outbox (id, kind, payload, holder)
       SELECT * FROM unnest($1::bytea[], $2::app.outbox_kind[], $3::bytea[], $4::bytea[])
       ON CONFLICT (id) DO NOTHING RETURNING kind
     )
     SELECT count(*) AS added, pg_notify('${OUTBOX_CHANNEL}', kind::text) FROM added GROUP BY kind`,
    [
      items.map(({ id }) => toBytes(id)),
      items.map(({ kind }) => kind),
      items.map(({ payload }) => Buffer.from(payload)),
      items.map(({ holder }) => (holder === undefined ? null : toBytes(holder))),
    ],
    { prepared: true },
  );
  return rows.reduce((sum, { added }) => sum + Number(added), 0);
}
