import { addToOutbox } from '#relayer';
import type { Hex } from '#contracts';
import { deviceLimitLeft, koreanDayIndex, ORDER_LIFE_MAX_SECONDS, refusal, type SignedBy } from '#domain';
import type { Database } from '#persistence';
import type { AcceptanceContext, OrderKind, OrderKinds, Projected, StoredBefore } from './kind.js';
import type { Order, OrderRefusal, Reservation, Verdict } from './order.js';
import {
  findSettled,
  insertLaterRefusals,
  insertOrders,
  lockHolders,
  supersedeRefusals,
  type RefusedAgain,
  type StoredOrder,
} from './order.repository.js';
import { mayPass } from './refusal-reasons.js';
import { readReservations } from './reservations.js';
import { hashOf, verifyWith } from './signers.js';

/**
 * A block interval, the way into it and a slow node: what ends sooner cannot be settled in time. The text of
 * deadline_passed names the number.
 */
export const SETTLE_SECONDS = 3;

/** Refusals that another key of the account would not get: it may sign the same order. */
const OF_THE_KEY = ['device_limit_exceeded', 'owner_key_needed'];

/**
 * Whether an order that came before is judged once more: it was refused for a reason that may have passed, and signs as
 * the stored row says, by which its reservation counts.
 */
function mayBeJudgedAgain(
  { wasAccepted, refusalNumber, byDevice }: StoredBefore,
  isByDevice: boolean,
): boolean {
  return !wasAccepted && refusalNumber !== null && mayPass(refusalNumber) && byDevice === isByDevice;
}

/** The order's end comes before it could be in a block; refused with the present time, so that the text can say both. */
function explainDeadline(order: Order, now: number): OrderRefusal | null {
  if (order.amount === 0n || order.deadline >= now + SETTLE_SECONDS) return null;
  const { number } = refusal('deadline_passed');
  return {
    code: 'deadline_passed',
    number,
    a: BigInt(order.deadline),
    b: BigInt(now),
  };
}

/** What orders are decided with. */
export interface AcceptanceOptions {
  readonly kinds: OrderKinds;
  /** Address of the contract that settles them. */
  readonly vouchers: Hex;
  /** Unix seconds, to judge by another moment than the present. */
  readonly at?: number;
}

/**
 * Decides a batch of orders of one kind in one transaction and stores what came of it. Every other transaction that
 * decides about one of these holders waits until it is committed, in this process or another, so that nothing is
 * promised twice. Orders of one holder in one batch see each other.
 *
 * Stored are accepted orders (with their outbox row) and refused ones whose holder signed them and has something in
 * the series, so that the same authorisation gets the same answer. Strangers can make us store nothing. A stored row
 * never changes: one that was refused for a reason that has passed is accepted by its outbox row alone. What somebody
 * else submitted to the contract is known, whatever would refuse it by now.
 */
export async function acceptOrders(
  db: Database,
  kind: OrderKind,
  orders: readonly Order[],
  { kinds, vouchers, at }: AcceptanceOptions,
): Promise<Verdict[]> {
  return db.transaction(async (tx) => {
    const time = await lockHolders(tx, kind, orders);
    const now = at ?? time;
    const contexts = await kind.rules.load(tx, orders, now);
    const decider = new BatchDecider(kinds, kind, now);
    const cases = orders.map((order, index) => {
      const context = contexts[index];
      if (context === undefined) throw new Error(`no context of order ${order.id}`);
      decider.know(order, context);
      return { order, context };
    });
    const decisions = cases.map(({ order, context }) => decider.decide(order, context));
    const settled = await findSettled(tx, kind, decider.refusedIds);
    const stored = decider.stored.filter(({ order }) => !settled.has(order.id));
    const receivedAt = await insertOrders(tx, kind.name, stored);
    await addToOutbox(
      tx,
      decider.accepted.map(({ order, context }) => ({
        id: order.id,
        kind: kind.outbox,
        payload: kind.rules.pack(order, context, vouchers),
        holder: order.holder,
      })),
    );
    await supersedeRefusals(tx, decider.superseded);
    await insertLaterRefusals(
      tx,
      decider.refusedAgain.filter(({ id }) => !settled.has(id)),
    );
    return cases.map(({ order, context }, index) =>
      settled.has(order.id)
        ? { kind: 'known' }
        : verdictOf(decisions[index] ?? null, context.known?.receivedAt ?? receivedAt, now),
    );
  });
}

/** `known`, `early`, `far`, what refuses the order, or null for accepted. */
type Decision = 'known' | 'early' | 'far' | OrderRefusal | null;

function verdictOf(decision: Decision, receivedAt: Date, now: number): Verdict {
  if (decision === 'known' || decision === 'early') return { kind: decision };
  if (decision === 'far') return { kind: 'far', latest: now + ORDER_LIFE_MAX_SECONDS };
  return decision === null ? { kind: 'accepted', receivedAt } : { kind: 'refused', refusal: decision };
}

interface Holder {
  readonly balances: Projected<unknown>;
  readonly pending: readonly Reservation[];
  /** won that device keys move by orders accepted in this batch */
  byDevices: bigint;
  settled: boolean;
}

type Context = AcceptanceContext<unknown>;

/** Works through one batch. */
class BatchDecider {
  readonly accepted: { readonly order: Order; readonly context: Context }[] = [];
  readonly stored: StoredOrder[] = [];
  /** Refused although one of the account's keys signed. */
  readonly refusedIds: Hex[] = [];
  /** Refused once, accepted now. */
  readonly superseded: Hex[] = [];
  /** Refused before, and now. */
  readonly refusedAgain: RefusedAgain[] = [];
  private readonly holders = new Map<string, Holder>();
  private readonly decided = new Map<string, OrderRefusal | null>();

  constructor(
    private readonly kinds: OrderKinds,
    private readonly kind: OrderKind,
    private readonly now: number,
  ) {}

  /** All of a batch first: pending orders take from what any order of the holder lists. */
  know({ holder }: Order, context: Context): void {
    let known = this.holders.get(holder);
    if (known === undefined) {
      const pending = readReservations(context.reserved);
      known = {
        balances: this.kind.rules.project(context, this.now),
        pending,
        byDevices: 0n,
        settled: pending.length === 0,
      };
      this.holders.set(holder, known);
    }
    known.balances.know(context.entries);
  }

  decide(order: Order, context: Context): Decision {
    const holder = this.holders.get(order.holder);
    if (holder === undefined) throw new Error('know() comes before decide()');
    const { balances } = holder;
    if (!holder.settled) {
      for (const pending of holder.pending) this.kinds.reserve(this.kind.takesFrom, balances, pending);
      holder.settled = true;
    }
    const signedBy = this.signedBy(order, context, holder);
    const byDevice = signedBy?.right === 'device' && this.kind.deviceLimited;
    if (signedBy !== undefined) {
      const earlier = this.decided.get(order.id);
      if (earlier !== undefined) return earlier;
      if (context.known !== null && !mayBeJudgedAgain(context.known, byDevice)) return 'known';
    }
    if (order.deadline > this.now + ORDER_LIFE_MAX_SECONDS) return 'far';
    // Transactions of two keys may be mined in any order, and a promised order must not be too late then.
    if (signedBy !== undefined && this.waits(balances, order)) return 'early';
    const item = { order, context, balances, signedBy, now: this.now };
    const refused = explainDeadline(order, this.now) ?? this.kind.rules.judge(item);
    if (refused === null) {
      this.kind.rules.reserve(balances, order);
      if (byDevice) holder.byDevices += order.amount;
    }
    if (signedBy !== undefined) this.keep({ order, refusal: refused, byDevice }, context);
    return refused;
  }

  private waits(balances: Projected<unknown>, order: Order): boolean {
    const { rules } = this.kind;
    if (rules.waits !== undefined) return rules.waits(balances, order);
    return balances.overtakes(order.series[0] ?? 0, order.nonce);
  }

  private keep(stored: StoredOrder, context: Context): void {
    const { order, refusal: refused } = stored;
    if (refused !== null) this.refusedIds.push(order.id);
    if (refused !== null && OF_THE_KEY.includes(refused.code)) return;
    this.decided.set(order.id, refused);
    if (refused === null) this.accepted.push({ order, context });
    if (context.known !== null) {
      if (refused === null) this.superseded.push(order.id);
      else this.refusedAgain.push({ id: order.id, refusal: refused });
    } else if (refused === null || context.established) {
      this.stored.push(stored);
    }
  }

  /** With the keys that the account has now; they may have changed since the order came. */
  private signedBy(order: Order, { ring, spentByDevices }: Context, holder: Holder): SignedBy | undefined {
    const { id, proof, signer } = order;
    const keysHash = hashOf(ring);
    const proven =
      keysHash === signer.keysHash ? signer.proven : verifyWith(id, order.holder, proof, keysHash);
    if (proven === null) return undefined;
    if (proven.right === 'owner') return { right: 'owner' };
    const day = koreanDayIndex(this.now);
    const left = deviceLimitLeft(proven.dailyLimit, { day, spentByDevices }, this.now);
    const reserved = holder.pending
      .filter(({ byDevice }) => byDevice)
      .reduce((sum, { amount }) => sum + amount, holder.byDevices);
    return { right: 'device', left: left > reserved ? left - reserved : 0n };
  }
}
