import type { Hex } from '#contracts';
import { Batcher, ProblemException } from '#platform';
import type { Database } from '#persistence';
import { acceptOrders, type AcceptanceRules, type Reserving, type AcceptanceContext } from './acceptance.js';
import type { Order, OrderEnd, OrderKind, OrderRecord, OrderRefusal, Verdict } from './order.js';
import type { OrderWatch } from './order-watch.js';
import type { Signers } from './signers.js';
import { findOrders, listOrders, type ListedOrder, type OrderFilter } from './order-record.repository.js';

export interface OrderServiceOptions {
  /** Is told of every verdict. */
  readonly watch?: OrderWatch;
  /** Orders that may wait to be decided; default 1,000. */
  readonly queueMax?: number;
  /** Orders decided together at most; default as many as a relayed batch holds. */
  readonly batchMax?: number;
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
 * About a second at the rate that two processors settle. More wait outside, with an answer that says so: a till that
 * hears "try again" at once is better off than one that hears nothing for four seconds.
 */
const QUEUE_MAX = 1_000;
/** One batch waits for the disk while the next is being decided. */
const BATCHES_AT_ONCE = 2;

/** Takes orders of one kind in and tells what became of them. */
export class OrderService<Entry, S extends AcceptanceContext<Entry>, P extends Reserving<Entry>> {
  private readonly batcher: Batcher<Order, Verdict>;
  private readonly watch: OrderWatch | undefined;

  constructor(
    private readonly db: Database,
    private readonly rules: AcceptanceRules<Entry, S, P>,
    private readonly signers: Signers,
    { watch, queueMax = QUEUE_MAX, batchMax = BATCH_SIZE_MAX }: OrderServiceOptions = {},
  ) {
    this.watch = watch;
    this.batcher = new Batcher<Order, Verdict>({
      run: (orders) => acceptOrders(db, rules, orders),
      sizeMax: batchMax,
      batchDelayMs: BATCH_DELAY_MS,
      spacingMs: SPACING_MS,
      queueMax,
      concurrencyMax: BATCHES_AT_ONCE,
    });
  }

  /**
   * Accepts an order, or tells the state of one that came before. Under overload it asks for room before anything
   * costly: checking signatures would be the load.
   *
   * @param given what proves that the holder signed, see Signers
   * @throws ProblemException with the refusal's code and values: the contract would refuse it; rate_limited;
   * too_many_under_way
   */
  async submit(unverified: UnverifiedOrder, given: Hex): Promise<OrderRecord> {
    if (this.batcher.isFull) throw new ProblemException('rate_limited');
    const { id, holder } = unverified;
    const order = { ...unverified, ...(await this.signers.signerOf(id, holder, given)) };
    const verdict = await this.batcher.submit(order);
    this.watch?.note(this.rules.kind, order, verdict);
    if (verdict.kind === 'refused') throw problemOf(verdict.refusal);
    if (verdict.kind === 'early') throw new ProblemException('too_many_under_way');
    if (verdict.kind === 'accepted') return acceptedRecord(this.rules.kind, order, verdict.receivedAt);
    const record = await this.get(order.id);
    if (record.refusal?.atDoor === true) throw problemOf(record.refusal);
    return record;
  }

  /**
   * What `accepted` says is a promise, and is told when no failure of one server can take it back.
   * @throws ProblemException not_found; unavailable
   */
  async get(id: Hex): Promise<OrderRecord> {
    const [record] = await findOrders(this.db, this.rules.kind, [id]);
    if (record === undefined) throw new ProblemException('not_found');
    if (record.state === 'accepted') await this.db.confirmReads();
    return record;
  }

  list(filter: OrderFilter, limit: number, after: readonly string[] | undefined): Promise<ListedOrder[]> {
    return listOrders(this.db, this.rules.kind, filter, limit, after);
  }

  /** Takes nothing more and resolves when all that waits is decided. */
  async close(): Promise<void> {
    await this.signers.close();
    await this.batcher.close();
  }
}

function problemOf({ code, a, b }: OrderRefusal | OrderEnd): ProblemException {
  return new ProblemException(code, { args: [a, b] });
}

/** What a query would give now, without asking: on the hot path the row was written a moment ago. */
function acceptedRecord(kind: OrderKind, order: Order, receivedAt: Date): OrderRecord {
  const { id, holder, other, payment, series, amount, nonce, deadline } = order;
  return {
    id,
    kind,
    state: 'accepted',
    holder,
    other,
    payment,
    series,
    parts: null,
    amount,
    nonce,
    order: order.order,
    deadline,
    receivedAt,
    refusal: null,
    block: null,
    place: null,
    own: null,
  };
}
