import {
  dailyCapLeft,
  dailyCapOf,
  EMPTY_WINDOW,
  inAnyOrder,
  isFresh,
  koreanDayIndex,
  mostHopsFirst,
  use,
  type AccountState,
  type HoldingState,
  type PaymentPart,
  type ReplayWindow,
  type SeriesRules,
  type MerchantBalanceState,
} from '#domain';
import type { OrderKind } from './order.js';
import type { Reservation } from './pending.js';

/** Rules of a series, undefined when there is none, and what somebody has of it. */
interface Entry<State> {
  readonly rules: SeriesRules | undefined;
  readonly state: State;
}

export type HoldingEntry = Entry<HoldingState>;
export type MerchantBalanceEntry = Entry<MerchantBalanceState>;

export const EMPTY_HOLDING: HoldingState = {
  balance: 0n,
  window: EMPTY_WINDOW,
  day: 0,
  spentToday: 0n,
  received: 0n,
  receivedDay: 0,
};

export const EMPTY_MERCHANT_BALANCE: MerchantBalanceState = {
  balance: 0n,
  byHop: [0n, 0n, 0n],
  window: EMPTY_WINDOW,
};

/**
 * Somebody's value by series as it will be when all that was accepted is settled: accepted orders reserve their
 * amount and use up their nonce at once, so that no promise is made twice.
 */
abstract class ProjectedBalances<State> {
  private readonly entries = new Map<number, Entry<State>>();
  /** By series: the lowest nonce that is promised and undecided. */
  private readonly lowest = new Map<number, number>();

  protected constructor(private readonly nothing: State) {}

  /** Adds what the chain knows; must come before what is accepted is taken out. */
  know(entries: ReadonlyMap<number, Entry<State>>): void {
    for (const [series, entry] of entries) if (!this.entries.has(series)) this.entries.set(series, entry);
  }

  rulesOf(series: number): SeriesRules | undefined {
    return this.entries.get(series)?.rules;
  }

  of(series: number): State {
    return this.entries.get(series)?.state ?? this.nothing;
  }

  /** Takes out what an accepted order will take. */
  abstract replay(order: Reservation): void;

  /** Whether a nonce, were it used first, would close the window before one that is promised and undecided. */
  overtakes(series: number, nonce: number): boolean {
    const lowest = this.lowest.get(series);
    return lowest !== undefined && nonce > lowest && !inAnyOrder(nonce, lowest);
  }

  /** The window when a promised nonce is used. */
  protected use(series: number, window: ReplayWindow, nonce: number): ReplayWindow {
    this.lowest.set(series, Math.min(nonce, this.lowest.get(series) ?? nonce));
    return isFresh(window, nonce) ? use(window, nonce) : window;
  }

  protected change(series: number, change: Partial<State>): void {
    this.entries.set(series, { rules: this.rulesOf(series), state: { ...this.of(series), ...change } });
  }
}

/** What a resident holds: payments, gifts and refunds take from it. */
export class ProjectedHoldings extends ProjectedBalances<HoldingState> {
  private readonly today: number;

  /** @param now Unix seconds */
  constructor(
    private readonly account: AccountState,
    private readonly now: number,
  ) {
    super(EMPTY_HOLDING);
    this.today = koreanDayIndex(now);
  }

  replay({ kind, series, amount, nonce }: Reservation): void {
    const [first] = series;
    if (first === undefined || !RESIDENT_ORDERS.includes(kind)) return;
    if (kind === 'payment') this.pay(this.divide(series, amount), first, nonce);
    else this.giveAway(first, amount, nonce);
  }

  /** What a payment takes, as the domain divided it; the first listed series counts the nonce. */
  pay(parts: readonly PaymentPart[], first: number, nonce: number): void {
    this.count(first, nonce);
    for (const { seriesId, amount } of parts) this.spend(seriesId, amount);
  }

  /** A gift or a refund: received falls with the balance. */
  giveAway(series: number, amount: bigint, nonce: number): void {
    this.count(series, nonce);
    this.spend(series, amount);
    const { received } = this.of(series);
    this.change(series, { received: received > amount ? received - amount : 0n });
  }

  private count(series: number, nonce: number): void {
    this.change(series, { window: this.use(series, this.of(series).window, nonce) });
  }

  private spend(series: number, amount: bigint): void {
    const { balance, day, spentToday } = this.of(series);
    this.change(series, {
      // After a lost tail of the chain more may be promised than is there for a moment; the contract decides.
      balance: balance > amount ? balance - amount : 0n,
      day: this.today,
      spentToday: (day === this.today ? spentToday : 0n) + amount,
    });
  }

  /** How the contract will divide what was accepted: as much from each as it may. See judgePayment. */
  private divide(series: readonly number[], amount: bigint): PaymentPart[] {
    const parts: PaymentPart[] = [];
    let rest = amount;
    for (const [place, seriesId] of series.entries()) {
      const state = this.of(seriesId);
      const rules = this.rulesOf(seriesId);
      const isLast = place + 1 === series.length;
      const limits = [rest];
      if (rules !== undefined && !isLast) {
        if (rules.paymentCap !== 0n) limits.push(rules.paymentCap);
        limits.push(dailyCapLeft(dailyCapOf(rules, this.account), state, this.now) ?? rest);
      }
      if (!isLast) limits.push(state.balance);
      const part = limits.reduce((low, one) => (one < low ? one : low));
      if (part > 0n) parts.push({ seriesId, amount: part });
      rest -= part;
    }
    return parts;
  }
}

/** What a merchant has taken: redemptions, voids and circulations take from it. */
export class ProjectedMerchantBalance extends ProjectedBalances<MerchantBalanceState> {
  private readonly taken = new Map<string, bigint>();

  constructor() {
    super(EMPTY_MERCHANT_BALANCE);
  }

  replay(order: Reservation): void {
    const { kind, series, amount, nonce, payment } = order;
    const [first] = series;
    if (first === undefined || !MERCHANT_ORDERS.includes(kind)) return;
    const state = this.of(first);
    const hops = this.rulesOf(first)?.hops ?? 0;
    const fromHop = kind === 'redemption' ? 3 : kind === 'void' ? 0 : hops - 1;
    const [zero, one, two, three] = mostHopsFirst(state, amount, fromHop);
    const [first1, second, third] = state.byHop;
    this.change(first, {
      balance: state.balance - zero,
      byHop: [first1 - one, second - two, third - three],
      window: this.use(first, state.window, nonce),
    });
    if (payment !== null) {
      this.taken.set(`${payment} ${first}`, this.takenBack(payment, first) + amount);
    }
  }

  /** Won of a payment's part that accepted and undecided voids take back. */
  takenBack(payment: string, series: number): bigint {
    return this.taken.get(`${payment} ${series}`) ?? 0n;
  }
}

const RESIDENT_ORDERS: readonly OrderKind[] = ['payment', 'gift', 'refund'];
const MERCHANT_ORDERS: readonly OrderKind[] = ['redemption', 'void', 'circulation'];
