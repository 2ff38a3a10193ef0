import type { OrderKindName } from '#contracts';
import { type Queryable, toBytes, toHex } from '#persistence';
import { placesMeant } from '#platform';
import type { OrderKind } from './kind.js';
import type { OrderPart, OrderRecord, OrderState } from './order.js';
import { orderRefusalKey } from './refusal-code.js';
import {
  LEFT_OUTBOX,
  leftCode,
  newestRefusal,
  refusalOnAcceptance,
  settledOrders,
} from './settled-orders.js';

/** Filters of a list; region a spelling of a place, days are of the Korean calendar as spans of Unix seconds. */
export interface OrderFilter {
  readonly state: OrderState;
  readonly holder?: string | undefined;
  readonly other?: string | undefined;
  readonly series?: number | undefined;
  /** Voids of this payment. */
  readonly payment?: string | undefined;
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
  kind: OrderKindName;
  holder: Buffer;
  other: Buffer | null;
  payment: Buffer | null;
  /** Numbers joined by spaces, as are the parts' amounts. */
  series: string;
  part_series: string | null;
  part_amounts: string | null;
  /** Series and won by spaces, those by semicolons; null where nothing was taken back. */
  voided: string | null;
  amount: string;
  nonce: bigint;
  order_ref: Buffer;
  deadline: bigint | null;
  received_at: Date | null;
  final: boolean;
  refused_on_acceptance: boolean;
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

/** What settled voids took back of order i, by series. */
const VOIDED = `
  SELECT string_agg(concat_ws(' ', v.series, v.amount), ';' ORDER BY v.series) AS voided
    FROM (SELECT series, sum(amount) AS amount FROM chain.void WHERE payment = i.id GROUP BY series) v`;

/**
 * An order is final when the chain has settled it, whatever refusals are known (somebody may submit it a second time);
 * else refused by the contract's newest refusal, or by the API, or because it left the outbox without the chain; else
 * accepted. One that somebody else submitted to the contract has no row in app.signed_order. `source` gives id, kind, place and the
 * two keys of a list.
 */
function recordsOf(kinds: readonly OrderKind[], source: string): string {
  return `
    SELECT i.id, i.kind, coalesce(c.holder, p.holder) AS holder, coalesce(c.other, p.other) AS other,
           coalesce(c.payment, p.payment) AS payment,
           coalesce(array_to_string(p.series, ' '), c.part_series) AS series,
           c.part_series, c.part_amounts, coalesce(c.amount, p.amount)::text AS amount, t.voided,
           coalesce(c.nonce, p.nonce) AS nonce, coalesce(c.order_ref, p.order_ref) AS order_ref,
           p.deadline, p.received_at, c.nonce IS NOT NULL AS final,
           r.code IS NULL AND f.code IS NOT NULL AS refused_on_acceptance,
           coalesce(r.code, f.code, ${leftCode('i.id')}) AS code,
           coalesce(r.a, f.a)::text AS a, coalesce(r.b, f.b)::text AS b,
           block.number AS block_number, block.timestamp AS block_time,
           coalesce(c.tx_hash, r.tx_hash) AS tx_hash, c.region, c.category, c.own::text AS own,
           i.key_one, i.key_two
      FROM (${source}) i
      LEFT JOIN app.signed_order p ON p.id = i.id AND p.kind = i.kind
      LEFT JOIN LATERAL (
        SELECT s.holder, s.other, s.payment, string_agg(s.series::text, ' ' ORDER BY s.part) AS part_series,
               string_agg(s.amount::text, ' ' ORDER BY s.part) AS part_amounts, sum(s.amount)::bigint AS amount,
               min(s.nonce) AS nonce, s.order_ref, s.tx_hash, s.block_number, s.region, s.category, s.own
          FROM (${settledOrders(kinds)}) s WHERE s.id = i.id AND s.kind = i.kind
         GROUP BY s.holder, s.other, s.payment, s.order_ref, s.tx_hash, s.block_number, s.region, s.category, s.own
        ) c ON true
      LEFT JOIN LATERAL (${newestRefusal('i.id')}) r ON c.nonce IS NULL
      LEFT JOIN LATERAL (${refusalOnAcceptance('p')}) f ON true
      LEFT JOIN LATERAL (${VOIDED}) t ON true
      LEFT JOIN chain.block block ON block.number = coalesce(c.block_number, r.block_number)
     WHERE p.holder IS NOT NULL OR c.nonce IS NOT NULL
     ORDER BY i.place`;
}

/** An order that is asked for. */
export interface OrderKey {
  readonly id: string;
  readonly kind: OrderKind;
}

/** What is known of these orders, of whatever kinds; unknown ones are left out. One statement. */
export async function findOrders(db: Queryable, wanted: readonly OrderKey[]): Promise<OrderRecord[]> {
  const kinds = [...new Set(wanted.map(({ kind }) => kind))];
  const source = `SELECT id, kind, place, '' AS key_one, '' AS key_two
                    FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY AS wanted(id, kind, place)`;
  const rows = await db.query<RecordRow>(recordsOf(kinds, source), [
    wanted.map(({ id }) => toBytes(id)),
    wanted.map(({ kind }) => kind.name),
  ]);
  return rows.map(toRecord);
}

/** Orders newest first, `limit` of them behind `after` (the key of the last one before). */
export async function listOrders(
  db: Queryable,
  kind: OrderKind,
  filter: OrderFilter,
  limit: number,
  after: readonly string[] | undefined,
): Promise<ListedOrder[]> {
  const { state, other, holder, series, payment, region, category, code, from, until } = filter;
  const params = [
    other === undefined ? null : toBytes(other),
    holder === undefined ? null : toBytes(holder),
    series ?? null,
    region === undefined ? null : placesMeant(region),
    category ?? null,
    from ?? null,
    until ?? null,
    after?.[0] ?? null,
    after?.[1] ?? null,
    limit,
    payment === undefined ? null : toBytes(payment),
  ];
  const source = state === 'final' ? finalSource(kind) : submittedSource(kind, state);
  const rows = await db.query<RecordRow>(
    recordsOf([kind], source),
    state === 'refused' ? [...params, code ?? null] : params,
  );
  return rows.map((row) => ({ record: toRecord(row), key: [row.key_one, row.key_two] }));
}

/** Settled ones in the chain's order, once each. Days become block numbers first: the index is on those. */
function finalSource(kind: OrderKind): string {
  return `
    SELECT c.id, c.kind, row_number() OVER (ORDER BY c.block_number DESC, c.log_index DESC) AS place,
           c.block_number::text AS key_one, c.log_index::text AS key_two
      FROM (${settledOrders([kind])}) c
     WHERE ($1::bytea IS NULL OR c.other = $1) AND ($2::bytea IS NULL OR c.holder = $2)
       AND ($3::bigint IS NULL OR c.series = $3) AND ($11::bytea IS NULL OR c.payment = $11)
       AND ($4::text[] IS NULL OR c.region ^@ ANY ($4)) AND ($5::int IS NULL OR c.category = $5)
       AND ($6::bigint IS NULL OR c.block_number >= (SELECT min(number) FROM chain.block WHERE timestamp >= $6))
       AND ($7::bigint IS NULL OR c.block_number <= (SELECT max(number) FROM chain.block WHERE timestamp < $7))
       AND ($8::text IS NULL OR (c.block_number, c.log_index) < ($8::bigint, $9::int))
       -- With a series, its own part; else the first.
       AND ($3::bigint IS NOT NULL OR c.part = 0)
     ORDER BY c.block_number DESC, c.log_index DESC LIMIT $10`;
}

/** Accepted or refused ones by the moment they came; place and category are the merchant's of today. */
function submittedSource(
  { name, outbox, merchant, settled }: OrderKind,
  state: 'accepted' | 'refused',
): string {
  const ids =
    state === 'accepted'
      ? `SELECT id FROM app.outbox WHERE kind = '${outbox}' AND decided_block IS NULL`
      : `SELECT s.id FROM app.signed_order s CROSS JOIN LATERAL (${refusalOnAcceptance('s')}) f WHERE s.kind = '${name}'
         UNION SELECT id FROM chain.order_refused WHERE kind = '${name}'
         UNION SELECT id FROM app.outbox WHERE kind = '${outbox}' AND ${LEFT_OUTBOX}`;
  const ofCode =
    state === 'accepted'
      ? ''
      : `AND ($12::int IS NULL OR $12 = coalesce((SELECT n.code FROM (${newestRefusal('p.id')}) n), (SELECT f.code FROM (${refusalOnAcceptance('p')}) f),
                                  ${leftCode('p.id')}))`;
  return `
    SELECT p.id, p.kind, row_number() OVER (ORDER BY p.received_at DESC, p.id DESC) AS place,
           to_char(p.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS key_one,
           '0x' || encode(p.id, 'hex') AS key_two
      FROM (${ids}) known
      JOIN app.signed_order p ON p.id = known.id AND p.kind = '${name}'
      LEFT JOIN LATERAL (SELECT region, category FROM chain.merchant_version v
                          WHERE v.merchant = ${merchant === null ? 'NULL' : `p.${merchant}`}
                          ORDER BY block_number DESC, log_index DESC LIMIT 1) m ON true
     WHERE NOT EXISTS (SELECT 1 FROM ${settled.name} c WHERE c.id = p.id)
       AND ($1::bytea IS NULL OR p.other = $1) AND ($2::bytea IS NULL OR p.holder = $2)
       AND ($11::bytea IS NULL OR p.payment = $11)
       AND ($3::bigint IS NULL OR $3 = ANY (p.series)) AND ($4::text[] IS NULL OR m.region ^@ ANY ($4))
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

function toRecord(row: RecordRow): OrderRecord {
  const amounts = row.part_amounts?.split(' ') ?? [];
  return {
    id: toHex(row.id),
    kind: row.kind,
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
    voided: partsIn(row.voided),
    amount: BigInt(row.amount),
    nonce: Number(row.nonce),
    reference: toHex(row.order_ref),
    deadline: row.deadline === null ? null : Number(row.deadline),
    receivedAt: row.received_at,
    refusal: refusalOf(row),
    block: blockOf(row),
    place:
      row.region === null || row.category === null ? null : { region: row.region, category: row.category },
    own: row.own === null ? null : BigInt(row.own),
  };
}

function partsIn(text: string | null): OrderPart[] {
  return (text?.split(';') ?? []).map((part) => {
    const [series = '', amount = ''] = part.split(' ');
    return { series: Number(series), amount: BigInt(amount) };
  });
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
    refusedOnAcceptance: row.refused_on_acceptance,
  };
}

function blockOf({ block_number: number, block_time: time, tx_hash: hash }: RecordRow): OrderRecord['block'] {
  if (number === null || time === null || hash === null) return null;
  return { number, timestamp: Number(time), transaction: toHex(hash) };
}
