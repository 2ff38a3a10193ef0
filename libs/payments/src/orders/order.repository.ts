import { NOW_SECONDS, NOW_STAMP, type Queryable, timeOf, toBytes } from '#persistence';
import type { Order, OrderKind, OrderRefusal } from './order.js';

/** First halves of the advisory lock numbers: who decides about holdings does not wait for who decides about merchant balances. */
const LOCK_SPACE = {
  holding: 0x4a54_5041_0000_0000n,
  merchantBalance: 0x4a54_5245_0000_0000n,
  // Device keys have one limit for what they pay, take back and circulate.
  devices: 0x4a54_4445_0000_0000n,
} as const;

const SPACE: Readonly<Record<OrderKind, keyof typeof LOCK_SPACE>> = {
  payment: 'holding',
  gift: 'holding',
  refund: 'holding',
  redemption: 'merchantBalance',
  void: 'merchantBalance',
  circulation: 'merchantBalance',
};

/**
 * Makes everybody else who decides about one of these holders wait until this transaction ends. In ascending order,
 * so that two transactions cannot wait for each other; two holders that share a number only wait without need.
 *
 * @returns the time, see NOW_SECONDS
 */
export async function lockHolders(
  tx: Queryable,
  kind: OrderKind,
  orders: readonly Pick<Order, 'holder' | 'other' | 'signer'>[],
): Promise<number> {
  const numbers = new Set<bigint>();
  for (const { holder, other, signer } of orders) {
    numbers.add(lockNumber(SPACE[kind], holder));
    // What somebody may be given depends on what others give at the same time.
    if (kind === 'gift' && other !== null) numbers.add(lockNumber('holding', other));
    if (signer.spending !== null) numbers.add(lockNumber('devices', holder));
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

/** An order and what refuses it at the door; null = accepted. */
export interface StoredOrder {
  readonly order: Order;
  readonly refusal: OrderRefusal | null;
}

/** Columns of the table of a kind, their types and values; the order of all three is the same. */
interface Columns {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly values: (order: Order) => readonly unknown[];
  readonly table: string;
  /** SQL of the values where it differs from the names. */
  readonly select?: Readonly<Record<string, string>>;
}

const PAYMENT: Columns = {
  table: 'app.payment',
  names: ['payer', 'merchant', 'series'],
  types: ['bytea', 'bytea', 'text'],
  // An array of arrays would have to be rectangular.
  select: { series: `string_to_array(i.series, ' ')::bigint[]` },
  values: ({ holder, other, series }) => [toBytes(holder), bytesOrNull(other), series.join(' ')],
};
const REDEMPTION: Columns = {
  table: 'app.redemption',
  names: ['merchant', 'series'],
  types: ['bytea', 'bigint'],
  values: ({ holder, series }) => [toBytes(holder), series[0]],
};
const otherKind = (kind: OrderKind): Columns => ({
  table: 'app.signed_order',
  names: ['kind', 'holder', 'other', 'payment', 'series'],
  types: ['app.signed_order_kind', 'bytea', 'bytea', 'bytea', 'bigint'],
  values: ({ holder, other, payment, series }) => [
    kind,
    toBytes(holder),
    bytesOrNull(other),
    bytesOrNull(payment),
    series[0],
  ],
});

function columnsOf(kind: OrderKind): Columns {
  if (kind === 'payment') return PAYMENT;
  return kind === 'redemption' ? REDEMPTION : otherKind(kind);
}

const COMMON = [
  'id',
  'amount',
  'nonce',
  'deadline',
  'order_ref',
  'proof',
  'refusal_code',
  'refusal_a',
  'refusal_b',
];
const COMMON_TYPES = [
  'bytea',
  'numeric',
  'bigint',
  'bigint',
  'bytea',
  'bytea',
  'smallint',
  'numeric',
  'numeric',
];

/** Stores orders; a refusal makes the row one that was refused at the door. Returns the moment they came. */
export async function insertOrders(
  tx: Queryable,
  kind: OrderKind,
  rows: readonly StoredOrder[],
): Promise<Date> {
  const { table, names, types, values, select = {} } = columnsOf(kind);
  const columns = [...COMMON, ...names];
  const casts = [...COMMON_TYPES, ...types].map((type, index) => `$${index + 1}::${type}[]`);
  const cells = rows.map(({ order, refusal }) => [
    toBytes(order.id),
    order.amount,
    order.nonce,
    order.deadline,
    toBytes(order.order),
    toBytes(order.proof),
    refusal?.number ?? null,
    refusal?.a ?? null,
    refusal?.b ?? null,
    ...values(order),
  ]);
  const [row] = await tx.query<{ at: Date }>(
    `WITH stored AS (
     INSERT INTO ${table} (${columns.join(', ')}, received_at)
     SELECT ${columns.map((name) => select[name] ?? `i.${name}`).join(', ')}, ${NOW_STAMP}
       FROM unnest(${casts.join(', ')}) AS i(${columns.join(', ')}))
     SELECT ${NOW_STAMP} AS at`,
    columns.map((_name, index) => cells.map((line) => line[index])),
    { prepared: true },
  );
  if (row === undefined) throw new Error('a SELECT without FROM gives one row');
  return row.at;
}

function bytesOrNull(hex: string | null): Buffer | null {
  return hex === null ? null : toBytes(hex);
}
