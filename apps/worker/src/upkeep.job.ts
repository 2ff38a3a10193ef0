import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { OfficerChangesService } from '#access';
import { ExpiryEnqueuer } from '#issuance';
import { AccountKeysService } from '#residents';
import { Database } from '#persistence';
import { Log, messageOf } from '#platform';

const EVERY_MS = 60_000;
/**
 * A decided outbox row is kept for so many blocks, in case a reorg removes its block: then it is relayed again. Chains
 * with immediate finality have none; the failure tests lose 64.
 */
const KEEP_BLOCKS = 2_000;
/** Rows of one round, so that the statement stays short. */
const ROWS_MAX = 20_000;

/** About the time of a block: expiry, new keys and new officers are due without a request. */
const ENQUEUE_EVERY_MS = 5_000;

/**
 * Removes from the outbox what was decided long ago, and enqueues what is due without a request: the holdings of series
 * that expire, new keys without an objection, and changes of officers that no one stopped.
 */
@Injectable()
export class UpkeepJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timers: NodeJS.Timeout[] = [];
  private working: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Log) private readonly log: Log,
    private readonly db: Database,
    private readonly expiry: ExpiryEnqueuer,
    private readonly keys: AccountKeysService,
    private readonly officers: OfficerChangesService,
  ) {}

  onApplicationBootstrap(): void {
    this.timers = [
      this.every(EVERY_MS, () => this.prune()),
      this.every(ENQUEUE_EVERY_MS, () => this.enqueue()),
    ];
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.working;
  }

  /** One round at a time; a round that comes too early is left out. */
  private every(milliseconds: number, round: () => Promise<void>): NodeJS.Timeout {
    let busy = false;
    return setInterval(() => {
      if (busy) return;
      busy = true;
      const done = round()
        .catch((error: unknown) => this.log.warn('upkeep.failed', { message: messageOf(error) }))
        .finally(() => {
          busy = false;
        });
      this.working = Promise.all([this.working, done]).then(() => undefined);
    }, milliseconds);
  }

  private async enqueue(): Promise<void> {
    const holdings = await this.expiry.runOnce();
    if (holdings > 0) this.log.info('upkeep.expiry_enqueued', { count: holdings });
    const replaced = await this.keys.finishReplacements();
    if (replaced > 0) this.log.info('upkeep.keys_enqueued', { count: replaced });
    const changed = await this.officers.finishDue();
    if (changed > 0) this.log.info('upkeep.officers_enqueued', { count: changed });
  }

  private async prune(): Promise<void> {
    const removed = await this.db.query(
      `DELETE FROM app.outbox WHERE id IN (
         SELECT o.id FROM app.outbox o, chain.cursor c
          WHERE o.decided_block >= 0 AND o.decided_block < c.block_number - $1
          LIMIT $2)
       RETURNING seq`,
      [KEEP_BLOCKS, ROWS_MAX],
    );
    if (removed.length > 0) this.log.info('upkeep.outbox_pruned', { count: removed.length });
  }
}
