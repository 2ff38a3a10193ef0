import type { Hex } from '#contracts';
import type { AdvisoryLock } from '#persistence';
import { messageOf } from '#platform';
import { keyLock } from './key-lock.js';
import { RelayJournal, type JournalSettings } from './relay-journal.js';
import type { ReorgHandler } from './reorg-handler.js';
import type { RelayNode } from './relay-node.js';
import type { RelayRepository } from './relay.repository.js';
import { Wake } from './wake.js';

interface OrphanedJournal {
  readonly journal: RelayJournal;
  readonly lock: AdvisoryLock;
}

export interface RecoverySettings extends JournalSettings {
  readonly databaseUrl: string;
  /** How often to look for journals that no process works on, in milliseconds. */
  readonly orphanScanMs: number;
}

/**
 * Settles the journals of relayer keys that no process has any more (a keystore was lost or replaced). Sending signed
 * transactions needs no key; what can't be mined without it is discarded, and a living key relays its items.
 */
export class OrphanedKeyRecovery {
  private stopped = false;
  private readonly wake = new Wake();
  private readonly orphans = new Map<Hex, OrphanedJournal>();

  constructor(
    private readonly living: ReadonlySet<Hex>,
    private readonly node: RelayNode,
    private readonly repository: RelayRepository,
    private readonly reorgs: ReorgHandler,
    private readonly settings: RecoverySettings,
  ) {}

  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.scan();
      } catch (error) {
        this.settings.log('warn', 'relayer.orphan_scan_failed', { reason: messageOf(error) });
      }
      if (!this.stopped) await this.wake.wait(this.settings.orphanScanMs);
    }
    for (const { lock } of this.orphans.values()) await lock.release();
  }

  stop(): void {
    this.stopped = true;
    this.wake.call();
  }

  private async scan(): Promise<void> {
    const left = (await this.repository.keysWithOpenRows()).filter((address) => !this.living.has(address));
    for (const [address, { lock }] of this.orphans) {
      if (left.includes(address)) continue;
      await lock.release();
      this.orphans.delete(address);
    }
    for (const address of left) {
      const orphan = this.orphans.get(address) ?? this.open(address);
      // Held by another process: the key lives there.
      if (await orphan.lock.tryAcquire()) await orphan.journal.check(await this.reorgs.resend());
    }
  }

  private open(address: Hex): OrphanedJournal {
    const orphan = {
      journal: new RelayJournal({ address }, this.node, this.repository, this.settings),
      lock: keyLock(this.settings.databaseUrl, address),
    };
    this.orphans.set(address, orphan);
    return orphan;
  }
}
