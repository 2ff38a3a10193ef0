import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseWallet } from 'ethers';
import { codeOf, type Answer, type OutsideClient } from '../support/outside-client.js';
import type { Dice } from '../support/dice.js';
import type { Entry, Reported } from './journal.js';

export interface Market {
  readonly series: number;
  /** Addresses of merchants that take the series. */
  readonly shops: readonly string[];
  /** A merchant outside the region. */
  readonly elsewhere: string;
}

/** Answers that contradict what had to come, or an earlier answer. */
export type OnOddity = (text: string) => void;

const RETRY_MS = 150;
/** More than anybody in the storm ever holds. */
const TOO_MUCH = 1_000_000_000n;

/** A resident with a wallet of their own, who writes down what was sent and what was answered. */
export class Shopper {
  private nonce = 0;

  constructor(
    private readonly client: OutsideClient,
    readonly wallet: BaseWallet,
    private readonly market: Market,
    private readonly dice: Dice,
    private readonly journal: Entry[],
    private readonly onOddity: OnOddity,
  ) {}

  get address(): string {
    return this.wallet.address.toLowerCase();
  }

  /** Pays until the signal; a payment without an answer is tried again before the next, as wallets do. */
  async shop(everyMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const entry = await this.plan();
      const tries = [this.submit(entry, signal)];
      // Now and then a till sends twice: the answers must be one.
      if (this.dice.next() < 0.05) tries.push(this.submit(entry, signal));
      await Promise.all(tries);
      await sleep(everyMs * (0.5 + this.dice.next()), undefined, { signal }).catch(() => undefined);
    }
  }

  /** One ordinary payment that is written down and not sent yet. */
  async purchase(): Promise<Entry> {
    return this.write(this.dice.pick(this.market.shops), BigInt(this.dice.whole(100, 3_000)), null);
  }

  /** Sends until there is a definite answer, or the signal. */
  async submit(entry: Entry, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const reported = await this.send(entry);
      if (reported !== undefined) return this.note(entry, reported);
      entry.unknown += 1;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private plan(): Promise<Entry> {
    const kind = this.dice.next();
    if (kind < 0.04) return this.write(this.market.elsewhere, 500n, 'wrong_region');
    if (kind < 0.08) return this.write(this.dice.pick(this.market.shops), TOO_MUCH, 'insufficient_balance');
    return this.purchase();
  }

  private async write(merchant: string, amount: bigint, refused: string | null): Promise<Entry> {
    const order = await this.client.signPayment(this.wallet, {
      merchant,
      series: this.market.series,
      amount,
      nonce: (this.nonce += 1),
      deadline: Math.floor(Date.now() / 1000) + 3_600,
    });
    const entry: Entry = {
      order,
      payer: this.address,
      merchant,
      amount,
      refused,
      reported: undefined,
      unknown: 0,
    };
    this.journal.push(entry);
    return entry;
  }

  /** undefined: no answer, or one that says nothing about this payment. */
  private async send({ order }: Entry): Promise<Reported | undefined> {
    try {
      const answer = await this.client.pay(order);
      if (answer.status >= 500 && codeOf(answer) !== 'unavailable')
        this.onOddity(`${answer.status} ${codeOf(answer)}`);
      return meaningOf(answer);
    } catch {
      return undefined;
    }
  }

  private note(entry: Entry, reported: Reported): void {
    const { order, refused } = entry;
    const right = refused === null ? ['accepted', 'final'] : [`refused:${refused}`];
    if (!right.includes(reported))
      this.onOddity(`${order.id}: reported ${reported}, expected ${right.join(' or ')}`);
    // A later 'accepted' of a second copy must not hide that it is final.
    if (entry.reported !== 'final') entry.reported = reported;
  }
}

/** What an answer says about the payment; undefined when it says nothing (busy, restarting, failed). */
export function meaningOf(answer: Answer): Reported | undefined {
  const { status, body } = answer;
  if (status === 429 || status >= 500) return undefined;
  if (status >= 400) return `refused:${codeOf(answer)}`;
  const state = body.at('state').text();
  if (state === 'accepted' || state === 'final') return state;
  return `refused:${body.at('code').text()}`;
}
