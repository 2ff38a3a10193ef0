import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '#persistence';
import { Log, messageOf } from '#platform';

const EVERY_MS = 60_000;
/**
 * A decided outbox row is kept for so many blocks, in case its block is lost: then it is carried again. Chains
 * with immediate finality lose none; the failure tests lose 64.
 */
const KEEP_BLOCKS = 2_000;
/** Rows of one round, so that the statement stays short. */
const ROWS_MAX = 20_000;

/** Removes from the outbox what was decided long ago. */
@Injectable()
export class UpkeepJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Log) private readonly log: Log,
    private readonly db: Database,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.working = this.prune().catch((error: unknown) =>
        this.log.warn('upkeep.failed', { message: messageOf(error) }),
      );
    }, EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
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
