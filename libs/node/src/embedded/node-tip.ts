import { OperatorError } from '#platform';
import type { RecordedEntry } from './journal.js';
import { NodeError, NodeGone, type BlockHead, type NodeClient } from './node-client.js';

/** A signed transaction that a node has taken. */
export interface Accepted {
  readonly raw: string;
  readonly hash: string;
}

/** Doing again what is recorded gave something else. */
export class Diverged extends Error {}

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
  private normal = false;

  static async of(client: NodeClient): Promise<NodeTip> {
    return new NodeTip(client, await client.block('latest'));
  }

  get head(): BlockHead {
    return this.newest;
  }

  /** Whether its accounts were laid down again (see `normalise`) and no block came since. */
  get isNormal(): boolean {
    return this.normal;
  }

  /** Hands a transaction to the node. @returns its hash @throws NodeError when the node refuses it */
  async give(raw: string): Promise<string> {
    const startedAt = performance.now();
    try {
      return await this.hand(raw);
    } finally {
      this.workMs += performance.now() - startedAt;
    }
  }

  private async hand(raw: string): Promise<string> {
    const hash = await this.client.call('eth_sendRawTransaction', [raw]);
    if (typeof hash !== 'string') throw new NodeError('eth_sendRawTransaction', -32000, 'unreadable answer');
    return hash;
  }

  /** Transactions that waited when a snapshot was made; what the node does not take any more is reported and left out. */
  async giveAgain(raws: readonly string[], onDropped: (reason: string) => void): Promise<void> {
    for (const raw of raws) {
      try {
        this.waiting.push({ raw, hash: await this.hand(raw) });
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
   * @throws Diverged when that does not give the recorded chain
   */
  async repeat(entry: RecordedEntry): Promise<void> {
    const { head } = this;
    if (head.hash !== entry.parentHash) throw new Diverged(`another block ${head.number} came out`);
    if (entry.normalised && !this.normal) await this.normalise();
    for (const raw of entry.raws) {
      const hash = await this.give(raw).catch((error: unknown) => {
        if (!(error instanceof NodeError)) throw error;
        throw new Diverged(`the node refused a transaction of block ${entry.number}: ${error.message}`);
      });
      this.waiting.push({ raw, hash });
    }
    const { hash } = await this.seal(entry.number, entry.timestamp);
    if (entry.hash !== undefined && entry.hash !== hash)
      throw new Diverged(`another block ${entry.number} came out`);
  }

  /**
   * Makes the node's accounts what they would be after dump and load: the same values, and nothing beside them.
   *
   * anvil's state root covers every slot that was read, and what a read leaves behind depends on how the account
   * came to be: a contract that was created in this process remembers that its empty slots are empty, one that was
   * loaded adds a zero for each slot that a refused call reads (ADR 27). Unwinding a block lays all accounts down
   * as a load does, and gives BLOCKHASH the hashes that a load forgets. So snapshots are taken of such a state
   * alone, and whoever replays does the same at the same place. What waits is given again for the same reason: the
   * pool judges a nonce when it gets the transaction, and does not notice an authorisation that uses one.
   *
   * The block that is mined and unwound for it can be seen meanwhile: readers have to wait.
   *
   * @returns hash of that block, which holds no transaction: it commits to the whole state
   */
  async normalise(): Promise<string> {
    const { client, head } = this;
    const pool = await this.takeBack();
    const probe = await client.mine(head.timestamp);
    await client.call('anvil_rollback', [1]);
    const { hash } = await client.block('latest');
    if (probe.number !== head.number + 1 || probe.transactions.length > 0 || hash !== head.hash)
      throw new NodeGone(`the node did not unwind to block ${head.number}`);
    await this.giveAgain(pool, () => undefined);
    this.normal = true;
    return probe.hash;
  }

  /** Mines one block. @param timestamp Unix seconds */
  async seal(number: number, timestamp: number): Promise<BlockHead> {
    const startedAt = performance.now();
    this.normal = false;
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

  /** The node drops transactions whose place was taken by another; they must not come back. */
  private async forgetDropped(): Promise<void> {
    const alive: Accepted[] = [];
    for (const accepted of this.waiting) {
      if ((await this.client.call('eth_getTransactionByHash', [accepted.hash])) !== null)
        alive.push(accepted);
    }
    this.waiting = alive;
  }

  /** Empties the node's pool. @returns what was in it, in the order in which it was given */
  private async takeBack(): Promise<string[]> {
    if (this.waiting.length === 0) return [];
    await this.forgetDropped();
    await this.client.call('anvil_dropAllTransactions', []);
    return this.waiting.splice(0).map(({ raw }) => raw);
  }
}
