import type { Hex } from '#contracts';
import type { RelayNode } from './relay-node.js';
import type { RelayRepository } from './relay.repository.js';
import { Sender, type SenderSettings } from './sender.js';

export interface ReorgSettings extends SenderSettings {
  /** How often to ask the node whether a reorg removed transactions, in milliseconds. */
  readonly checkMs: number;
}

/**
 * After a reorg, sends the transactions of the removed blocks again, those of all keys in the order of these blocks. One
 * rests on another: a payer spends what was issued or given before, a merchant redeems what was paid before. At most a
 * block's worth is sent at once, because a node may pass over what does not fit and take a later one. Any process may do
 * it: all read the same journal and send the same bytes in the same order (ADR 18).
 */
export class ReorgHandler {
  private readonly sender: Sender;
  private working: Promise<boolean> | undefined;
  private checkedAt = Number.NEGATIVE_INFINITY;
  private isMissing = false;

  constructor(
    private readonly node: RelayNode,
    private readonly repository: RelayRepository,
    private readonly settings: ReorgSettings,
  ) {
    this.sender = new Sender(node, repository, settings);
  }

  /**
   * Sends the next missing transactions, at most once in `checkMs` while none is missing.
   *
   * @returns whether some are still missing: newer ones must wait, and the contract's judgement of calls does not count
   */
  async resend(): Promise<boolean> {
    if (!this.isMissing && performance.now() - this.checkedAt < this.settings.checkMs) return false;
    return this.resendNow();
  }

  /** The same, however recently the node was asked. */
  async resendNow(): Promise<boolean> {
    this.working ??= this.sendNext().finally(() => (this.working = undefined));
    return this.working;
  }

  private async sendNext(): Promise<boolean> {
    // In this order: a transaction that comes into a block in between does not count as removed.
    const keys = await this.repository.keysInBlocks();
    // The reorg may come between two answers; those of a second round are all from after it.
    const short = (await this.shortOf(keys)).length === 0 ? [] : await this.shortOf(keys);
    const missing =
      short.length === 0 ? [] : await this.repository.lost(short, await this.node.blockGasLimit());
    this.report(missing.length > 0, short);
    await this.sender.sendAgain(missing);
    this.sender.retain(new Set(missing.map(({ hash }) => hash)));
    this.checkedAt = performance.now();
    return this.isMissing;
  }

  /** Keys that have used fewer nonces than the indexer has seen in blocks. */
  private async shortOf(keys: readonly { relayer: Hex; last: number }[]) {
    const floors = await Promise.all(
      keys.map(async (key) => ({ ...key, floor: await this.node.transactionCount(key.relayer) })),
    );
    return floors.filter(({ last, floor }) => floor <= last);
  }

  private report(isMissing: boolean, keys: readonly { relayer: Hex; last: number; floor: number }[]): void {
    if (isMissing && !this.isMissing)
      this.settings.log('warn', 'relayer.reorg', {
        transactions: keys.reduce((sum, { last, floor }) => sum + last - floor + 1, 0),
      });
    if (!isMissing && this.isMissing) this.settings.log('info', 'relayer.reorg_resolved', {});
    this.isMissing = isMissing;
  }
}
