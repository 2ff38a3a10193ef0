import { TRANSFER_BYTES, unpackPayment } from '#contracts';
import { EMPTY_WINDOW, isFresh, use, type ReplayWindow } from '#domain';

/** What the chain knows of one holder in one series. */
export interface PurseState {
  /** won */
  readonly balance: bigint;
  readonly window: ReplayWindow;
  /** won spent on the current Korean day */
  readonly spentToday: bigint;
}

export const EMPTY_PURSE: PurseState = { balance: 0n, window: EMPTY_WINDOW, spentToday: 0n };

/**
 * A holder's value in a series as it will be when all that was accepted is settled: accepted orders reserve their
 * amount and use up their nonce at once, so that no promise is made twice.
 */
export class Purse implements PurseState {
  private constructor(private state: PurseState) {}

  /** @param pending packed orders of the holder that are accepted and undecided, end to end, of any series */
  static of(state: PurseState, series: number, pending: Uint8Array): Purse {
    const purse = new Purse(state);
    for (let at = 0; at < pending.length; at += TRANSFER_BYTES) {
      const order = unpackPayment(pending.subarray(at, at + TRANSFER_BYTES));
      if (order.series === series) purse.reserve(order.amount, order.nonce);
    }
    return purse;
  }

  get balance(): bigint {
    return this.state.balance;
  }

  get window(): ReplayWindow {
    return this.state.window;
  }

  get spentToday(): bigint {
    return this.state.spentToday;
  }

  reserve(amount: bigint, nonce: number): void {
    const { balance, window, spentToday } = this.state;
    this.state = {
      // After a lost tail of the chain more may be promised than is there for a moment; the contract decides.
      balance: balance > amount ? balance - amount : 0n,
      window: isFresh(window, nonce) ? use(window, nonce) : window,
      spentToday: spentToday + amount,
    };
  }
}
