import { TRANSFER_BYTES } from '#contracts';
import { type Queryable, toBytes } from '#persistence';
import type { Order, OrderKind, OrderRefusal } from './order.js';

/** First halves of the advisory lock numbers, so that payments and redemptions do not wait for each other. */
const LOCK_SPACE: Readonly<Record<OrderKind, bigint>> = {
  payment: 0x4a54_5041_0000_0000n,
  redemption: 0x4a54_5245_0000_0000n,
};

/**
 * Makes everybody else who decides about one of these holders wait until this transaction ends. In ascending order,
 * so that two transactions cannot wait for each other; two holders that share a number only wait without need.
 */
export async function lockHolders(
  tx: Queryable,
  kind: OrderKind,
  orders: readonly { readonly holder: string }[],
): Promise<void> {
  const numbers = new Set(orders.map(({ holder }) => lockNumber(kind, holder)));
  const ascending = [...numbers].sort((one, other) => (one < other ? -1 : 1));
  await tx.query(`SELECT pg_advisory_xact_lock(number) FROM unnest($1::bigint[]) AS number`, [ascending]);
}

function lockNumber(kind: OrderKind, holder: string): bigint {
  return LOCK_SPACE[kind] ^ BigInt.asIntN(64, BigInt(holder.slice(0, 18)));
}

/**
 * SQL of what a holder's accepted and undecided orders are, end to end in one value: an array of them would be parsed
 * character by character. A payload of another length can't be carried and so reserves nothing.
 *
 * @param holder SQL of the holder's address
 */
export function reservedBy(kind: OrderKind, holder: string): string {
  return `(SELECT coalesce(string_agg(o.payload, ''::bytea), ''::bytea) FROM app.outbox o
            WHERE o.holder = ${holder} AND o.decided_block IS NULL AND o.kind = '${kind}'
              AND octet_length(o.payload) = ${TRANSFER_BYTES})`;
}

/** Stores orders; a refusal makes the row one that was refused at the door. Returns the moment they came. */
export async function insertOrders(
  tx: Queryable,
  kind: OrderKind,
  rows: readonly { readonly order: Order; readonly refusal: OrderRefusal | null }[],
): Promise<Date> {
  const payerColumn = kind === 'payment' ? 'payer, ' : '';
  const payerValue = kind === 'payment' ? 'i.holder, ' : '';
  const [row] = await tx.query<{ at: Date }>(
    `WITH stored AS (
     INSERT INTO app.${kind} (id, ${payerColumn}merchant, series, amount, nonce, deadline, order_ref, signature,
                              refusal_code, refusal_a, refusal_b)
     SELECT i.id, ${payerValue}i.merchant, i.series, i.amount, i.nonce, i.deadline, i.order_ref, i.signature,
            i.code, i.a, i.b
       FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::numeric[], $6::bigint[], $7::bigint[],
                   $8::bytea[], $9::bytea[], $10::smallint[], $11::numeric[], $12::numeric[])
         AS i(id, holder, merchant, series, amount, nonce, deadline, order_ref, signature, code, a, b))
     SELECT now() AS at`,
    [
      rows.map(({ order }) => toBytes(order.id)),
      rows.map(({ order }) => toBytes(order.holder)),
      rows.map(({ order }) => toBytes(order.merchant)),
      rows.map(({ order }) => order.series),
      rows.map(({ order }) => order.amount),
      rows.map(({ order }) => order.nonce),
      rows.map(({ order }) => order.deadline),
      rows.map(({ order }) => toBytes(order.order)),
      rows.map(({ order }) => toBytes(order.signature)),
      rows.map(({ refusal }) => refusal?.number ?? null),
      rows.map(({ refusal }) => refusal?.a ?? null),
      rows.map(({ refusal }) => refusal?.b ?? null),
    ],
  );
  if (row === undefined) throw new Error('a SELECT without FROM gives one row');
  return row.at;
}
