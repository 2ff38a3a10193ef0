import type { Hex } from '#contracts';
import { type Queryable, toBytes, toHex } from '#persistence';
import { ORDER_KINDS } from './kinds/index.js';
import type { HistoryEntry, OrderKind } from './pipeline/kind.js';
import { leftCode, newestRefusal, refusalOnAcceptance, settledOrders } from './pipeline/settled-orders.js';

export const ACTIVITY_KINDS = [
  'issued',
  'paid',
  'voided',
  'given',
  'received',
  'refunded',
  'expired',
  'refused',
  'accepted',
] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** Something that happened to an account. */
export interface ActivityRow {
  readonly kind: ActivityKind;
  /** Milliseconds since 1970: block time of what is final, else when it was received. */
  readonly at: bigint;
  /** Distinguishes rows of the same moment, so that a page can go on between them. */
  readonly key: string;
  readonly series: bigint;
  /** numeric as digits */
  readonly amount: string;
  /** The order's id; null for what no holder signed. */
  readonly order: Hex | null;
  readonly merchant: Hex | null;
  /** The other resident of a gift. */
  readonly other: Hex | null;
  /** Number of the refusal. */
  readonly code: number | null;
  readonly block: bigint | null;
}

type RawActivityRow = Omit<ActivityRow, 'order' | 'merchant' | 'other'> & {
  order: Buffer | null;
  merchant: Buffer | null;
  other: Buffer | null;
};

/** What happens to holdings without an order of the holder. */
const UNORDERED = [
  ['issued', 'i'],
  ['expired', 'e'],
] as const;

/** The first letter keeps kinds apart within a page's cursor. */
const placeKey = (letter: string) =>
  `'${letter}' || lpad(e.block_number::text, 12, '0') || lpad(e.log_index::text, 8, '0')`;

function unordered([table, letter]: (typeof UNORDERED)[number]): string {
  return `
  SELECT '${table}' AS kind, b.timestamp * 1000 AS at, ${placeKey(letter)} AS key, e.series::bigint AS series,
         e.amount::numeric AS amount, NULL::bytea AS "order", NULL::bytea AS merchant, NULL::bytea AS other,
         NULL::integer AS code, e.block_number::bigint AS block
    FROM chain.${table} e JOIN chain.block b ON b.number = e.block_number WHERE e.account = $1`;
}

/** SQL of the account on the other side, in the column that is meant for it. */
function counterparts({ counterpart }: HistoryEntry, column: string): string {
  const inColumn = (name: HistoryEntry['counterpart']) => (counterpart === name ? column : 'NULL::bytea');
  return `${inColumn('merchant')}, ${inColumn('other')}`;
}

/** Settled orders with the account on one side. */
function settledSide(kind: OrderKind, side: 'holder' | 'other'): string[] {
  const entry = kind.history[side];
  if (entry === undefined) return [];
  const counterpart = side === 'holder' ? 'e.other' : 'e.holder';
  return [
    `
  SELECT '${entry.event}', b.timestamp * 1000, ${placeKey(side === 'holder' ? 'h' : 'o')}, e.series::bigint,
         e.amount::numeric, e.id, ${counterparts(entry, counterpart)}, NULL::integer, e.block_number
    FROM (${settledOrders([kind])}) e JOIN chain.block b ON b.number = e.block_number WHERE e.${side} = $1`,
  ];
}

/** What the account signed and the chain has not settled: accepted, or refused by contract, API or relayer. */
function openOrders(kind: OrderKind): string[] {
  const entry = kind.history.holder;
  if (entry === undefined) return [];
  return [
    `
  SELECT CASE WHEN coalesce(r.code, f.code, l.code) IS NULL THEN 'accepted' ELSE 'refused' END,
         (extract(epoch FROM a.received_at) * 1000)::bigint, 'a' || encode(a.id, 'hex'), a.series[1], a.amount, a.id,
         ${counterparts(entry, 'a.other')}, coalesce(r.code, f.code, l.code), r.block_number
    FROM app.signed_order a
    LEFT JOIN LATERAL (${newestRefusal('a.id')}) r ON true
    LEFT JOIN LATERAL (${refusalOnAcceptance('a')}) f ON true
   CROSS JOIN LATERAL (SELECT ${leftCode('a.id')} AS code) l
   WHERE a.holder = $1 AND a.kind = '${kind.name}'
     AND NOT EXISTS (SELECT FROM ${kind.settled.name} f WHERE f.id = a.id)`,
  ];
}

/**
 * Everything that happened to an account. An order appears once: final; else refused (by the contract's newest refusal,
 * or the API's, or because it was not relayed); else accepted. A payment has a row for each series that gave to it;
 * until it is final one, under the first listed. Every part is bounded by the account's own rows.
 */
const ACTIVITY = [
  ...UNORDERED.map(unordered),
  ...ORDER_KINDS.all.flatMap((kind) => [
    ...settledSide(kind, 'holder'),
    ...settledSide(kind, 'other'),
    ...openOrders(kind),
  ]),
].join(' UNION ALL ');

/** What happened to an account, newest first, behind (`at`, `key`). */
export async function listActivity(
  db: Queryable,
  account: Hex,
  after: readonly [at: string, key: string] | undefined,
  limit: number,
): Promise<ActivityRow[]> {
  const rows = await db.query<RawActivityRow>(
    `SELECT * FROM (${ACTIVITY}) AS activity
      WHERE $2::bigint IS NULL OR (at, key COLLATE "C") < ($2, $3::text)
      ORDER BY at DESC, key COLLATE "C" DESC LIMIT $4`,
    [toBytes(account), after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows.map((row) => ({
    ...row,
    order: row.order && toHex(row.order),
    merchant: row.merchant && toHex(row.merchant),
    other: row.other && toHex(row.other),
  }));
}
