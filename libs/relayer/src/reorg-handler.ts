import type { Hex } from '#contracts';
import type { RelayNode } from './relay-node.js';
import type { RelayRepository } from './relay.repository.js';
import { Sender, type SenderSettings } from './sender.js';

export interface LostTailSettings extends SenderSettings {
  /** How often to ask whether something was lost. */
  readonly checkMs: number;
}

/**
 * Brings back what was in blocks that the chain has lost, whichever keys carried it, in the order in which it was there.
 * One rests on the other: what somebody spends was issued or given to him before, what a merchant redeems was paid. At
 * most a block's worth is on its way at once, because a node may pass over what does not fit and take what came later.
 * Who comes first does not matter: all processes see the same journal and send the same bytes in the same order.
 */
export class LostTail {
  private readonly sender: Sender;
  private looking: Promise<boolean> | undefined;
  private lookedAt = 0;
  private isMissing = false;

  constructor(
    private readonly node: RelayNode,
    private readonly repository: RelayRepository,
    private readonly settings: LostTailSettings,
  ) {
    this.sender = new Sender(node, repository, settings);
  }

  /**
   * Sends what is to come back next.
   *
   * @returns whether something is still missing: what is newer must wait, and what the chain says of it is not believed
   */
  async restore(): Promise<boolean> {
    if (!this.isMissing && Date.now() - this.lookedAt < this.settings.checkMs) return false;
    return this.look();
  }

  /** The same, however short ago it was done. */
  async look(): Promise<boolean> {
    this.looking ??= this.sendNext().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async sendNext(): Promise<boolean> {
    // In this order: what comes into a block in between is not taken for lost.
    const keys = await this.repository.keysInBlocks();
    // The loss may come between two answers; those of a second round are all from after it.
    const short = (await this.shortOf(keys)).length === 0 ? [] : await this.shortOf(keys);
    const missing =
      short.length === 0 ? [] : await this.repository.lost(short, await this.node.blockGasLimit());
    this.tell(missing.length > 0, short);
    await this.sender.sendAgain(missing);
    this.sender.retain(new Set(missing.map(({ hash }) => hash)));
    this.lookedAt = Date.now();
    return this.isMissing;
  }

  /** Keys that have used fewer nonces than the indexer has seen in blocks. */
  private async shortOf(keys: readonly { relayer: Hex; last: number }[]) {
    const floors = await Promise.all(
      keys.map(async (key) => ({ ...key, floor: await this.node.transactionCount(key.relayer) })),
    );
    return floors.filter(({ last, floor }) => floor <= last);
  }

  private tell(isMissing: boolean, keys: readonly { relayer: Hex; last: number; floor: number }[]): void {
    if (isMissing && !this.isMissing)
      this.settings.log('warn', 'relayer.tail_lost', {
        transactions: keys.reduce((sum, { last, floor }) => sum + last - floor + 1, 0),
      });
    if (!isMissing && this.isMissing) this.settings.log('info', 'relayer.tail_restored', {});
    this.isMissing = isMissing;
  }
}
