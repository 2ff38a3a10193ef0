import { addToOutbox } from '#chain';
import { deviceLimitLeft, refusal, type SignedBy } from '#domain';
import type { Database, Queryable } from '#persistence';
import type { Order, OrderKind, OrderRefusal, Verdict } from './order.js';
import { insertOrders, lockHolders } from './order.repository.js';
import { readPending, type Reservation } from './pending.js';
import { hashOf, verifyWith } from './signers.js';

/** A block interval, the way into it and a slow node: what ends sooner cannot be settled in time. */
export const SETTLE_SECONDS = 3;

/** What the database knows around one order. */
export interface AcceptanceContext<Entry> {
  /** The same authorisation is stored. */
  readonly known: boolean;
  /** The newest key ring of the holder; null when the keys were never changed. */
  readonly ring: Buffer | null;
  /** The holder has, or once had, something in the first series. */
  readonly established: boolean;
  /** By number: of what the order lists, and of all that pending orders can take from. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** What is accepted and undecided of the holder; see pendingOf. */
  readonly pending: Uint8Array;
  /** What was decided since the block of the signer's spending; see decidedAfter. */
  readonly decidedSince: Uint8Array;
}

/** What the holder will have when all that was accepted is settled. */
export interface Reserving<Entry> {
  know(entries: ReadonlyMap<number, Entry>): void;
  replay(order: Reservation): void;
  overtakes(series: number, nonce: number): boolean;
}

/** An order under judgement. */
export interface Case<S, P> {
  readonly order: Order;
  readonly context: S;
  readonly balances: P;
  /** Undefined = no key of the account signed. */
  readonly signedBy: SignedBy | undefined;
  /** Unix seconds. */
  readonly now: number;
}

/** What differs between the kinds. */
export interface AcceptanceRules<Entry, S extends AcceptanceContext<Entry>, P extends Reserving<Entry>> {
  readonly kind: OrderKind;
  /** One statement for the whole batch; one context per order, in their order. `now` in Unix seconds. */
  load(tx: Queryable, orders: readonly Order[], now: number): Promise<S[]>;
  project(context: S, now: number): P;
  /** The contract's checks; null = it would settle, and the balances is told what it takes. */
  judge(item: Case<S, P>): OrderRefusal | null;
  /** What goes into the outbox. Called for accepted orders alone. */
  pack(order: Order, context: S): Uint8Array;
}

/** Refusals that another key of the account would not get: it may sign the same order. */
const OF_THE_KEY = ['device_limit_exceeded', 'owner_key_needed'];

/** The order's end comes before it could be in a block; told as the contract would tell it then. */
function explainDeadline(order: Order, now: number): OrderRefusal | null {
  if (order.amount === 0n || order.deadline >= now + SETTLE_SECONDS) return null;
  const { number } = refusal('deadline_passed');
  return {
    code: 'deadline_passed',
    number,
    a: BigInt(order.deadline),
    b: BigInt(now + SETTLE_SECONDS),
  };
}

/**
 * Decides a batch of orders in one transaction and stores what came of it. Whoever else decides about one of these
 * holders waits until it is committed, in this process or another, so that nothing is promised twice. Orders of one
 * holder in one batch see each other.
 *
 * Stored are accepted orders (with their outbox row) and refused ones whose holder signed them and has something in
 * the series, so that the same authorisation gets the same answer. Nobody else can make us store anything.
 *
 * @param at Unix seconds, to judge by another moment than the present
 */
export async function acceptOrders<Entry, S extends AcceptanceContext<Entry>, P extends Reserving<Entry>>(
  db: Database,
  rules: AcceptanceRules<Entry, S, P>,
  orders: readonly Order[],
  at?: number,
): Promise<Verdict[]> {
  return db.transaction(async (tx) => {
    const time = await lockHolders(tx, rules.kind, orders);
    const now = at ?? time;
    const contexts = await rules.load(tx, orders, now);
    const decider = new BatchDecider<Entry, S, P>(rules, now);
    const cases = orders.map((order, index) => {
      const context = contexts[index];
      if (context === undefined) throw new Error(`no context of order ${order.id}`);
      decider.know(order, context);
      return { order, context };
    });
    const decisions = cases.map(({ order, context }) => decider.decide(order, context));
    const receivedAt = await insertOrders(tx, rules.kind, decider.stored);
    await addToOutbox(
      tx,
      decider.accepted.map(({ order, context }) => ({
        id: order.id,
        kind: rules.kind === 'payment' || rules.kind === 'redemption' ? rules.kind : 'call',
        payload: rules.pack(order, context),
        holder: order.holder,
      })),
    );
    return decisions.map((decision) => verdictOf(decision, receivedAt));
  });
}

/** `known`, `early`, what refuses the order, or null for accepted. */
type Decision = 'known' | 'early' | OrderRefusal | null;

function verdictOf(decision: Decision, receivedAt: Date): Verdict {
  if (decision === 'known' || decision === 'early') return { kind: decision };
  return decision === null ? { kind: 'accepted', receivedAt } : { kind: 'refused', refusal: decision };
}

interface Holder<P> {
  readonly balances: P;
  readonly pending: readonly Reservation[];
  /** won that device keys move by orders accepted in this batch */
  byDevices: bigint;
  settled: boolean;
}

/** Works through one batch. */
class BatchDecider<Entry, S extends AcceptanceContext<Entry>, P extends Reserving<Entry>> {
  readonly accepted: { readonly order: Order; readonly context: S }[] = [];
  readonly stored: { readonly order: Order; readonly refusal: OrderRefusal | null }[] = [];
  private readonly holders = new Map<string, Holder<P>>();
  private readonly decided = new Map<string, OrderRefusal | null>();

  constructor(
    private readonly rules: AcceptanceRules<Entry, S, P>,
    private readonly now: number,
  ) {}

  /** All of a batch first: pending orders take from what any order of the holder lists. */
  know({ holder }: Order, context: S): void {
    let known = this.holders.get(holder);
    if (known === undefined) {
      const pending = context.pending.length === 0 ? [] : readPending(context.pending);
      known = {
        balances: this.rules.project(context, this.now),
        pending,
        byDevices: 0n,
        settled: pending.length === 0,
      };
      this.holders.set(holder, known);
    }
    known.balances.know(context.entries);
  }

  decide(order: Order, context: S): Decision {
    const holder = this.holders.get(order.holder);
    if (holder === undefined) throw new Error('know() comes before decide()');
    if (!holder.settled) {
      holder.pending.forEach((pending) => holder.balances.replay(pending));
      holder.settled = true;
    }
    const signedBy = this.signedBy(order, context, holder);
    if (signedBy !== undefined) {
      const earlier = this.decided.get(order.id);
      if (earlier !== undefined) return earlier;
      if (context.known) return 'known';
    }
    const { balances } = holder;
    // Transactions of two keys may be mined in any order, and a promised order must not be too late then.
    if (signedBy !== undefined && balances.overtakes(order.series[0] ?? 0, order.nonce)) return 'early';
    const item = { order, context, balances, signedBy, now: this.now };
    const refused = explainDeadline(order, this.now) ?? this.rules.judge(item);
    if (signedBy !== undefined) this.keep(order, context, refused);
    if (refused === null && signedBy?.right === 'device') holder.byDevices += order.amount;
    return refused;
  }

  private keep(order: Order, context: S, refused: OrderRefusal | null): void {
    if (refused !== null && OF_THE_KEY.includes(refused.code)) return;
    this.decided.set(order.id, refused);
    if (refused === null) this.accepted.push({ order, context });
    if (refused === null || context.established) this.stored.push({ order, refusal: refused });
  }

  /** With the keys that the account has now; they may have changed since the order came. */
  private signedBy(order: Order, { ring, decidedSince }: S, holder: Holder<P>): SignedBy | undefined {
    const { id, proof, signer } = order;
    const keysHash = hashOf(ring);
    const proven =
      keysHash === signer.keysHash ? signer.proven : verifyWith(id, order.holder, proof, keysHash);
    if (proven === null) return undefined;
    if (proven.right === 'owner') return { right: 'owner' };
    const { spending } = signer;
    // Became a device's key a moment ago: the next attempt knows what it moved.
    if (spending === null) return { right: 'device', left: 0n };
    const left = deviceLimitLeft(
      proven.dailyLimit,
      { day: spending.day, spentByDevices: spending.spent },
      this.now,
    );
    const reserved = [...holder.pending, ...readPending(decidedSince)]
      .filter(({ byDevice }) => byDevice)
      .reduce((sum, { amount }) => sum + amount, holder.byDevices);
    return { right: 'device', left: left > reserved ? left - reserved : 0n };
  }
}
