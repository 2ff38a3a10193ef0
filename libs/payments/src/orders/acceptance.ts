import { addToOutbox } from '#chain';
import { refusal } from '#domain';
import type { Database, Queryable } from '#persistence';
import type { Order, OrderKind, OrderRefusal, Verdict } from './order.js';
import { insertOrders, lockHolders } from './order.repository.js';
import { EMPTY_PURSE, Purse, type PurseState } from './purse.js';

/** A block interval, the way into it and a slow node: what ends sooner cannot be settled in time. */
export const SETTLE_SECONDS = 3;

/** What the database knows around one order. */
export interface Situation {
  /** The same authorisation is stored. */
  readonly known: boolean;
  /** Undefined when the holder never had anything in this series. */
  readonly purse: PurseState | undefined;
  /** Packed orders of the holder that are accepted and undecided, of all series, end to end. */
  readonly pending: Uint8Array;
}

/** What differs between payments and redemptions. */
export interface AcceptanceRules<S extends Situation> {
  readonly kind: OrderKind;
  /** One statement for the whole batch; one situation per order, in their order. `now` in Unix seconds. */
  load(tx: Queryable, orders: readonly Order[], now: number): Promise<S[]>;
  /** The contract's checks; null = it would settle. */
  explain(order: Order, situation: S, purse: Purse, now: number): OrderRefusal | null;
  /** The 160 bytes for the contract. Called for accepted orders alone. */
  pack(order: Order): Uint8Array;
}

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
 */
export async function acceptOrders<S extends Situation>(
  db: Database,
  rules: AcceptanceRules<S>,
  orders: readonly Order[],
  now: number,
): Promise<Verdict[]> {
  return db.transaction(async (tx) => {
    await lockHolders(tx, rules.kind, orders);
    const situations = await rules.load(tx, orders, now);
    const desk = new Desk(rules, now);
    const decisions = orders.map((order, index) => {
      const situation = situations[index];
      if (situation === undefined) throw new Error(`no situation of order ${order.id}`);
      return desk.decide(order, situation);
    });
    const receivedAt = await insertOrders(tx, rules.kind, desk.stored);
    await addToOutbox(
      tx,
      desk.accepted.map((order) => ({
        id: order.id,
        kind: rules.kind,
        payload: rules.pack(order),
        holder: order.holder,
      })),
    );
    return decisions.map((decision) => verdictOf(decision, receivedAt));
  });
}

/** `known`, what refuses the order, or null for accepted. */
type Decision = 'known' | OrderRefusal | null;

function verdictOf(decision: Decision, receivedAt: Date): Verdict {
  if (decision === 'known') return { kind: 'known' };
  return decision === null ? { kind: 'accepted', receivedAt } : { kind: 'refused', refusal: decision };
}

/** Works through one batch. */
class Desk<S extends Situation> {
  readonly accepted: Order[] = [];
  readonly stored: { readonly order: Order; readonly refusal: OrderRefusal | null }[] = [];
  private readonly purses = new Map<string, Purse>();
  private readonly decided = new Map<string, OrderRefusal | null>();

  constructor(
    private readonly rules: AcceptanceRules<S>,
    private readonly now: number,
  ) {}

  decide(order: Order, situation: S): Decision {
    const earlier = this.decided.get(order.id);
    if (order.signed && earlier !== undefined) return earlier;
    if (order.signed && situation.known) return 'known';
    const purse = this.purseOf(order, situation);
    const refused = explainDeadline(order, this.now) ?? this.rules.explain(order, situation, purse, this.now);
    if (refused === null) purse.reserve(order.amount, order.nonce);
    if (order.signed) {
      this.decided.set(order.id, refused);
      if (refused === null) this.accepted.push(order);
      if (refused === null || situation.purse !== undefined) this.stored.push({ order, refusal: refused });
    }
    return refused;
  }

  private purseOf(order: Order, situation: S): Purse {
    const key = `${order.holder} ${order.series}`;
    let purse = this.purses.get(key);
    if (purse === undefined) {
      purse = Purse.of(situation.purse ?? EMPTY_PURSE, order.series, situation.pending);
      this.purses.set(key, purse);
    }
    return purse;
  }
}
