import {
  dayBounds,
  isAccountTier,
  koreanDayIndex,
  UNKNOWN_ACCOUNT,
  type AccountState,
  type FormerPlace,
  type MerchantState,
} from '#domain';
import { type Queryable, toBytes } from '#persistence';
import type { AcceptanceContext, StoredBefore } from './kind.js';
import type { Order } from './order.js';
import {
  EMPTY_HOLDING,
  EMPTY_MERCHANT_BALANCE,
  type HoldingEntry,
  type MerchantBalanceEntry,
} from './projected-balances.js';
import { reservedBy } from './reservations.js';
import { PACKED_SERIES, seriesRulesOf } from './series-rules.js';
import { refusalByApi } from './settled-orders.js';
import { ringOf } from './signers.js';

/** What the contract would look at besides the entries. */
export interface People {
  /** The holder's account. */
  readonly account: AccountState;
  /** The registered merchant at the other address. */
  readonly other: MerchantState | undefined;
}

export type HoldingContext = AcceptanceContext<HoldingEntry> & People;
export type MerchantContext = AcceptanceContext<MerchantBalanceEntry> &
  People & {
    /** The registered merchant who holds. */
    readonly merchant: MerchantState | undefined;
  };

/** Null where there is no such thing. */
interface Row extends Record<string, unknown> {
  readonly place: bigint;
  readonly known_at: Date | null;
  readonly known_code: number | null;
  readonly known_by_device: boolean | null;
  readonly enqueued: boolean | null;
  readonly ring: Buffer | null;
  readonly reserved: string | null;
  readonly spent_by_devices: bigint | null;
  readonly frozen_until: bigint | null;
  readonly tier: number | null;
  readonly company: boolean | null;
  readonly region: string | null;
  readonly category: number | null;
  readonly size: number | null;
  readonly status: number | null;
  readonly formerly: FormerPlace[] | null;
  /** Which series the entry is of. */
  readonly series: bigint;
  readonly packed: string;
  readonly valid_until: bigint | null;
  readonly paused_until: bigint | null;
  readonly balance: bigint | null;
  readonly top: bigint | null;
  readonly window_bits: bigint | null;
}

interface HoldingRow extends Row {
  readonly day: number | null;
  readonly spent_today: bigint | null;
  readonly received: bigint | null;
  readonly received_day: number | null;
}

interface MerchantContextRow extends Row {
  readonly hop1: bigint | null;
  readonly hop2: bigint | null;
  readonly hop3: bigint | null;
  readonly own_region: string | null;
  readonly own_category: number | null;
  readonly own_size: number | null;
  readonly own_status: number | null;
  readonly own_formerly: FormerPlace[] | null;
}

/** The newest entry of the register about an address. */
const merchantOf = (address: string) => `
  LATERAL (SELECT region, category, size, status, formerly FROM chain.merchant_version WHERE merchant = ${address}
            ORDER BY block_number DESC, log_index DESC LIMIT 1)`;

/** won that device keys of order i's holder moved since $6, the beginning of the Korean day; a limit counts them together. */
const SPENT_BY_DEVICES = `(
      SELECT coalesce(sum(m.amount), 0)::bigint
        FROM (${[
          ['payment', 'payer'],
          ['void', 'merchant'],
          ['circulation', 'merchant'],
        ]
          .map(
            ([table, who]) =>
              `SELECT t.amount FROM chain.${table} t WHERE t.${who} = i.holder AND t.by_device
                  AND t.block_number >= (SELECT min(number) FROM chain.block WHERE timestamp >= $6)`,
          )
          .join(' UNION ALL ')}) m)`;

/**
 * The part that all kinds share: order `i` and what is known around it, joined once, before its entries `w`. One
 * statement and so one snapshot: the indexer takes an order out of the outbox and out of the balance in the same
 * transaction, and we see both or neither.
 */
const AROUND_ORDERS = `
  FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::text[], $5::boolean[])
       WITH ORDINALITY AS i(id, holder, other, series, ringed, place)
  CROSS JOIN LATERAL (
    SELECT ${ringOf('i.holder')} AS ring, ${reservedBy('i.holder')} AS reserved,
           CASE WHEN i.ringed THEN ${SPENT_BY_DEVICES} END AS spent_by_devices
    OFFSET 0) x
  LEFT JOIN LATERAL (
    SELECT p.received_at, p.by_device, (SELECT n.code FROM (${refusalByApi('p')}) n) AS refusal_code,
           EXISTS (SELECT FROM app.outbox o WHERE o.id = p.id) AS enqueued
      FROM app.signed_order p WHERE p.id = i.id) k ON true
  LEFT JOIN LATERAL (SELECT frozen_until, tier, company FROM chain.account_version WHERE account = i.holder
                      ORDER BY block_number DESC, log_index DESC LIMIT 1) a ON true
  LEFT JOIN ${merchantOf('i.other')} m ON true`;

const AROUND = `i.place, k.received_at AS known_at, k.refusal_code AS known_code, k.by_device AS known_by_device,
       k.enqueued, x.ring, x.reserved, x.spent_by_devices, a.frozen_until, a.tier, a.company,
       m.region, m.category, m.size, m.status, m.formerly, w.id AS series, ${PACKED_SERIES} AS packed, v.valid_until,
       v.paused_until`;

const SERIES = `
  LEFT JOIN chain.series s ON s.id = w.id
  LEFT JOIN LATERAL (SELECT valid_until, paused_until FROM chain.series_version WHERE series = s.id
                      ORDER BY block_number DESC, log_index DESC LIMIT 1) v ON true`;

const LISTED = `SELECT unnest(string_to_array(i.series, ' ')::bigint[]) AS id`;

/** What residents hold: of the listed series, and of all others that pending payments may take from. */
export async function loadHoldings(
  tx: Queryable,
  orders: readonly Order[],
  now: number,
): Promise<HoldingContext[]> {
  const rows = await tx.query<HoldingRow>(
    `SELECT ${AROUND}, h.balance, h.top, h.window_bits, h.day, h.spent_today, h.received, h.received_day
       ${AROUND_ORDERS}
       CROSS JOIN LATERAL (${LISTED}
                           UNION SELECT series FROM chain.holding WHERE account = i.holder AND balance > 0) w
       ${SERIES}
       LEFT JOIN chain.holding h ON h.account = i.holder AND h.series = w.id
      ORDER BY i.place`,
    paramsOf(orders, now),
    { prepared: true },
  );
  return grouped(orders, rows).map(({ order, first, all }) => ({
    ...contextOf(order, first, all, holdingEntry),
    ...peopleOf(first),
  }));
}

/** What merchants have taken of the listed series. */
export async function loadMerchantBalances(
  tx: Queryable,
  orders: readonly Order[],
  now: number,
): Promise<MerchantContext[]> {
  const rows = await tx.query<MerchantContextRow>(
    `SELECT ${AROUND}, t.balance, t.top, t.window_bits, t.hop1, t.hop2, t.hop3, o.region AS own_region,
            o.category AS own_category, o.size AS own_size, o.status AS own_status,
            o.formerly AS own_formerly
       ${AROUND_ORDERS}
       LEFT JOIN ${merchantOf('i.holder')} o ON true
       CROSS JOIN LATERAL (${LISTED}) w
       ${SERIES}
       LEFT JOIN chain.merchant_balance t ON t.merchant = i.holder AND t.series = w.id
      ORDER BY i.place`,
    paramsOf(orders, now),
    { prepared: true },
  );
  return grouped(orders, rows).map(({ order, first, all }) => ({
    ...contextOf(order, first, all, merchantBalanceEntry),
    ...peopleOf(first),
    merchant: merchantState({
      region: first.own_region,
      category: first.own_category,
      size: first.own_size,
      status: first.own_status,
      formerly: first.own_formerly,
    }),
  }));
}

function paramsOf(orders: readonly Order[], now: number): unknown[] {
  return [
    orders.map(({ id }) => toBytes(id)),
    orders.map(({ holder }) => toBytes(holder)),
    orders.map(({ other }) => (other === null ? null : toBytes(other))),
    orders.map(({ series }) => series.join(' ')),
    orders.map(({ signer }) => signer.ringed),
    dayBounds(koreanDayIndex(now)).from,
  ];
}

/** Every order with its rows, of which there is one at least. */
function grouped<R extends Row>(orders: readonly Order[], rows: readonly R[]) {
  const byPlace: R[][] = orders.map(() => []);
  for (const row of rows) byPlace[Number(row.place) - 1]?.push(row);
  return orders.map((order, index) => {
    const all = byPlace[index] ?? [];
    const [first] = all;
    if (first === undefined) throw new Error(`no rows around order ${order.id}`);
    return { order, first, all };
  });
}

function contextOf<R extends Row, Entry>(
  order: Order,
  first: R,
  all: readonly R[],
  entryOf: (row: R) => Entry,
): AcceptanceContext<Entry> {
  const { ring, reserved, spent_by_devices: spentByDevices } = first;
  const [counting] = order.series;
  return {
    known: storedBefore(first),
    ring,
    reserved,
    spentByDevices: spentByDevices ?? 0n,
    established: all.some(({ series, balance }) => Number(series) === counting && balance !== null),
    entries: new Map(all.map((row) => [Number(row.series), entryOf(row)])),
  };
}

function storedBefore(row: Row): StoredBefore | null {
  const { known_at: receivedAt, known_code: refusalNumber, known_by_device: byDevice, enqueued } = row;
  if (receivedAt === null || byDevice === null || enqueued === null) return null;
  return { receivedAt, refusalNumber, wasAccepted: refusalNumber === null || enqueued, byDevice };
}

function peopleOf(row: Row): People {
  const { frozen_until: frozenUntil, tier, company } = row;
  const account =
    frozenUntil === null || company === null || tier === null || !isAccountTier(tier)
      ? UNKNOWN_ACCOUNT
      : { frozenUntil: Number(frozenUntil), company, tier };
  return { account, other: merchantState(row) };
}

function merchantState({
  region,
  category,
  size,
  status,
  formerly,
}: Pick<Row, 'region' | 'category' | 'size' | 'status' | 'formerly'>): MerchantState | undefined {
  if (region === null || category === null || size === null || status === null) return undefined;
  return { region, category, size, status, formerly: formerly ?? [] };
}

function holdingEntry(row: HoldingRow): HoldingEntry {
  const { balance, day, spent_today: spentToday, received, received_day: receivedDay } = row;
  const rules = seriesRulesOf(row.packed, row);
  if (balance === null || day === null || spentToday === null || received === null || receivedDay === null) {
    return { rules, state: EMPTY_HOLDING };
  }
  return { rules, state: { balance, window: windowOf(row), day, spentToday, received, receivedDay } };
}

function merchantBalanceEntry(row: MerchantContextRow): MerchantBalanceEntry {
  const { balance, hop1, hop2, hop3 } = row;
  const rules = seriesRulesOf(row.packed, row);
  if (balance === null || hop1 === null || hop2 === null || hop3 === null) {
    return { rules, state: EMPTY_MERCHANT_BALANCE };
  }
  return { rules, state: { balance, byHop: [hop1, hop2, hop3], window: windowOf(row) } };
}

function windowOf({ top, window_bits: bits }: Row) {
  return { top: Number(top ?? 0n), bitmap: BigInt.asUintN(64, bits ?? 0n) };
}
