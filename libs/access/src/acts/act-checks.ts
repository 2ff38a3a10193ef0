import { Injectable } from '@nestjs/common';
import {
  actRoleAndAmount,
  decodeAct,
  recoverSigner,
  type Act,
  type ActCall,
  type Approval,
  type AuthorityThresholds,
  type OfficerEntry,
  type Role,
  ROLES,
} from '#contracts';
import { CurrentDeployment } from '#chain';
import { packRegion, regionContains } from '#domain';
import type { Queryable } from '#persistence';
import { ProblemException } from '#platform';
import { AuthoritiesRepository, officersNeeded } from '../authorities/authorities.repository.js';
import { ActsRepository } from './acts.repository.js';

/** An act's deadline lies at most so far ahead: a forgotten act must not come back after years. */
export const ACT_DAYS_MAX = 90;

/** Who must sign an act. */
export interface Needed {
  readonly role: Role;
  readonly officers: number;
  /** Won that chose the band; 0 where bands do not matter. */
  readonly amount: bigint;
}

/** Officers and thresholds of one authority at one moment. */
export interface Authority {
  readonly officers: ReadonlyMap<number, OfficerEntry>;
  readonly thresholds: AuthorityThresholds;
}

/** The contract's conditions for an act, asked of the indexed chain before anything is stored. */
@Injectable()
export class ActChecks {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly authorities: AuthoritiesRepository,
    private readonly acts: ActsRepository,
  ) {}

  /** What an act calls. Throws unless it is one of ours, in the name of the act's own authority. */
  decode(act: Act): ActCall {
    const { authorities, vouchers } = this.deployment;
    const target = act.target === vouchers ? 'vouchers' : 'authorities';
    if (act.target !== vouchers && act.target !== authorities)
      throw new ProblemException('act_target_unknown', { args: { target: act.target } });
    const call = decodeAct(act.call, target);
    if (call === null) throw invalid('act.call', 'is not the calldata of an act');
    if (call.args.authority !== act.authority)
      throw invalid('act.call', 'acts in the name of another authority than act.authority');
    return call;
  }

  /** Throws act_deadline_passed, or invalid_request when the deadline is too far ahead. */
  deadline(act: Act, nowSeconds: number): void {
    if (act.deadline <= nowSeconds)
      throw new ProblemException('act_deadline_passed', { args: { deadline: act.deadline } });
    if (act.deadline > nowSeconds + ACT_DAYS_MAX * 86_400)
      throw invalid('act.deadline', `must be at most ${ACT_DAYS_MAX} days ahead`);
  }

  /** The authority's officers now. Throws authority_unknown. */
  async authority(region: string, db?: Queryable): Promise<Authority> {
    const [officers, thresholds] = await Promise.all([
      this.authorities.officers(region, db),
      this.authorities.thresholds(region, db),
    ]);
    if (thresholds === undefined)
      throw new ProblemException('authority_unknown', { args: { authority: region } });
    return { officers, thresholds };
  }

  needed(call: ActCall, { thresholds }: Authority): Needed {
    const { role, amount } = actRoleAndAmount(call.kind, call.args);
    return { role, amount, officers: officersNeeded(thresholds, role, amount) };
  }

  /** Throws unless a present officer with the needed role made this signature. */
  signature(digest: string, approval: Approval, authority: Authority, role: Role): void {
    const officer = authority.officers.get(approval.officer);
    if (officer === undefined)
      throw new ProblemException('officer_unknown', { args: { officer: approval.officer } });
    if (!isBy(digest, approval, officer))
      throw new ProblemException('officer_signature_invalid', { args: { officer: approval.officer } });
    if (!hasRole(officer, role)) {
      throw new ProblemException('forbidden', {
        detail: {
          ko: `이 결재에는 ${role} 역할이 필요합니다.`,
          en: `This act needs an officer with the role ${role}.`,
        },
      });
    }
  }

  /** Of some signatures those that count now: by present keys of officers who have the role. */
  valid<A extends Approval>(digest: string, approvals: readonly A[], authority: Authority, role: Role): A[] {
    return approvals.filter((approval) => {
      const officer = authority.officers.get(approval.officer);
      return officer !== undefined && hasRole(officer, role) && isBy(digest, approval, officer);
    });
  }

  /** Refuses what the contract would refuse for sure: other authorities' series, places outside the region. */
  async subject({ kind, args }: ActCall): Promise<void> {
    const { authority } = args;
    switch (kind) {
      case 'set_budget':
      case 'pause_series':
      case 'approve_issue':
        return this.ownSeries(authority, args.series);
      case 'close_issue_order': {
        const series = await this.acts.seriesOfOrder(args.issueOrder);
        if (series === undefined)
          throw new ProblemException('order_unknown', { args: { order: args.issueOrder } });
        return this.ownSeries(authority, series);
      }
      case 'set_merchants': {
        for (const { region } of args.entries) inside(authority, region);
        const known = await this.acts.placesOf(
          'merchants',
          args.entries.map(({ merchant }) => merchant),
        );
        for (const region of known.values()) inside(authority, region);
        return;
      }
      case 'set_merchant_status':
        return this.known('merchants', authority, args.merchants);
      case 'attest_accounts': {
        for (const { home } of args.entries) inside(authority, home);
        const known = await this.acts.placesOf(
          'accounts',
          args.entries.map(({ account }) => account),
        );
        for (const region of known.values()) inside(authority, region);
        return;
      }
      case 'freeze_accounts':
        return this.known('accounts', authority, args.accounts);
      case 'found_authority':
        inside(authority, args.region);
        if (await this.authorities.find(args.region))
          throw new ProblemException('authority_exists', { args: { authority: args.region } });
        return;
      default:
    }
  }

  private async ownSeries(authority: string, series: number): Promise<void> {
    if ((await this.acts.authorityOfSeries(series)) === authority) return;
    throw new ProblemException('series_not_of_authority', {
      args: { series, authority: packRegion(authority) },
    });
  }

  private async known(
    what: 'merchants' | 'accounts',
    authority: string,
    ids: readonly string[],
  ): Promise<void> {
    const places = await this.acts.placesOf(what, ids);
    for (const id of ids) {
      const region = places.get(id);
      if (region === undefined && what === 'merchants') throw new ProblemException('merchant_unknown');
      if (region === undefined) throw new ProblemException('account_unknown', { args: { account: id } });
      inside(authority, region);
    }
  }
}

function inside(authority: string, region: string): void {
  if (regionContains(authority, region)) return;
  throw new ProblemException('region_outside_authority', { args: { authority, region } });
}

function hasRole(officer: OfficerEntry, role: Role): boolean {
  return ((officer.roles >> ROLES[role]) & 1) === 1;
}

function isBy(digest: string, approval: Approval, officer: OfficerEntry): boolean {
  return recoverSigner(digest, approval.signature) === officer.signer;
}

function invalid(field: string, message: string): ProblemException {
  return new ProblemException('invalid_request', { fields: [{ field, message }] });
}
