import type { OutsideClient } from '../support/outside-client.js';
import type { Dice } from '../support/dice.js';
import type { Entry } from './journal.js';
import type { Population } from './population.js';

/** A population that goes shopping until it is stopped. */
export class Load {
  readonly journal: Entry[] = [];
  /** Answers that contradict what had to come. */
  readonly oddities: string[] = [];
  private readonly over = new AbortController();
  private readonly running: Promise<void>[];

  /**
   * @param rate payments a second, all together
   * @param who default every resident
   */
  constructor(
    population: Population,
    clientOf: (index: number) => OutsideClient,
    rate: number,
    dice: Dice,
    who = population.residents,
  ) {
    const everyMs = (who.length / rate) * 1_000;
    this.running = population
      .shoppers(clientOf, dice, this.journal, (text) => this.oddities.push(text), who)
      .map((shopper) => shopper.shop(everyMs, this.over.signal));
  }

  /** Ids of payments that were promised until now. */
  promised(): string[] {
    return this.journal
      .filter(({ reported }) => reported === 'accepted' || reported === 'final')
      .map(({ order }) => order.id);
  }

  async stop(): Promise<void> {
    this.over.abort();
    await Promise.all(this.running);
  }
}
