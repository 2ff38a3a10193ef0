import type { Hex, OrderKindName } from '#contracts';
import { NOW_SECONDS, NOW_STAMP, type Queryable, timeOf, toBytes, toHex } from '#persistence';
import type { OrderKind } from './kind.js';
import type { Order, OrderRefusal } from './order.js';
import { refusalOnAcceptance } from './settled-orders.js';

/**
 * First halves of the advisory lock numbers: transactions that decide about holdings do not wait for those that decide
 * about merchant balances.
 */
const LOCK_SPACE = {
  holding: 0x4a54_5041_0000_0000n,
  merchant_balance: 0x4a54_5245_0000_0000n,
  // Device keys have one limit for what they pay, take back and circulate.
  devices: 0x4a54_4445_0000_0000n,
} as const;

/**
 * Makes every other transaction that decides about one of these holders wait until this one ends. In ascending order, so
 * that two transactions cannot wait for each other; two holders that share a number only wait without need.
 *
 * @returns the time, see NOW_SECONDS
 */
export async function lockHolders(
  tx: Queryable,
  { takesFrom, locksOther }: OrderKind,
  orders: readonly Pick<Order, 'holder' | 'other' | 'signer'>[],
): Promise<number> {
  const numbers = new Set<bigint>();
  for (const { holder, other, signer } of orders) {
    numbers.add(lockNumber(takesFrom, holder));
    if (locksOther === true && other !== null) numbers.add(lockNumber(takesFrom, other));
    if (signer.ringed) numbers.add(lockNumber('devices', holder));
  }
  const ascending = [...numbers].sort((one, other) => (one < other ? -1 : 1));
  const rows = await tx.query<{ time: bigint }>(
    `SELECT pg_advisory_xact_lock(number), ${NOW_SECONDS} AS time FROM unnest($1::bigint[]) AS number`,
    [ascending],
    { prepared: true },
  );
  return timeOf(rows.at(-1));
}

function lockNumber(space: keyof typeof LOCK_SPACE, holder: string): bigint {
  return LOCK_SPACE[space] ^ BigInt.asIntN(64, BigInt(holder.slice(0, 18)));
}

/** An order and what refuses it; null = accepted. */
export interface StoredOrder {
  readonly order: Order;
  readonly refusal: OrderRefusal | null;
  /** It counts against the limit of the account's device keys. */
  readonly byDevice: boolean;
}

/** Columns of app.signed_order in the order of their values, with the types of their arrays. */
const COLUMNS = {
  id: 'bytea',
  kind: 'text',
  holder: 'bytea',
  other: 'bytea',
  payment: 'bytea',
  series: 'text',
  amount: 'numeric',
  nonce: 'bigint',
  deadline: 'bigint',
  order_ref: 'bytea',
  proof: 'bytea',
  by_device: 'boolean',
  refusal_code: 'smallint',
  refusal_a: 'numeric',
  refusal_b: 'numeric',
} as const;

const NAMES = Object.keys(COLUMNS);
/** An array of arrays would have to be rectangular. */
const SELECTED = NAMES.map((name) =>
  name === 'series' ? `string_to_array(i.series, ' ')::bigint[]` : `i.${name}`,
);
const INSERT = `
  WITH stored AS (
    INSERT INTO app.signed_order (${NAMES.join(', ')}, received_at)
    SELECT ${SELECTED.join(', ')}, ${NOW_STAMP}
      FROM unnest(${Object.values(COLUMNS)
        .map((type, index) => `$${index + 1}::${type}[]`)
        .join(', ')}) AS i(${NAMES.join(', ')}))
  SELECT ${NOW_STAMP} AS at`;

/** Stores orders; one with a refusal was never accepted. Returns the moment they came. */
export async function insertOrders(
  tx: Queryable,
  kind: OrderKindName,
  rows: readonly StoredOrder[],
): Promise<Date> {
  const cells = rows.map(({ order, refusal, byDevice }) => [
    toBytes(order.id),
    kind,
    toBytes(order.holder),
    bytesOrNull(order.other),
    bytesOrNull(order.payment),
    order.series.join(' '),
    order.amount,
    order.nonce,
    order.deadline,
    toBytes(order.reference),
    toBytes(order.proof),
    byDevice,
    refusal?.number ?? null,
    refusal?.a ?? null,
    refusal?.b ?? null,
  ]);
  const columns = NAMES.map((_name, index) => cells.map((line) => line[index]));
  const [row] = await tx.query<{ at: Date }>(INSERT, columns, { prepared: true });
  if (row === undefined) throw new Error('a SELECT without FROM gives one row');
  return row.at;
}

const INSERT_LATER = `
  INSERT INTO app.later_refusal (id, code, a, b)
  SELECT i.id, i.code, i.a, i.b
    FROM unnest($1::bytea[], $2::smallint[], $3::numeric[], $4::numeric[]) AS i(id, code, a, b)
    JOIN app.signed_order p ON p.id = i.id
   CROSS JOIN LATERAL (${refusalOnAcceptance('p')}) newest
   WHERE (newest.code, newest.a, newest.b) IS DISTINCT FROM (i.code, i.a, i.b)`;

/** An order that was refused before, and what refuses it now. */
export interface RefusedAgain {
  readonly id: Hex;
  readonly refusal: OrderRefusal;
}

/** Keeps why orders were refused when they came again; the same reason with the same values once. */
export async function insertLaterRefusals(tx: Queryable, again: readonly RefusedAgain[]): Promise<void> {
  if (again.length === 0) return;
  const refusals = again.map(({ refusal }) => refusal);
  await tx.query(INSERT_LATER, [
    again.map(({ id }) => toBytes(id)),
    refusals.map(({ number }) => number),
    refusals.map(({ a }) => a),
    refusals.map(({ b }) => b),
  ]);
}

/** Those of some orders that the chain has settled, whoever submitted them. */
export async function findSettled(
  tx: Queryable,
  { settled }: OrderKind,
  ids: readonly Hex[],
): Promise<ReadonlySet<Hex>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.query<{ id: Buffer }>(`SELECT id FROM ${settled.name} WHERE id = ANY ($1::bytea[])`, [
    ids.map(toBytes),
  ]);
  return new Set(rows.map(({ id }) => toHex(id)));
}

/** Takes orders that were refused once and have an outbox row now out of what reports count as refused. */
export async function supersedeRefusals(tx: Queryable, ids: readonly Hex[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query('SELECT app.forget_superseded_refusals($1::bytea[])', [ids.map(toBytes)]);
}

function bytesOrNull(hex: string | null): Buffer | null {
  return hex === null ? null : toBytes(hex);
}
