import { OperatorError } from '#platform';
import type { JournalEntry } from './journal.js';
import { NodeError, type BlockHead, type NodeClient } from './node-client.js';

/** A signed transaction that a node has taken. */
export interface Accepted {
  readonly raw: string;
  readonly hash: string;
}

/**
 * How far a node has come: its newest block, and what it was given that no block holds yet. Giving the same to two
 * nodes in the same order makes the same blocks.
 */
export class NodeTip {
  private constructor(
    readonly client: NodeClient,
    private newest: BlockHead,
  ) {}

  /** Given and journalled, but in no block yet: nonce gaps, full blocks. */
  waiting: Accepted[] = [];
  /** What the node spent on transactions and blocks, in ms: about what doing it again would take. */
  workMs = 0;
  /** Blocks with transactions. */
  blocks = 0;
  private entries = 0;

  static async of(client: NodeClient): Promise<NodeTip> {
    return new NodeTip(client, await client.block('latest'));
  }

  get head(): BlockHead {
    return this.newest;
  }

  /** Hands a transaction to the node. @returns its hash @throws NodeError when the node refuses it */
  async give(raw: string): Promise<string> {
    const startedAt = performance.now();
    const hash = await this.client.call('eth_sendRawTransaction', [raw]);
    this.workMs += performance.now() - startedAt;
    if (typeof hash !== 'string') throw new NodeError('eth_sendRawTransaction', -32000, 'unreadable answer');
    return hash;
  }

  /** What waited when a snapshot was made; what the node does not take any more is told and left out. */
  async giveAgain(raws: readonly string[], onDropped: (reason: string) => void): Promise<void> {
    for (const raw of raws) {
      try {
        this.waiting.push({ raw, hash: await this.give(raw) });
      } catch (error) {
        // Its place was taken meanwhile; the node would have dropped it as well.
        if (!(error instanceof NodeError)) throw error;
        onDropped(error.message);
      }
    }
  }

  /**
   * Makes a journalled block again.
   *
   * @throws OperatorError when that does not give the recorded chain
   */
  async repeat(entry: JournalEntry): Promise<void> {
    const { head } = this;
    if (head.hash !== entry.parentHash) {
      throw new OperatorError(
        this.entries === 0
          ? `The chain's journal does not continue block ${head.number}. Restore the state folder from a backup.`
          : `Replaying the chain gave another block ${head.number} than the recorded one. This release's node or settings differ; start the release that wrote it.`,
      );
    }
    this.entries += 1;
    for (const raw of entry.raws) {
      const hash = await this.give(raw).catch((error: unknown) => {
        if (!(error instanceof NodeError)) throw error;
        throw new OperatorError(
          `Replaying the chain, the node refused a transaction of block ${entry.number}: ${error.message}. Start the release that wrote the state folder.`,
        );
      });
      this.waiting.push({ raw, hash });
    }
    await this.seal(entry.number, entry.timestamp);
  }

  /** Mines one block. @param timestamp Unix seconds */
  async seal(number: number, timestamp: number): Promise<BlockHead> {
    const startedAt = performance.now();
    const head = await this.client.mine(timestamp);
    this.workMs += performance.now() - startedAt;
    if (head.number !== number || head.timestamp !== timestamp) {
      throw new OperatorError(
        `The node mined block ${head.number} at ${head.timestamp}, wanted ${number} at ${timestamp}.`,
      );
    }
    this.newest = head;
    if (head.transactions.length > 0) {
      this.blocks += 1;
      const included = new Set(head.transactions);
      this.waiting = this.waiting.filter((accepted) => !included.has(accepted.hash));
    }
    return head;
  }

  /** The node drops transactions whose place was taken by another; they must not be kept waiting for ever. */
  async forgetDropped(): Promise<void> {
    const alive: Accepted[] = [];
    for (const accepted of this.waiting) {
      if ((await this.client.call('eth_getTransactionByHash', [accepted.hash])) !== null)
        alive.push(accepted);
    }
    this.waiting = alive;
  }
}
