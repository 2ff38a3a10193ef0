import { Injectable } from '@nestjs/common';
import { CurrentDeployment } from '#node';
import { addToOutbox, callPayload } from '#relayer';
import { BATCH_MAX, encodeExpire } from '#contracts';
import { Database, NOW_SECONDS, toHex } from '#persistence';
import { keccak256, toBeHex, concat } from 'ethers';

/** Batches of one series that are on their way at once. */
const BATCHES_MAX = 10;
/** Target, selector and series of a call: what all of one series have in common. */
const CALL_HEAD_BYTES = 20 + 4 + 32;

/**
 * After officers started the expiry of a series, puts what residents still have of it into the outbox, batch by batch,
 * until nothing is left but what frozen accounts have: the contract leaves it until the freeze ends. Runs now and then;
 * running it twice, or in two processes, changes nothing but gas: the contract skips holdings that are empty.
 */
@Injectable()
export class ExpiryEnqueuer {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly db: Database,
  ) {}

  /** Returns how many holdings are newly on their way. */
  async runOnce(): Promise<number> {
    let added = 0;
    for (const series of await this.expiring()) added += await this.enqueue(series);
    return added;
  }

  private async expiring(): Promise<number[]> {
    const rows = await this.db.query<{ id: number }>(
      `SELECT s.id FROM chain.series s
         JOIN LATERAL (SELECT expiring, closed FROM chain.series_version v WHERE v.series = s.id
                        ORDER BY block_number DESC, log_index DESC LIMIT 1) v ON v.expiring AND NOT v.closed
        ORDER BY s.id`,
    );
    return rows.map(({ id }) => id);
  }

  private async enqueue(series: number): Promise<number> {
    const { vouchers } = this.deployment;
    const head = Buffer.from(callPayload(vouchers, encodeExpire(series, [vouchers]))).subarray(
      0,
      CALL_HEAD_BYTES,
    );
    return this.db.transaction(async (tx) => {
      const [on] = await tx.query<{ way: boolean; block: bigint | null }>(
        `SELECT EXISTS (SELECT FROM app.outbox WHERE kind = 'call' AND decided_block IS NULL
                           AND substring(payload FROM 1 FOR ${CALL_HEAD_BYTES}) = $1) AS way,
                (SELECT block_number FROM chain.cursor) AS block`,
        [head],
      );
      if (on === undefined || on.way) return 0;
      const rows = await tx.query<{ account: Buffer }>(
        `SELECT h.account FROM chain.holding h
           LEFT JOIN LATERAL (SELECT frozen_until FROM chain.account_version v WHERE v.account = h.account
                               ORDER BY block_number DESC, log_index DESC LIMIT 1) a ON true
          WHERE h.series = $1 AND h.balance > 0 AND coalesce(a.frozen_until, 0) <= ${NOW_SECONDS}
          ORDER BY h.account LIMIT $2`,
        [series, BATCH_MAX * BATCHES_MAX],
      );
      const accounts = rows.map(({ account }) => toHex(account));
      const moment = toBeHex(on.block ?? 0n, 32);
      for (let first = 0; first < accounts.length; first += BATCH_MAX) {
        const call = encodeExpire(series, accounts.slice(first, first + BATCH_MAX));
        const id = keccak256(concat([moment, call]));
        await addToOutbox(tx, [{ id, kind: 'call', payload: callPayload(vouchers, call) }]);
      }
      return accounts.length;
    });
  }
}
