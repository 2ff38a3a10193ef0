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

/**
 * Signatures that sufficed when the act was handed over and no longer do: another approval of the day raised the band, or
 * an officer withdrew or left. More officers may still sign.
 */
const SIGNATURES_LACK = new Set([
  'officers_too_few',
  'approval_is_withdrawn',
  'officer_unknown',
  'officer_signature_invalid',
]);

/** For the relayer's onRefused: an act that the contract refuses has failed, and says why, or waits for signatures again. */
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
    const lacks = SIGNATURES_LACK.has(code);
    const authority = lacks ? await this.acts.reopen(tx, id) : await this.acts.fail(tx, id, { code, args });
    if (authority === undefined) return;
    const action = lacks ? 'act:reopen' : 'act:fail';
    await this.audit.add(tx, { authority, action, subject: id, detail: { code, args } });
  }
}
