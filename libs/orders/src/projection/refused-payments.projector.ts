import type { Queryable } from '#persistence';
import type { Projector } from '#indexer';
import { refusalOnAcceptance } from '../pipeline/settled-orders.js';

/**
 * Computes what is known of the refused payments of a set of ids: refused by the API, or by the contract up to block $2
 * (its newest refusal), and not final up to there. `ids` may use $1.
 */
function recall(ids: string): string {
  return `
    INSERT INTO app.refused_payment (id, code, series, payer, merchant, amount, received_at)
    SELECT a.id, coalesce(c.code, f.code), a.series[1], a.holder, a.other, a.amount, a.received_at
      FROM (${ids}) i
      JOIN app.signed_order a ON a.id = i.id
      LEFT JOIN LATERAL (SELECT r.code FROM chain.order_refused r WHERE r.id = i.id AND r.block_number <= $2
                          ORDER BY r.block_number DESC, r.log_index DESC LIMIT 1) c ON true
      LEFT JOIN LATERAL (${refusalOnAcceptance('a')}) f ON true
     WHERE coalesce(c.code, f.code) IS NOT NULL
       AND NOT EXISTS (SELECT FROM chain.payment p WHERE p.id = i.id AND p.block_number <= $2)
    ON CONFLICT (id) DO UPDATE SET code = excluded.code`;
}

const REFUSED_SINCE = `SELECT id FROM chain.order_refused WHERE kind = 'payment' AND block_number >= $1`;
const PAID_SINCE = 'SELECT id FROM chain.payment WHERE block_number >= $1';

/** What reports count as refused, of that which was submitted here. */
export const refusedPaymentsProjector: Projector = {
  name: 'refused payments',
  async apply(tx, batch) {
    const range = [batch.from, batch.to];
    if (batch.has('PaymentRefused')) await tx.query(recall(`${REFUSED_SINCE} GROUP BY 1`), range);
    if (batch.has('Paid')) await forget(tx, PAID_SINCE, batch.from);
  },
  async rollback(tx, ancestor) {
    const touched = `${REFUSED_SINCE} UNION ${PAID_SINCE}`;
    await forget(tx, touched, ancestor + 1n);
    await tx.query(recall(touched), [ancestor + 1n, ancestor]);
  },
  async truncate(tx) {
    await tx.query('DELETE FROM app.refused_payment');
    await tx.query(
      `INSERT INTO app.refused_payment (id, code, series, payer, merchant, amount, received_at)
       SELECT a.id, f.code, a.series[1], a.holder, a.other, a.amount, a.received_at
         FROM app.signed_order a CROSS JOIN LATERAL (${refusalOnAcceptance('a')}) f WHERE a.kind = 'payment'`,
    );
  },
};

async function forget(tx: Queryable, ids: string, from: bigint): Promise<void> {
  await tx.query(`DELETE FROM app.refused_payment WHERE id IN (${ids})`, [from]);
}
