import type { Hex } from '#contracts';
import { messageOf } from '#platform';
import { KeyOwnership } from './key-ownership.js';
import { LaneJournal, type JournalSettings } from './relay-journal.js';
import type { LostTail } from './reorg-handler.js';
import type { RelayNode } from './relay-node.js';
import type { RelayRepository } from './relay.repository.js';
import { Wake } from './wake.js';

interface Estate {
  readonly journal: LaneJournal;
  readonly ownership: KeyOwnership;
}

export interface ExecutorSettings extends JournalSettings {
  readonly databaseUrl: string;
  /** How often to look for journals that nobody works on. */
  readonly estatesMs: number;
}

/**
 * Settles what relayer keys left behind that no process has any more (a keystore was lost or replaced). Sending what
 * is signed needs no key; what can't be mined without it is struck, and its items travel with a living key.
 */
export class Executor {
  private stopped = false;
  private readonly wake = new Wake();
  private readonly estates = new Map<Hex, Estate>();

  constructor(
    private readonly living: ReadonlySet<Hex>,
    private readonly node: RelayNode,
    private readonly repository: RelayRepository,
    private readonly tail: LostTail,
    private readonly settings: ExecutorSettings,
  ) {}

  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.look();
      } catch (error) {
        this.settings.log('warn', 'relayer.estates_failed', { reason: messageOf(error) });
      }
      if (!this.stopped) await this.wake.wait(this.settings.estatesMs);
    }
    for (const { ownership } of this.estates.values()) await ownership.release();
  }

  stop(): void {
    this.stopped = true;
    this.wake.call();
  }

  private async look(): Promise<void> {
    const left = (await this.repository.carriers()).filter((address) => !this.living.has(address));
    for (const [address, { ownership }] of this.estates) {
      if (left.includes(address)) continue;
      await ownership.release();
      this.estates.delete(address);
    }
    for (const address of left) {
      const estate = this.estates.get(address) ?? this.open(address);
      // Held by another process: the key lives there.
      if (await estate.ownership.hold()) await estate.journal.check(await this.tail.restore());
    }
  }

  private open(address: Hex): Estate {
    const estate = {
      journal: new LaneJournal({ address }, this.node, this.repository, this.settings),
      ownership: new KeyOwnership(this.settings.databaseUrl, address),
    };
    this.estates.set(address, estate);
    return estate;
  }
}
