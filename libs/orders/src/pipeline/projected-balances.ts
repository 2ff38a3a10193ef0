import {
  divisionOf,
  EMPTY_WINDOW,
  givenFrom,
  inAnyOrder,
  isFresh,
  NONCE_JUMP_MAX,
  spentFrom,
  takenFrom,
  withNonce,
  type AccountState,
  type HoldingState,
  type PaymentPart,
  type ReplayWindow,
  type SeriesRules,
  type MerchantBalanceState,
} from '#domain';

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
 * amount and use up their nonce at once, so that no promise is made twice. The arithmetic is the domain's.
 */
abstract class ProjectedBalances<State extends { readonly window: ReplayWindow }> {
  private readonly entries = new Map<number, Entry<State>>();
  /** By series: the highest nonce that the chain has used. */
  private readonly tops = new Map<number, number>();
  /** By series: the lowest nonce that is promised and undecided. */
  private readonly lowest = new Map<number, number>();
  /** Series in which a cancellation is promised and undecided. */
  private readonly cancelling = new Set<number>();

  protected constructor(private readonly nothing: State) {}

  /** Adds what the chain knows; must come before what is accepted is taken out. */
  know(entries: ReadonlyMap<number, Entry<State>>): void {
    for (const [series, entry] of entries) {
      if (this.entries.has(series)) continue;
      this.entries.set(series, entry);
      this.tops.set(series, entry.state.window.top);
    }
  }

  rulesOf(series: number): SeriesRules | undefined {
    return this.entries.get(series)?.rules;
  }

  of(series: number): State {
    return this.entries.get(series)?.state ?? this.nothing;
  }

  /**
   * Whether a nonce, were it used first, would lead too far, or would close the window before one that is promised and
   * undecided. One that is wrong also when all of those are settled, because it is too far ahead, overtakes none: it never
   * becomes good.
   */
  overtakes(series: number, nonce: number): boolean {
    const lowest = this.lowest.get(series);
    if (lowest === undefined || !isFresh(this.of(series).window, nonce)) return false;
    return this.leads(series, nonce) || (nonce > lowest && !inAnyOrder(nonce, lowest));
  }

  /** Whether a nonce leads too far now, and does not when all is settled that is promised. */
  leads(series: number, nonce: number): boolean {
    const { top } = this.of(series).window;
    return nonce - (this.tops.get(series) ?? 0) > NONCE_JUMP_MAX && nonce - top <= NONCE_JUMP_MAX;
  }

  /** Whether a promised nonce below `first` is behind the window once all up to `last` are used. */
  shutsOut(series: number, first: number, last: number): boolean {
    const lowest = this.lowest.get(series);
    return lowest !== undefined && lowest < first && !inAnyOrder(last, lowest);
  }

  /** Takes out the nonces of an accepted cancellation. */
  cancel(series: number, nonces: readonly number[]): void {
    this.cancelling.add(series);
    for (const nonce of nonces) this.set(series, withNonce(this.of(series), nonce));
  }

  /** Whether a cancellation is promised and undecided. */
  isCancelling(series: number): boolean {
    return this.cancelling.has(series);
  }

  protected count(series: number, nonce: number): void {
    this.lowest.set(series, Math.min(nonce, this.lowest.get(series) ?? nonce));
    this.set(series, withNonce(this.of(series), nonce));
  }

  protected set(series: number, state: State): void {
    this.entries.set(series, { rules: this.rulesOf(series), state });
  }
}

/** What a resident holds: payments, gifts and refunds take from it. */
export class ProjectedHoldings extends ProjectedBalances<HoldingState> {
  /** @param now Unix seconds */
  constructor(
    private readonly account: AccountState,
    private readonly now: number,
  ) {
    super(EMPTY_HOLDING);
  }

  /** What an accepted payment takes, as the contract will divide it. */
  pay(series: readonly number[], amount: bigint, nonce: number): void {
    const { account, now } = this;
    const sources = series.map((seriesId) => ({
      seriesId,
      series: this.rulesOf(seriesId),
      holding: this.of(seriesId),
    }));
    this.payParts(divisionOf({ account, amount, now }, sources), series[0] ?? 0, nonce);
  }

  /** What a payment takes, as the domain divided it; the first listed series counts the nonce. */
  payParts(parts: readonly PaymentPart[], first: number, nonce: number): void {
    this.count(first, nonce);
    for (const { seriesId, amount } of parts) {
      this.set(seriesId, spentFrom(this.of(seriesId), amount, this.now));
    }
  }

  /** What a gift or a refund takes. */
  giveAway(series: number, amount: bigint, nonce: number): void {
    this.count(series, nonce);
    this.set(series, givenFrom(this.of(series), amount, this.now));
  }
}

/** What a merchant has taken: redemptions, voids and circulations take from it. */
export class ProjectedMerchantBalance extends ProjectedBalances<MerchantBalanceState> {
  private readonly voided = new Map<string, bigint>();

  constructor() {
    super(EMPTY_MERCHANT_BALANCE);
  }

  /** @param fromHop what made more hops stays */
  take(series: number, amount: bigint, nonce: number, fromHop: number): void {
    this.count(series, nonce);
    this.set(series, takenFrom(this.of(series), amount, fromHop));
  }

  /** What an accepted void takes, and gives back of a payment. */
  takeBack(payment: string | null, series: number, amount: bigint, nonce: number): void {
    this.take(series, amount, nonce, 0);
    if (payment !== null) this.voided.set(`${payment} ${series}`, this.takenBack(payment, series) + amount);
  }

  /** Won of a payment's part that accepted and undecided voids take back. */
  takenBack(payment: string, series: number): bigint {
    return this.voided.get(`${payment} ${series}`) ?? 0n;
  }
}
