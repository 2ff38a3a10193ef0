import { decidedOrder, decodeLog, topicsOfInterest } from '#contracts';
import { type BlockHeader, ChainError, type ChainNode, type CurrentDeployment, type NodeLog } from '#node';
import { IndexedBatch, type IndexedEvent } from './batch.js';

export interface RangeBounds {
  /** Most blocks of one range; their headers are asked for one by one. */
  readonly blocksMax: number;
  /** Ranges shrink when one has more logs; a single block is read whatever it has. */
  readonly logsWanted: number;
}

/**
 * Reads consecutive blocks with their events. The length of a range follows what the last ones held, so that both an
 * empty chain and one with thousands of payments a block are read in pieces of similar size.
 */
export class BlockReader {
  private span = 1;

  constructor(
    private readonly node: ChainNode,
    private readonly deployment: CurrentDeployment,
    private readonly bounds: RangeBounds,
  ) {}

  /**
   * The blocks from `from` on, up to `head` or as many as are wise at once.
   *
   * @throws ChainError `retry` when the chain changed while it was read
   */
  async read(from: bigint, head: bigint): Promise<IndexedBatch> {
    const last = from + BigInt(this.span) - 1n;
    const to = last < head ? last : head;
    try {
      const headers = await this.node.headers(from, to);
      requireChained(headers);
      const logs = await this.logsOf(headers);
      this.adapt(logs.length, Number(to - from) + 1);
      const events = eventsOf(headers, logs);
      return new IndexedBatch(headers, events, await this.sendersOfRefusals(events));
    } catch (error) {
      const isTooMuch = error instanceof ChainError && error.action !== 'stop' && this.span > 1;
      if (isTooMuch) this.span = Math.max(1, this.span >> 2);
      // "Too many results" of a single block will not get better by asking again, but nothing else helps either.
      throw error;
    }
  }

  private async logsOf(headers: readonly BlockHeader[]): Promise<NodeLog[]> {
    const [first] = headers;
    const last = headers.at(-1);
    if (!first || !last) return [];
    const { authorities, vouchers } = this.deployment;
    const what = { addresses: [authorities, vouchers], topics: topicsOfInterest };
    // A block's hash names its content, so one block can't change between the two questions.
    if (first === last) return this.node.logs({ ...what, blockHash: first.hash });
    const logs = await this.node.logs({ ...what, from: first.number, to: last.number });
    const again = await this.node.header(last.number);
    if (again?.hash !== last.hash) throw new ChainError('retry', 'the chain changed while it was read');
    return logs;
  }

  /** Honest transactions rarely have one, so that the question is not asked for every block. */
  private async sendersOfRefusals(events: readonly IndexedEvent[]): Promise<ReadonlyMap<string, string>> {
    const refusals = events.filter((event) => decidedOrder(event)?.settled === false);
    const hashes = [...new Set(refusals.map(({ txHash }) => txHash))];
    return hashes.length === 0 ? new Map() : this.node.senders(hashes);
  }

  private adapt(logs: number, blocks: number): void {
    if (logs > this.bounds.logsWanted) this.span = Math.max(1, blocks >> 1);
    else if (logs < this.bounds.logsWanted / 3) this.span = Math.min(this.bounds.blocksMax, this.span * 2);
  }
}

function requireChained(headers: readonly BlockHeader[]): void {
  headers.forEach((header, index) => {
    const before = headers[index - 1];
    if (before && header.parentHash !== before.hash) {
      throw new ChainError('retry', `block ${header.number} does not follow ${before.number}`);
    }
  });
}

function eventsOf(headers: readonly BlockHeader[], logs: readonly NodeLog[]): IndexedEvent[] {
  const [first] = headers;
  if (!first) return [];
  const events: IndexedEvent[] = [];
  let lastIndex = -1;
  let lastBlock = first.number;
  for (const log of logs) {
    const header = headers[Number(log.blockNumber - first.number)];
    if (!header || header.hash !== log.blockHash) {
      throw new ChainError('retry', `a log of block ${log.blockNumber} belongs to another chain`);
    }
    // Everything below relies on the order; a node that mixes it up is asked again until it gives it right.
    if (log.blockNumber < lastBlock || (log.blockNumber === lastBlock && log.logIndex <= lastIndex)) {
      throw new ChainError('retry', `logs of block ${log.blockNumber} are doubled or out of order`);
    }
    lastBlock = log.blockNumber;
    lastIndex = log.logIndex;
    const event = decodeLog(log);
    if (event === null) continue;
    const { blockNumber, logIndex, txHash } = log;
    events.push({ ...event, blockNumber, logIndex, txHash, timestamp: header.timestamp });
  }
  return events;
}
