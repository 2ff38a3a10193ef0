import type { Hex, OrderKindName } from '#contracts';
import type { SignedBy } from '#domain';
import type { Projector } from '#indexer';
import type { OutboxKind } from '#relayer';
import type { Queryable } from '#persistence';
import type { Order, OrderRefusal, Reservation } from './order.js';

/** An authorisation that came before. */
export interface StoredBefore {
  readonly receivedAt: Date;
  /** Number of the newest refusal that it got; null = it was accepted at once. */
  readonly refusalNumber: number | null;
  /** It was accepted, at once or when it came again. */
  readonly wasAccepted: boolean;
  /** See StoredOrder. */
  readonly byDevice: boolean;
}

/** What the database knows around one order. */
export interface AcceptanceContext<Entry> {
  /** How the same authorisation is stored; null when it is not. */
  readonly known: StoredBefore | null;
  /** The newest key ring of the holder; null when the keys were never changed. */
  readonly ring: Buffer | null;
  /** The holder has, or once had, something in the first series. */
  readonly established: boolean;
  /** By number: of what the order lists, and of all that pending orders can take from. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** What is accepted and undecided of the holder; see reservedBy. */
  readonly reserved: string | null;
  /** won that device keys of the holder moved on this Korean day, for orders that a device may have signed; else 0 */
  readonly spentByDevices: bigint;
}

/** What the holder will have when all that was accepted is settled. */
export interface Projected<Entry> {
  know(entries: ReadonlyMap<number, Entry>): void;
  overtakes(series: number, nonce: number): boolean;
}

/** An order under judgement. */
export interface Case<Context, Balances> {
  readonly order: Order;
  readonly context: Context;
  readonly balances: Balances;
  /** Undefined = no key of the account signed. */
  readonly signedBy: SignedBy | undefined;
  /** Unix seconds. */
  readonly now: number;
}

/** How orders of a kind are judged and submitted. */
export interface AcceptanceRules<
  Entry,
  Context extends AcceptanceContext<Entry>,
  Balances extends Projected<Entry>,
> {
  /** One statement for the whole batch; one context per order, in their order. `now` in Unix seconds. */
  load(tx: Queryable, orders: readonly Order[], now: number): Promise<Context[]>;
  project(context: Context, now: number): Balances;
  /** Whether it has to come again later; default: where its nonce would overtake what is promised. */
  waits?(balances: Balances, order: Order): boolean;
  /** The contract's checks; null = it would settle. */
  judge(item: Case<Context, Balances>): OrderRefusal | null;
  /** Takes out of the balances what an accepted order will take. */
  reserve(balances: Balances, order: Omit<Reservation, 'kind' | 'byDevice'>): void;
  /** What goes into the outbox. Called for accepted orders alone. */
  pack(order: Order, context: Context, vouchers: Hex): Uint8Array;
}

/** The rules of some kind, for code that treats all alike. */
export type AnyRules = AcceptanceRules<unknown, AcceptanceContext<unknown>, Projected<unknown>>;

/** The table in which the indexer keeps settled orders of a kind, and how it calls their sides. */
export interface SettledTable {
  readonly name: `chain.${string}`;
  readonly holder: string;
  readonly other: string | null;
  /** It has the merchant's region and category at the moment of settlement. */
  readonly placed: boolean;
  /** It has a row for each series that gave, numbered by `part`. */
  readonly parts?: true;
  /** It has the payment that was taken back. */
  readonly payment?: true;
  /** It has the won that are owed to the resident. */
  readonly own?: true;
}

/** What a settled order is in the history of the account on one of its sides. */
export interface HistoryEntry {
  readonly event: string;
  /** How the history names the account on the other side. */
  readonly counterpart: 'merchant' | 'other' | null;
}

/** Everything in which one kind of signed orders differs from the others. */
export interface OrderKind {
  /** As the contracts, the tables, the metrics and the logs call it. */
  readonly name: OrderKindName;
  /** Whose value it takes: a resident's holding or a merchant's balance. They have separate replay windows. */
  readonly takesFrom: 'holding' | 'merchant_balance';
  /** It counts against the daily limit of the account's device keys. */
  readonly deviceLimited: boolean;
  /** What is decided depends on what others send to the same receiver at the same time. */
  readonly locksOther?: true;
  /** Orders decided together at most; default as many as a relayed batch holds. */
  readonly batchMax?: number;
  /** Packed items are relayed in batches; a call has a transaction of its own. */
  readonly outbox: Extract<OutboxKind, 'payment' | 'redemption' | 'call'>;
  /** The side of a submitted order whose place and category filter a list; null = none is a merchant. */
  readonly merchant: 'holder' | 'other' | null;
  readonly settled: SettledTable;
  /** Resident's view, by side; a side without one is a merchant's. */
  readonly history: { readonly holder?: HistoryEntry; readonly other?: HistoryEntry };
  readonly rules: AnyRules;
  /** Keeps the settled ones in their table. */
  readonly projector: Projector;
}

/** All kinds, by name. */
export class OrderKinds {
  readonly all: readonly OrderKind[];

  constructor(private readonly byName: Readonly<Record<OrderKindName, OrderKind>>) {
    this.all = Object.values(byName);
  }

  get(name: OrderKindName): OrderKind {
    return this.byName[name];
  }

  /** Takes a reservation out of balances of a side; what takes from the other side is passed over. */
  reserve(takesFrom: OrderKind['takesFrom'], balances: Projected<unknown>, reservation: Reservation): void {
    const kind = this.get(reservation.kind);
    if (kind.takesFrom === takesFrom) kind.rules.reserve(balances, reservation);
  }
}
