import { Injectable } from '@nestjs/common';
import { CurrentDeployment } from '#node';
import { ACT_TYPES, actMessage, authoritiesDomain, DOMAIN_TYPES, type Act } from '#contracts';
import { isoTime, isRefusalKey, refusalText } from '#domain';
import { RegionDirectory } from '../regions/region-directory.js';
import { showActArguments } from './act-args.js';
import type { Needed } from './act-checks.js';
import type { Draft } from './act-drafts.service.js';
import { ActSubjectsRepository, type SkippedEntry } from './act-subjects.repository.js';
import type {
  ActDetailDto,
  ActDto,
  ActFailureDto,
  ActSummaryDto,
  DraftDto,
  NeededDto,
  SkippedEntryDto,
} from './acts.dto.js';
import type { ActFailure } from './acts.repository.js';
import type { ActView } from './acts.service.js';
import { describeAct } from './describe-act.js';

/** Acts in the words and shapes of the API. */
@Injectable()
export class ActPresenter {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly regions: RegionDirectory,
    private readonly subjects: ActSubjectsRepository,
  ) {}

  summary({ stored, call }: ActView): ActSummaryDto {
    return {
      id: stored.id,
      authority: stored.act.authority,
      kind: stored.kind,
      state: stored.state,
      explanation: describeAct(call, this.regions.name),
      proposedBy: stored.proposedBy,
      proposedAt: stored.proposedAt.toISOString(),
      deadline: isoTime(stored.act.deadline),
    };
  }

  async detail(view: ActView): Promise<ActDetailDto> {
    const { stored, call, needed, signed } = view;
    return {
      ...this.summary(view),
      act: showAct(stored.act),
      args: showActArguments(call),
      attachment: stored.attachment,
      needed: showNeeded(needed),
      signed: signed.map(({ officer, signedAt }) => ({ officer, signedAt: signedAt.toISOString() })),
      failure: stored.failure && this.failure(stored.failure),
      executed: stored.executed && {
        block: String(stored.executed.block),
        txHash: stored.executed.txHash,
      },
      skipped: stored.executed === null ? [] : this.skipped(await this.subjects.skipped(stored.id)),
    };
  }

  draft({ id, act, call, attachment, needed, skipped, warnings }: Draft): DraftDto {
    const message = actMessage(act);
    return {
      id,
      act: showAct(act),
      typedData: {
        domain: authoritiesDomain(this.deployment),
        types: { ...DOMAIN_TYPES, ...ACT_TYPES },
        primaryType: 'Act',
        message: { ...message, authority: String(message['authority']), nonce: String(act.nonce) },
      },
      attachment,
      explanation: describeAct(call, this.regions.name),
      args: showActArguments(call),
      needed: showNeeded(needed),
      skipped: this.skipped(skipped),
      warnings: warnings.map(({ code, fields, act: earlier, message: words }) => ({
        code,
        fields: [...fields],
        act: earlier,
        message: { ...words },
      })),
    };
  }

  private skipped(entries: readonly SkippedEntry[]): SkippedEntryDto[] {
    return entries.map(({ index, subject, ...refusal }) => ({ index, subject, ...this.failure(refusal) }));
  }

  private failure({ code, args }: ActFailure): ActFailureDto {
    const title = (lang: 'ko' | 'en') =>
      isRefusalKey(code) ? refusalText(code, {}, lang, this.regions.name).title : code;
    return { code, args, title: { ko: title('ko'), en: title('en') } };
  }
}

function showAct({ authority, target, call, nonce, deadline }: Act): ActDto {
  return { authority, target, call, nonce: String(nonce), deadline };
}

function showNeeded({ role, officers, amount }: Needed): NeededDto {
  return { role, officers, amount: String(amount) };
}
