import type { ContractEvent, ContractEventName } from '#contracts';
import type { Queryable } from '#persistence';

/** A block of the range that is being copied. */
export interface IndexedBlock {
  readonly number: bigint;
  readonly hash: string;
  readonly parentHash: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly txHashes: readonly string[];
}

type EventOf<Name extends ContractEventName> = Extract<ContractEvent, { name: Name }>;

/** Where on the chain an event stands. */
export interface EventPosition {
  readonly blockNumber: bigint;
  readonly logIndex: number;
  readonly txHash: string;
  /** Unix seconds of its block. */
  readonly timestamp: number;
}

/** An event with its place; `name` says which. */
export type IndexedEvent<Name extends ContractEventName = ContractEventName> = EventOf<Name> & EventPosition;

/** Consecutive blocks with the events of the platform's contracts in chain order. */
export class IndexedBatch {
  private readonly byName = new Map<ContractEventName, IndexedEvent[]>();

  constructor(
    readonly blocks: readonly IndexedBlock[],
    readonly events: readonly IndexedEvent[],
    private readonly senders: ReadonlyMap<string, string> = new Map(),
  ) {
    for (const event of events) {
      const known = this.byName.get(event.name);
      if (known) known.push(event);
      else this.byName.set(event.name, [event]);
    }
  }

  /** First block of the range. */
  get from(): bigint {
    return this.edge(0).number;
  }

  /** Last block of the range. */
  get to(): bigint {
    return this.edge(-1).number;
  }

  /** The events of one kind, in chain order. */
  of<Name extends ContractEventName>(name: Name): readonly IndexedEvent<Name>[] {
    // The map is filled by name, which the compiler cannot follow.
    return (this.byName.get(name) ?? []) as unknown as readonly IndexedEvent<Name>[];
  }

  /** The events of several kinds, in chain order. */
  ofAny<Name extends ContractEventName>(...names: readonly Name[]): readonly IndexedEvent<Name>[] {
    const wanted = new Set<string>(names);
    const found = this.events.filter((event) => wanted.has(event.name));
    return found as unknown as readonly IndexedEvent<Name>[];
  }

  has(...names: readonly ContractEventName[]): boolean {
    return names.some((name) => this.byName.has(name));
  }

  /** Who sent the transaction of an event that says a contract refused a signed order. Other senders are not asked for. */
  senderOfRefusal({ txHash }: EventPosition): string {
    const sender = this.senders.get(txHash);
    if (sender === undefined) throw new Error(`the sender of ${txHash} was not asked for`);
    return sender;
  }

  private edge(at: 0 | -1): IndexedBlock {
    const block = this.blocks.at(at);
    if (!block) throw new Error('a batch has a block at least');
    return block;
  }
}

/**
 * Keeps one subject of the tables in step with the chain. Everything it writes follows from the chain alone (and
 * from what was submitted, where it only marks that), so that a rebuild gives the same bytes.
 */
export interface Projector {
  readonly name: string;
  /** Adds the rows of the batch. Projectors run in the order of their list and may read what earlier ones wrote. */
  apply(tx: Queryable, batch: IndexedBatch): Promise<void>;
  /** After a reorg: undoes everything above `ancestor`. In reverse order: rows of earlier projectors still stand. */
  rollback(tx: Queryable, ancestor: bigint): Promise<void>;
  /** Undoes everything, for a rebuild. */
  truncate(tx: Queryable): Promise<void>;
}
