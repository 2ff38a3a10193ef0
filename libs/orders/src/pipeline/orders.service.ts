import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CurrentDeployment } from '#node';
import { vouchersDomain, type Hex, type OrderKindName, type SigningDomain } from '#contracts';
import { Batcher, ProblemException } from '#platform';
import { Database } from '#persistence';
import { acceptOrders } from './acceptance.js';
import { OrderKinds, type OrderKind } from './kind.js';
import type { Order, OrderEnd, OrderRecord, OrderRefusal, Verdict } from './order.js';
import { OrderWatch } from './order-watch.js';
import { findOrders, listOrders, type ListedOrder, type OrderFilter } from './order-record.repository.js';
import { withoutFirst } from './refusal-reasons.js';
import { Signers } from './signers.js';

/** Injection token of OrdersOptions. */
export const ORDERS_OPTIONS = Symbol('ORDERS_OPTIONS');

export interface OrdersOptions {
  /** For LISTEN, which needs a connection of its own. */
  readonly databaseUrl: string;
  /** Orders of a kind that may wait to be decided; default 1,000. */
  readonly queueMax?: number;
}

/** An order before it is known who signed it. */
export type UnverifiedOrder = Omit<Order, 'proof' | 'signer'>;

/** As many as a relayed batch holds; a statement for 400 rows takes about as long as ten for one. */
const BATCH_SIZE_MAX = 400;
const BATCH_DELAY_MS = 2;
/**
 * A transaction of one row costs the database about as much as one of thirty: at 1,000 payments a second this halves
 * what accepting costs and adds 10 ms to what a client waits.
 */
const SPACING_MS = 20;
/**
 * About a second at the rate that two processors settle. Further ones get an answer that says so: a till that
 * hears "try again" at once is better off than one that hears nothing for four seconds.
 */
const QUEUE_MAX = 1_000;
/** One batch waits for the disk while the next is being decided. */
const BATCHES_AT_ONCE = 2;

/** All orders from the moment they are submitted until the chain has decided. Each kind is decided in its own batches. */
@Injectable()
export class OrdersService implements OnApplicationShutdown {
  /** What the signed messages are bound to. */
  readonly domain: SigningDomain;
  private readonly signers: Signers;
  private readonly batchers: ReadonlyMap<OrderKindName, Batcher<Order, Verdict>>;

  constructor(
    private readonly db: Database,
    deployment: CurrentDeployment,
    private readonly kinds: OrderKinds,
    @Inject(ORDERS_OPTIONS) { queueMax = QUEUE_MAX }: OrdersOptions,
    private readonly watch: OrderWatch,
  ) {
    const { vouchers } = deployment;
    this.domain = vouchersDomain(deployment);
    this.signers = new Signers(db);
    const batcherOf = (kind: OrderKind) =>
      new Batcher<Order, Verdict>({
        run: (orders) => acceptOrders(db, kind, orders, { kinds, vouchers }),
        sizeMax: kind.batchMax ?? BATCH_SIZE_MAX,
        batchDelayMs: BATCH_DELAY_MS,
        spacingMs: SPACING_MS,
        queueMax,
        concurrencyMax: BATCHES_AT_ONCE,
      });
    this.batchers = new Map(kinds.all.map((kind) => [kind.name, batcherOf(kind)]));
  }

  /**
   * Accepts an order, or returns the state of one that came before. Under overload it asks for room before anything
   * costly: checking signatures would be the load.
   *
   * @param given what proves that the holder signed, see Signers
   * @throws ProblemException with the refusal's code and values: the contract would refuse it; rate_limited;
   * too_many_under_way; order_deadline_too_far
   */
  async submit(kind: OrderKind, unverified: UnverifiedOrder, given: Hex): Promise<OrderRecord> {
    const batcher = this.batcherOf(kind);
    if (batcher.isFull) throw new ProblemException('rate_limited');
    const { id, holder } = unverified;
    const order = { ...unverified, ...(await this.signers.signerOf(id, holder, given)) };
    const verdict = await batcher.submit(order);
    this.watch.note(kind.name, order, verdict);
    if (verdict.kind === 'refused') throw problemOf(order, verdict.refusal);
    if (verdict.kind === 'early') throw new ProblemException('too_many_under_way');
    if (verdict.kind === 'far') {
      throw new ProblemException('order_deadline_too_far', { args: [order.deadline, verdict.latest] });
    }
    if (verdict.kind === 'accepted') return acceptedRecord(kind.name, order, verdict.receivedAt);
    const record = await this.get(kind, order.id);
    if (record.refusal?.refusedOnAcceptance === true) throw problemOf(order, record.refusal);
    return record;
  }

  /**
   * What `accepted` says is a promise, so it is given only when no failure of one server can take it back.
   * @throws ProblemException not_found; unavailable
   */
  async get(kind: OrderKind, id: Hex): Promise<OrderRecord> {
    const [record] = await findOrders(this.db, [{ id, kind }]);
    if (record === undefined) throw new ProblemException('not_found');
    if (record.state === 'accepted') await this.db.confirmReads();
    return record;
  }

  list(
    kind: OrderKind,
    filter: OrderFilter,
    limit: number,
    after: readonly string[] | undefined,
  ): Promise<ListedOrder[]> {
    return listOrders(this.db, kind, filter, limit, after);
  }

  /** Only now: until the server has closed, requests that are under way are taken in and answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.signers.close();
    await Promise.all([...this.batchers.values()].map((batcher) => batcher.close()));
  }

  private batcherOf({ name }: OrderKind): Batcher<Order, Verdict> {
    const batcher = this.batchers.get(name);
    if (batcher === undefined) throw new Error(`no batches of ${name}`);
    return batcher;
  }
}

function problemOf(order: Order, refusal: OrderRefusal | OrderEnd): ProblemException {
  const { code, a, b } = refusal;
  return new ProblemException(code, { args: [a, b], next: withoutFirst(order, refusal) });
}

/** What a query would give now, without asking: on the hot path the row was written a moment ago. */
function acceptedRecord(
  kind: OrderKindName,
  { proof: _proof, signer: _signer, ...order }: Order,
  receivedAt: Date,
): OrderRecord {
  const undecided = { parts: null, voided: [], refusal: null, block: null, place: null, own: null };
  return { ...order, ...undecided, kind, state: 'accepted', receivedAt };
}
