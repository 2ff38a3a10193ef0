import { Injectable } from '@nestjs/common';
import type { DecodedRevert } from '#contracts';
import { refusalArgs } from '#domain';
import type { Transaction } from '#persistence';
import { AuditRepository } from '../audit/audit.repository.js';
import { ActsRepository } from './acts.repository.js';

/** What the relayer says about an act that the contract would not execute. */
export interface RefusedAct {
  readonly id: string;
  /** Null when the node gave no reason we can read. */
  readonly revert: DecodedRevert | null;
}

/** For the relayer's onRefused: an act that the contract refuses has failed, and says why. */
@Injectable()
export class ActRefusals {
  constructor(
    private readonly acts: ActsRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** In the transaction in which the act leaves the outbox. Repeating changes nothing. */
  async record(tx: Transaction, { id, revert }: RefusedAct): Promise<void> {
    const code = revert?.key ?? revert?.name ?? 'unknown';
    const args = revert?.key ? refusalArgs(revert.key, Object.values(revert.args)) : {};
    const authority = await this.acts.fail(tx, id, { code, args });
    if (authority === undefined) return;
    await this.audit.add(tx, { authority, action: 'act:fail', subject: id, detail: { code, args } });
  }
}
