import { LEFT_WITHOUT_CHAIN } from '#chain';
import { type Queryable, toBytes, toHex } from '#persistence';
import { NOT_CARRIED_NUMBER, orderRefusalKey } from './refusal-code.js';
import type { OrderKind, OrderRecord, OrderState } from './order.js';
import { SOURCES } from './record-sources.js';

/** Filters of a list; region is a prefix, days are of the Korean calendar as spans of Unix seconds. */
export interface OrderFilter {
  readonly state: OrderState;
  readonly holder?: string | undefined;
  readonly other?: string | undefined;
  readonly series?: number | undefined;
  readonly region?: string | undefined;
  readonly category?: number | undefined;
  /** Number of a refusal. */
  readonly code?: number | undefined;
  /** Unix seconds: from ≤ t < until. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/** A record with the key by which its list is sorted. */
export interface ListedOrder {
  readonly record: OrderRecord;
  readonly key: readonly [string, string];
}

interface RecordRow extends Record<string, unknown> {
  id: Buffer;
  holder: Buffer;
  other: Buffer | null;
  payment: Buffer | null;
  /** Numbers joined by spaces, as are the parts' amounts. */
  series: string;
  part_series: string | null;
  part_amounts: string | null;
  amount: string;
  nonce: bigint;
  order_ref: Buffer;
  deadline: bigint | null;
  received_at: Date | null;
  final: boolean;
  at_door: boolean;
  code: number | null;
  a: string | null;
  b: string | null;
  block_number: bigint | null;
  block_time: bigint | null;
  tx_hash: Buffer | null;
  region: string | null;
  category: number | null;
  own: string | null;
  key_one: string;
  key_two: string;
}

/** Form of the parts of a list's cursor, by state. */
export const KEY_FORMS: Readonly<Record<OrderState, readonly [RegExp, RegExp]>> = {
  final: [/^\d{1,18}$/, /^\d{1,9}$/],
  accepted: [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/, /^0x[0-9a-f]{64}$/],
  refused: [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/, /^0x[0-9a-f]{64}$/],
};

/**
 * An order is final when the chain has settled it, whatever refusals are known (somebody may bring it a second time);
 * else refused by the newest refusal on chain, or the one at the door, or because it left the outbox without the chain;
 * else accepted. A payment has a row for each series that gave to it.
 */
function recordsOf(kind: OrderKind, source: string): string {
  const { submitted, settled } = SOURCES[kind];
  return `
    SELECT i.id, coalesce(c.holder, p.holder) AS holder, coalesce(c.other, p.other) AS other,
           coalesce(c.payment, p.payment) AS payment, coalesce(p.series, c.part_series) AS series,
           c.part_series, c.part_amounts, coalesce(c.amount, p.amount)::text AS amount,
           coalesce(c.nonce, p.nonce) AS nonce, coalesce(c.order_ref, p.order_ref) AS order_ref,
           p.deadline, p.received_at, c.nonce IS NOT NULL AS final,
           r.code IS NULL AND p.refusal_code IS NOT NULL AS at_door,
           coalesce(r.code, p.refusal_code, ${leftCode('i.id')}) AS code,
           coalesce(r.a, p.refusal_a)::text AS a, coalesce(r.b, p.refusal_b)::text AS b,
           block.number AS block_number, block.timestamp AS block_time,
           coalesce(c.tx_hash, r.tx_hash) AS tx_hash, c.region, c.category::int AS category, c.own::text AS own,
           i.key_one, i.key_two
      FROM (${source}) i
      LEFT JOIN LATERAL (${submitted('i.id')}) p ON true
      LEFT JOIN LATERAL (${settled('i.id')}) c ON c.nonce IS NOT NULL
      LEFT JOIN LATERAL (SELECT code, a, b, tx_hash, block_number FROM chain.${kind}_refused r
                          WHERE r.id = i.id ORDER BY block_number DESC, log_index DESC LIMIT 1) r ON c.nonce IS NULL
      LEFT JOIN chain.block block ON block.number = coalesce(c.block_number, r.block_number)
     WHERE p.holder IS NOT NULL OR c.nonce IS NOT NULL
     ORDER BY i.place`;
}

const LEFT = `decided_block = ${LEFT_WITHOUT_CHAIN}`;

/** SQL of the refusal's number of an order that left the outbox without the chain; null of others. */
export function leftCode(id: string): string {
  return `(SELECT ${NOT_CARRIED_NUMBER} FROM app.outbox o WHERE o.id = ${id} AND o.${LEFT})`;
}

/** What is known of these orders; unknown ids are left out. One statement. */
export async function findOrders(
  db: Queryable,
  kind: OrderKind,
  ids: readonly string[],
): Promise<OrderRecord[]> {
  const source = `SELECT id, place, '' AS key_one, '' AS key_two
                    FROM unnest($1::bytea[]) WITH ORDINALITY AS wanted(id, place)`;
  const rows = await db.query<RecordRow>(recordsOf(kind, source), [ids.map(toBytes)]);
  return rows.map((row) => toRecord(kind, row));
}

/** Orders newest first, `limit` of them behind `after` (the key of the last one before). */
export async function listOrders(
  db: Queryable,
  kind: OrderKind,
  filter: OrderFilter,
  limit: number,
  after: readonly string[] | undefined,
): Promise<ListedOrder[]> {
  const { state, other, holder, series, region, category, code, from, until } = filter;
  const params = [
    other === undefined ? null : toBytes(other),
    holder === undefined ? null : toBytes(holder),
    series ?? null,
    region ?? null,
    category ?? null,
    from ?? null,
    until ?? null,
    after?.[0] ?? null,
    after?.[1] ?? null,
    limit,
  ];
  const source = state === 'final' ? finalSource(kind) : submittedSource(kind, state);
  const rows = await db.query<RecordRow>(
    recordsOf(kind, source),
    state === 'refused' ? [...params, code ?? null] : params,
  );
  return rows.map((row) => ({ record: toRecord(kind, row), key: [row.key_one, row.key_two] }));
}

/** Settled ones in the chain's order. Days become block numbers first: the index is on those. */
function finalSource(kind: OrderKind): string {
  const { holder, other, place, once } = SOURCES[kind];
  return `
    SELECT c.id, row_number() OVER (ORDER BY c.block_number DESC, c.log_index DESC) AS place,
           c.block_number::text AS key_one, c.log_index::text AS key_two
      FROM chain.${kind} c
     WHERE ($1::bytea IS NULL OR c.${other ?? holder} = $1) AND ($2::bytea IS NULL OR c.${holder} = $2)
       AND ($3::bigint IS NULL OR c.series = $3)
       AND ($4::text IS NULL OR ${place ? 'starts_with(c.region, $4)' : 'false'})
       AND ($5::int IS NULL OR ${place ? 'c.category = $5' : 'false'})
       AND ($6::bigint IS NULL OR c.block_number >= (SELECT min(number) FROM chain.block WHERE timestamp >= $6))
       AND ($7::bigint IS NULL OR c.block_number <= (SELECT max(number) FROM chain.block WHERE timestamp < $7))
       AND ($8::text IS NULL OR (c.block_number, c.log_index) < ($8::bigint, $9::int))
       ${once}
     ORDER BY c.block_number DESC, c.log_index DESC LIMIT $10`;
}

/** Accepted or refused ones by the moment they came; place and category are the merchant's of today. */
function submittedSource(kind: OrderKind, state: 'accepted' | 'refused'): string {
  const { table, ofKind, outboxKind, appHolder, appOther, appSeries, merchant } = SOURCES[kind];
  const ids =
    state === 'accepted'
      ? `SELECT id FROM app.outbox WHERE kind = '${outboxKind}' AND decided_block IS NULL`
      : `SELECT id FROM ${table} WHERE refusal_code IS NOT NULL UNION SELECT id FROM chain.${kind}_refused
         UNION SELECT id FROM app.outbox WHERE kind = '${outboxKind}' AND ${LEFT}`;
  const ofCode =
    state === 'accepted'
      ? ''
      : `AND ($11::int IS NULL OR $11 = coalesce((SELECT r.code FROM chain.${kind}_refused r WHERE r.id = p.id
                                    ORDER BY r.block_number DESC, r.log_index DESC LIMIT 1), p.refusal_code,
                                  ${leftCode('p.id')}))`;
  return `
    SELECT p.id, row_number() OVER (ORDER BY p.received_at DESC, p.id DESC) AS place,
           to_char(p.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS key_one,
           '0x' || encode(p.id, 'hex') AS key_two
      FROM (${ids}) known
      JOIN ${table} p ON p.id = known.id ${ofKind}
      LEFT JOIN LATERAL (SELECT region, category FROM chain.merchant_version v WHERE v.merchant = p.${merchant}
                          ORDER BY block_number DESC, log_index DESC LIMIT 1) m ON true
     WHERE NOT EXISTS (SELECT 1 FROM chain.${kind} c WHERE c.id = p.id)
       AND ($1::bytea IS NULL OR p.${appOther ?? appHolder} = $1) AND ($2::bytea IS NULL OR p.${appHolder} = $2)
       AND ($3::bigint IS NULL OR ${appSeries}) AND ($4::text IS NULL OR starts_with(m.region, $4))
       AND ($5::int IS NULL OR m.category = $5)
       AND ($6::bigint IS NULL OR p.received_at >= to_timestamp($6::double precision))
       AND ($7::bigint IS NULL OR p.received_at < to_timestamp($7::double precision))
       AND ($8::text IS NULL OR (p.received_at, p.id)
                                < ($8::timestamptz, decode(substr($9::text, 3), 'hex')))
       ${ofCode}
     ORDER BY p.received_at DESC, p.id DESC LIMIT $10`;
}

function numbersIn(text: string): number[] {
  return text.split(' ').map(Number);
}

function toRecord(kind: OrderKind, row: RecordRow): OrderRecord {
  const amounts = row.part_amounts?.split(' ') ?? [];
  return {
    id: toHex(row.id),
    kind,
    state: stateOf(row),
    holder: toHex(row.holder),
    other: row.other === null ? null : toHex(row.other),
    payment: row.payment === null ? null : toHex(row.payment),
    series: numbersIn(row.series),
    parts: row.final
      ? numbersIn(row.part_series ?? row.series).map((series, index) => ({
          series,
          amount: BigInt(amounts[index] ?? row.amount),
        }))
      : null,
    amount: BigInt(row.amount),
    nonce: Number(row.nonce),
    order: toHex(row.order_ref),
    deadline: row.deadline === null ? null : Number(row.deadline),
    receivedAt: row.received_at,
    refusal: refusalOf(row),
    block: blockOf(row),
    place:
      row.region === null || row.category === null ? null : { region: row.region, category: row.category },
    own: row.own === null ? null : BigInt(row.own),
  };
}

function isRefused({ final, code }: RecordRow): boolean {
  return !final && code !== null;
}

function stateOf(row: RecordRow): OrderState {
  if (row.final) return 'final';
  return isRefused(row) ? 'refused' : 'accepted';
}

function refusalOf(row: RecordRow): OrderRecord['refusal'] {
  const { code, a, b } = row;
  if (!isRefused(row) || code === null) return null;
  return {
    code: orderRefusalKey(code),
    number: code,
    a: BigInt(a ?? 0),
    b: BigInt(b ?? 0),
    atDoor: row.at_door,
  };
}

function blockOf({ block_number: number, block_time: time, tx_hash: hash }: RecordRow): OrderRecord['block'] {
  if (number === null || time === null || hash === null) return null;
  return { number, timestamp: Number(time), transaction: toHex(hash) };
}
