import type { Hex } from '#contracts';
import type { SupervisorLog } from '#platform';
import type { RelayNode } from './relay-node.js';
import type { JournalledTransaction, RelayRepository } from './relay.repository.js';

export interface SenderSettings {
  /** What is not in a block after this time is sent again. */
  readonly resendMs: number;
  readonly log: SupervisorLog;
}

/** After so many refusals of a node its answer counts: it might have been starting before. */
const REFUSALS_MAX = 4;

/** What is known in this process of a transaction that was sent. */
interface Attempt {
  at: number;
  refusals: number;
}

/** Sends what is journalled, and discards what the node rejects. Sending twice is harmless: the same bytes. */
export class Sender {
  private readonly attempts = new Map<Hex, Attempt>();

  constructor(
    private readonly node: RelayNode,
    private readonly repository: RelayRepository,
    private readonly settings: SenderSettings,
  ) {}

  async send(transaction: JournalledTransaction & { readonly raw: Hex }): Promise<void> {
    const { relayer, hash, raw, nonce, wasInBlock } = transaction;
    const attempt = this.attempts.get(hash) ?? { at: Number.NEGATIVE_INFINITY, refusals: 0 };
    attempt.at = performance.now();
    this.attempts.set(hash, attempt);
    let outcome;
    try {
      outcome = await this.node.sendRaw(raw);
    } catch (error) {
      // It may or may not have arrived: the next check sends the same bytes at once.
      attempt.at = Number.NEGATIVE_INFINITY;
      throw error;
    }
    if (outcome.kind !== 'refused') {
      attempt.refusals = 0;
      if (outcome.kind !== 'stale' && !wasInBlock) await this.repository.markSent(hash);
      return;
    }
    attempt.refusals += 1;
    this.settings.log('warn', 'relayer.transaction_refused', {
      relayer,
      nonce,
      hash,
      reason: outcome.message,
    });
    if (attempt.refusals >= REFUSALS_MAX) await this.discard(hash, true);
  }

  /** One after the other, those that were not sent a moment ago. */
  async sendAgain(transactions: readonly JournalledTransaction[]): Promise<void> {
    const due = transactions.filter(({ hash }) => this.isDue(hash));
    const raws = await this.repository.raws(due.map(({ hash }) => hash));
    for (const transaction of due) {
      const raw = raws.get(transaction.hash);
      if (raw !== undefined) await this.send({ ...transaction, raw });
    }
  }

  private isDue(hash: Hex): boolean {
    const attempt = this.attempts.get(hash);
    if (attempt === undefined || attempt.refusals > 0) return true;
    return performance.now() - attempt.at >= this.settings.resendMs;
  }

  async discard(hash: Hex, failed: boolean): Promise<void> {
    await this.repository.discard(hash, failed);
    this.attempts.delete(hash);
  }

  /** Keeps what is known of these alone. */
  retain(open: ReadonlySet<Hex>): void {
    for (const hash of this.attempts.keys()) if (!open.has(hash)) this.attempts.delete(hash);
  }
}
