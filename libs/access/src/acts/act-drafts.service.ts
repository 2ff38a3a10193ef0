import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CurrentDeployment } from '#node';
import {
  actTargetAddress,
  encodeAct,
  type Act,
  type ActArguments,
  type ActCall,
  type ActKind,
} from '#contracts';
import type { Areas, JsonObject } from '#domain';
import { Clock } from '#persistence';
import { ProblemException, type RawJson, wrongField } from '#platform';
import { isPlainKind, readActArguments } from './act-args.js';
import { ActChecks, type Needed } from './act-checks.js';
import type { SkippedEntry } from './act-subjects.repository.js';
import { ActsService } from './acts.service.js';
import { RedemptionReturns } from './redemption-returns.js';
import { SeriesExtensions } from './series-extensions.js';
import { AttachmentHandlers, type DraftWarning, isAttachedKind, SALT_BYTES } from './attachment.js';

export interface DraftRequest {
  readonly kind: ActKind;
  readonly authority: string;
  readonly args: unknown;
  readonly attachment?: JsonObject;
  /** Unix seconds; default one day ahead. */
  readonly deadline?: number;
}

export interface Draft {
  readonly id: string;
  readonly act: Act;
  readonly call: ActCall;
  /** In its normal form with a salt; to be sent with the proposal as it is. */
  readonly attachment: JsonObject | RawJson | null;
  readonly needed: Needed;
  /** Entries of its list that the contract would skip. */
  readonly skipped: readonly SkippedEntry[];
  readonly warnings: readonly DraftWarning[];
}

const DEADLINE_DEFAULT_SECONDS = 86_400;

/** Turns what an officer wants into the act to be signed. Stores nothing. */
@Injectable()
export class ActDraftsService {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly checks: ActChecks,
    private readonly handlers: AttachmentHandlers,
    private readonly acts: ActsService,
    private readonly returns: RedemptionReturns,
    private readonly extensions: SeriesExtensions,
    private readonly clock: Clock,
  ) {}

  /** Throws a problem when arguments or attachment are malformed or the contract would refuse the act. */
  async draft(asked: DraftRequest): Promise<Draft> {
    const request = { ...asked, authority: await this.checks.authorityMeant(asked.authority) };
    const { kind, authority } = request;
    const salted = isAttachedKind(kind) ? this.withSalt(kind, request.attachment) : undefined;
    if (salted === undefined && request.attachment !== undefined)
      throw wrongField('attachment', {
        ko: `${kind} 결재에는 붙일 수 없습니다.`,
        en: `does not belong to ${kind}`,
      });
    const areas = await this.checks.areas(authority);
    const call = await this.callOf(request, areas, salted);
    const handler = this.handlers.of(kind);
    const prepared =
      handler &&
      salted &&
      (await handler.prepare(call.args as Parameters<typeof handler.prepare>[0], salted, areas));
    const normal = prepared?.normal;
    const { target, call: calldata } = encode(call);
    const nonce = normal ? normal.nonce : BigInt(`0x${randomBytes(32).toString('hex')}`);
    const officers = await this.checks.authority(authority);
    const needed = await this.checks.needed(call, officers);
    const skipped = await this.checks.subject(call, needed, officers);
    const act: Act = {
      authority,
      target: actTargetAddress(target, this.deployment),
      call: calldata,
      nonce,
      deadline: request.deadline ?? (await this.clock.now()) + DEADLINE_DEFAULT_SECONDS,
    };
    await this.checks.deadline(act);
    return {
      id: this.acts.idOf(act),
      act,
      call,
      attachment: normal?.json ?? null,
      needed,
      skipped,
      warnings: (await prepared?.warnings?.()) ?? [],
    };
  }

  private withSalt(kind: ActKind, attachment: JsonObject | undefined): JsonObject {
    if (attachment === undefined)
      throw wrongField('attachment', {
        ko: `${kind} 결재에 필요합니다.`,
        en: `is required for ${kind}`,
      });
    return { salt: `0x${randomBytes(SALT_BYTES).toString('hex')}`, ...attachment };
  }

  private async callOf(
    { kind, authority, args }: DraftRequest,
    areas: Areas,
    attachment: JsonObject | undefined,
  ): Promise<ActCall> {
    if (kind === 'return_redemptions') return { kind, args: await this.returns.derive(authority, args) };
    if (kind === 'extend_series') return { kind, args: await this.extensions.derive(authority, args) };
    const handler = this.handlers.of(kind);
    const values =
      handler && attachment
        ? await handler.derive({ authority, areas }, args, attachment)
        : isPlainKind(kind)
          ? readActArguments(kind, { authority, areas }, args)
          : undefined;
    if (values === undefined) throw new Error(`no one knows acts of the kind ${kind}`);
    // kind and values come from one table row, which the compiler cannot see.
    return { kind, args: values } as ActCall;
  }
}

function encode({ kind, args }: ActCall): ReturnType<typeof encodeAct> {
  try {
    return encodeAct(kind, args as ActArguments[typeof kind]);
  } catch (error) {
    throw new ProblemException('invalid_request', {
      fields: [
        {
          field: 'args',
          message: { ko: '계약에 맞지 않는 값이 있습니다.', en: 'a value does not fit the contract' },
        },
      ],
      cause: error,
    });
  }
}
