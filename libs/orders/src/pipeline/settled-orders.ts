import { LEFT_WITHOUT_CHAIN } from '#relayer';
import type { OrderKind } from './kind.js';
import { NOT_RELAYED_NUMBER } from './refusal-code.js';

/**
 * SQL of the settled orders of some kinds, in the same columns whatever their tables are called: one row for each
 * series that gave. All columns have the same types in every kind, or the planner would not look up one order in each
 * table's index.
 */
export function settledOrders(kinds: readonly OrderKind[]): string {
  return kinds.map(settledOf).join(' UNION ALL ');
}

function settledOf({ name, settled }: OrderKind): string {
  const { name: table, holder, other, placed, parts, payment, own } = settled;
  return `
    SELECT '${name}'::text AS kind, t.id::bytea AS id, t.${holder}::bytea AS holder,
           ${other === null ? 'NULL' : `t.${other}`}::bytea AS other, ${payment ? 't.payment' : 'NULL'}::bytea AS payment,
           t.series::integer AS series, ${parts ? 't.part' : '0'}::integer AS part, t.amount::bigint AS amount,
           t.nonce::bigint AS nonce, t.order_ref::bytea AS order_ref, t.tx_hash::bytea AS tx_hash,
           t.block_number::bigint AS block_number, t.log_index::integer AS log_index,
           ${placed ? 't.region' : 'NULL'}::text AS region, ${placed ? 't.category' : 'NULL'}::integer AS category,
           ${own ? 't.own' : 'NULL'}::bigint AS own
      FROM ${table} t`;
}

/** SQL condition of an outbox row that left the outbox without the chain. */
export const LEFT_OUTBOX = `decided_block = ${LEFT_WITHOUT_CHAIN}`;

/** SQL of the refusal's number of an order that left the outbox without the chain; null of others. */
export function leftCode(id: string): string {
  return `(SELECT ${NOT_RELAYED_NUMBER} FROM app.outbox o WHERE o.id = ${id} AND o.${LEFT_OUTBOX})`;
}

/**
 * SQL of the newest refusal that the API gave to a row of app.signed_order, no row where it never refused it. One that
 * came again and was refused for another reason has a row of app.later_refusal.
 *
 * @param order alias of app.signed_order
 */
export function refusalByApi(order: string): string {
  return `SELECT n.code, n.a, n.b
            FROM (SELECT l.code, l.a, l.b, l.seq FROM app.later_refusal l WHERE l.id = ${order}.id
                  UNION ALL SELECT ${order}.refusal_code, ${order}.refusal_a, ${order}.refusal_b, 0) n
           WHERE ${order}.refusal_code IS NOT NULL
           ORDER BY n.seq DESC LIMIT 1`;
}

/**
 * The same, but no row of an order that was refused for a reason that passed, and accepted when it came again: that one has
 * an outbox row.
 */
export function refusalOnAcceptance(order: string): string {
  return `SELECT n.* FROM (${refusalByApi(order)}) n
           WHERE NOT EXISTS (SELECT FROM app.outbox o WHERE o.id = ${order}.id)`;
}

/** SQL of the contract's newest refusal of an order. */
export function newestRefusal(id: string): string {
  return `SELECT r.code, r.a, r.b, r.tx_hash, r.block_number FROM chain.order_refused r WHERE r.id = ${id}
           ORDER BY r.block_number DESC, r.log_index DESC LIMIT 1`;
}
