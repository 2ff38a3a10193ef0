import { Injectable } from '@nestjs/common';
import { keccak256 } from 'ethers';
import { CurrentDeployment } from '#node';
import {
  actDigest,
  authoritiesDomain,
  encodeExecute,
  encodeWithdrawApproval,
  type Act,
  type ActCall,
  type Approval,
  type SigningDomain,
  withdrawalDigest,
} from '#contracts';
import type { Areas, JsonObject } from '#domain';
import type { Transaction } from '#persistence';
import { ProblemException, wrongField } from '#platform';
import { addToOutbox, callPayload } from '#relayer';
import { AuditRepository } from '../audit/audit.repository.js';
import { ActChecks, type Needed } from './act-checks.js';
import { ActsRepository, type StoredAct, type StoredApproval } from './acts.repository.js';
import { AttachmentHandlers, type PreparedAttachment } from './attachment.js';
import { officerSignature } from './officer-signature.js';

/** An act with who signed it and who is missing. */
export interface ActView {
  readonly stored: StoredAct;
  readonly call: ActCall;
  readonly needed: Needed;
  /** Signatures that count now. */
  readonly signed: readonly StoredApproval[];
}

export interface Proposal {
  readonly act: Act;
  readonly attachment?: JsonObject;
  readonly approval: Approval;
  readonly requestId?: string;
}

/** The life of an act until the chain has it: proposed by signing, signed by enough, handed to the relayer. */
@Injectable()
export class ActsService {
  private readonly domain: SigningDomain;

  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly acts: ActsRepository,
    private readonly checks: ActChecks,
    private readonly handlers: AttachmentHandlers,
    private readonly audit: AuditRepository,
  ) {
    this.domain = authoritiesDomain(deployment);
  }

  /** The digest that officers sign; the act's id. */
  idOf(act: Act): string {
    return actDigest(this.domain, act);
  }

  /**
   * Stores an act with its first signature. The same act again adds the signature, if it is a new officer's.
   * Throws a problem when the signer may not propose it or the contract would refuse it; nothing is stored then.
   */
  async propose({ act, attachment, approval, requestId }: Proposal): Promise<ActView> {
    const id = this.idOf(act);
    const call = this.checks.decode(act);
    const authority = await this.checks.authority(act.authority);
    const needed = await this.checks.needed(call, authority, id);
    // Before the costly checks, so that strangers can't make us do them.
    this.checks.signature(id, approval, authority, needed.role);
    if (!(await this.acts.find(id))) {
      await this.checks.deadline(act);
      await this.checks.subject(call, needed, authority);
      const prepared = await this.prepare(call, act, attachment, authority.areas);
      await this.acts.transaction(async (tx) => {
        const stored = { id, act, kind: call.kind, attachment: prepared?.stored ?? null };
        if (!(await this.acts.insert(tx, { ...stored, proposedBy: approval.officer }))) return;
        await prepared?.store(tx, { id, authority: act.authority });
        await this.record(tx, act.authority, approval.officer, 'act:propose', id, requestId, {
          kind: call.kind,
        });
      });
    }
    return this.approve(id, approval, requestId);
  }

  /** Adds an officer's signature. A second one of the same officer changes nothing. */
  async approve(id: string, approval: Approval, requestId?: string): Promise<ActView> {
    return this.acts.transaction(async (tx) => {
      const stored = await this.acts.lock(tx, id);
      if (stored === undefined) throw new ProblemException('not_found');
      const call = this.checks.decode(stored.act);
      const authority = await this.checks.authority(stored.act.authority, tx);
      const needed = await this.checks.needed(call, authority, id, tx);
      const encoded = this.checks.signature(id, approval, authority, needed.role);
      const before = this.checks.valid(id, await this.acts.approvals(id, tx), authority, needed.role);
      const known = before.some(({ officer }) => officer === approval.officer);
      if (stored.state !== 'open') {
        if (known || stored.state === 'executing' || stored.state === 'executed')
          return { stored, call, needed, signed: before };
        throw closed(stored);
      }
      if (await this.acts.hasWithdrawn(id, approval.officer, tx))
        throw new ProblemException('approval_is_withdrawn', { args: { officer: approval.officer } });
      if (!known) {
        await this.acts.putApproval(tx, id, encoded);
        await this.record(tx, stored.act.authority, approval.officer, 'act:approve', id, requestId);
      }
      const signed = this.checks.valid(id, await this.acts.approvals(id, tx), authority, needed.role);
      if (signed.length < needed.officers) return { stored, call, needed, signed };
      await this.acts.enqueue(tx, id, this.deployment.authorities, encodeExecute(stored.act, signed));
      await this.acts.setState(tx, id, 'executing');
      const officers = signed.map(({ officer }) => officer);
      await this.record(tx, stored.act.authority, approval.officer, 'act:execute', id, requestId, {
        officers,
      });
      return { stored: { ...stored, state: 'executing' }, call, needed, signed };
    });
  }

  /**
   * An officer takes the own approval back: from here at once, and on chain, so that no one who kept it executes the act
   * with it. The others' approvals stay; without any the act is withdrawn. The same again changes nothing.
   */
  async withdraw(id: string, { officer, signature }: Approval, requestId?: string): Promise<ActView> {
    return this.acts.transaction(async (tx) => {
      const stored = await this.acts.lock(tx, id);
      if (stored === undefined) throw new ProblemException('not_found');
      const { authority } = stored.act;
      const known = (await this.checks.authority(authority, tx)).officers.get(officer);
      if (known === undefined) throw new ProblemException('officer_unknown', { args: { officer } });
      const signed = officerSignature(withdrawalDigest(this.domain, id), signature, known.keys);
      if (signed === null) throw new ProblemException('officer_signature_invalid', { args: { officer } });
      if (stored.state === 'executed') throw closed(stored);
      if (await this.acts.hasWithdrawn(id, officer, tx)) return this.viewOf(stored, tx);
      await this.acts.withdraw(tx, id, officer, signed);
      const call = encodeWithdrawApproval(authority, id, officer, signed);
      const payload = callPayload(this.deployment.authorities, call);
      await addToOutbox(tx, [{ id: keccak256(call), kind: 'call', payload }]);
      await this.record(tx, authority, officer, 'act:withdraw', id, requestId);
      const view = await this.viewOf(stored, tx);
      if (stored.state !== 'open' || view.signed.length > 0) return view;
      await this.acts.setState(tx, id, 'withdrawn');
      return { ...view, stored: { ...stored, state: 'withdrawn' } };
    });
  }

  /** Throws not_found. */
  async view(id: string): Promise<ActView> {
    const stored = await this.acts.find(id);
    if (stored === undefined) throw new ProblemException('not_found');
    return this.viewOf(stored);
  }

  async viewOf(stored: StoredAct, db?: Transaction): Promise<ActView> {
    const call = this.checks.decode(stored.act);
    const authority = await this.checks.authority(stored.act.authority, db);
    const needed = await this.checks.needed(call, authority, stored.id, db);
    const signed = this.checks.valid(
      stored.id,
      await this.acts.approvals(stored.id, db),
      authority,
      needed.role,
    );
    return { stored, call, needed, signed };
  }

  private async prepare(
    call: ActCall,
    act: Act,
    attachment: JsonObject | undefined,
    areas: Areas,
  ): Promise<PreparedAttachment | undefined> {
    const handler = this.handlers.of(call.kind);
    if (handler === undefined) {
      if (attachment !== undefined)
        throw wrongField('attachment', {
          ko: `${call.kind} 결재에는 붙일 수 없습니다.`,
          en: `does not belong to ${call.kind}`,
        });
      return undefined;
    }
    if (attachment === undefined)
      throw wrongField('attachment', {
        ko: `${call.kind} 결재에 필요합니다.`,
        en: `is required for ${call.kind}`,
      });
    // The registry hands out the handler of this very kind.
    const args = call.args as Parameters<typeof handler.prepare>[0];
    const prepared = await handler.prepare(args, attachment, areas);
    if (prepared.normal.nonce !== act.nonce)
      throw wrongField('act.nonce', {
        ko: 'uint256(keccak256(attachment의 RFC 8785 글))이어야 합니다.',
        en: 'must be uint256(keccak256(RFC 8785 text of the attachment))',
      });
    return prepared;
  }

  private record(
    tx: Transaction,
    authority: string,
    officer: number,
    action: string,
    subject: string,
    requestId: string | undefined,
    detail?: JsonObject,
  ): Promise<void> {
    return this.audit.add(tx, { authority, officer, action, subject, requestId, detail });
  }
}

function closed({ state, act, id }: StoredAct): ProblemException {
  if (state === 'expired')
    return new ProblemException('act_deadline_passed', { args: { deadline: act.deadline } });
  if (state === 'executed') return new ProblemException('act_already_executed', { args: { act: id } });
  return new ProblemException('conflict', {
    detail: { ko: `이 결재의 상태: ${state}`, en: `The act is ${state}.` },
  });
}
