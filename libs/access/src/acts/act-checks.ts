import { Injectable } from '@nestjs/common';
import {
  actRoleAndAmount,
  decodeAct,
  type Act,
  type ActCall,
  type Approval,
  type OfficerEntry,
  type Role,
  ROLES,
} from '#contracts';
import { CurrentDeployment } from '#node';
import {
  type AreaHolder,
  type Areas,
  areasContain,
  OFFICERS_LIFE_SECONDS,
  officersNeeded,
  refusalOfReplacement,
  regionContains,
  wonOfTheDay,
} from '#domain';
import { Clock, type Queryable } from '#persistence';
import { authorityCodes, notOnePlace, placesMeant, ProblemException, wrongField } from '#platform';
import { AuthoritiesRepository, type Authority } from '../authorities/authorities.repository.js';
import { BLOCK_SECONDS } from '../block-time.js';
import { ActSubjectsRepository, type SkippedEntry } from './act-subjects.repository.js';
import { ListEntries } from './list-entries.js';
import { isOfficersCall, OfficerChecks } from './officer-checks.js';
import { officerSignature } from './officer-signature.js';
import { refusedAt } from './refused-at.js';
import { isSeriesCall, SeriesChecks } from './series-checks.js';

/** Who must sign an act. */
export interface Needed {
  readonly role: Role;
  readonly officers: number;
  /** Won that chose the band, for an approval with what was approved before on the same day; 0 where bands do not matter. */
  readonly amount: bigint;
}

/** The contract's conditions for an act, asked of the indexed chain before anything is stored. */
@Injectable()
export class ActChecks {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly authorities: AuthoritiesRepository,
    private readonly subjects: ActSubjectsRepository,
    private readonly lists: ListEntries,
    private readonly officers: OfficerChecks,
    private readonly series: SeriesChecks,
    private readonly clock: Clock,
  ) {}

  /** What an act calls. Throws unless it is a known call of a deployed contract, in the name of the act's authority. */
  decode(act: Act): ActCall {
    const { authorities, vouchers } = this.deployment;
    const target = act.target === vouchers ? 'vouchers' : 'authorities';
    if (act.target !== vouchers && act.target !== authorities)
      throw new ProblemException('act_target_unknown', { args: { target: act.target } });
    const call = decodeAct(act.call, target);
    if (call === null)
      throw wrongField('act.call', {
        ko: '결재의 호출 데이터가 아닙니다.',
        en: 'is not the calldata of an act',
      });
    if (call.args.authority !== act.authority)
      throw wrongField('act.call', {
        ko: 'act.authority와 다른 지자체의 이름으로 하는 호출입니다.',
        en: 'acts in the name of another authority than act.authority',
      });
    return call;
  }

  /** Throws act_deadline_passed or act_deadline_too_far. */
  async deadline(act: Act): Promise<void> {
    const nowSeconds = await this.clock.now();
    const { deadline } = act;
    if (deadline <= nowSeconds) throw new ProblemException('act_deadline_passed', { args: { deadline } });
    // The block that executes it may be a little behind.
    const latest = nowSeconds + OFFICERS_LIFE_SECONDS - BLOCK_SECONDS;
    if (deadline > latest) throw new ProblemException('act_deadline_too_far', { args: { deadline, latest } });
  }

  /** The authority's officers now. Throws authority_unknown. */
  async authority(region: string, db?: Queryable): Promise<Authority> {
    const [officers, thresholds, areas] = await Promise.all([
      this.authorities.officers(region, db),
      this.authorities.thresholds(region, db),
      this.authorities.areas(region, db),
    ]);
    if (thresholds === undefined)
      throw new ProblemException('authority_unknown', { args: { authority: region } });
    return { officers, thresholds, areas };
  }

  /** What the authority answers for now; none for one that does not exist. */
  areas(authority: string): Promise<Areas> {
    return this.authorities.areas(authority);
  }

  /**
   * The code of the authority that a spelling of its place means: as it was founded, else by what it answers for now. The
   * spelling itself where there is no such authority. Throws invalid_request where it means several places of which not one
   * alone has an authority.
   */
  async authorityMeant(spelling: string): Promise<string> {
    const meant = (await this.authorities.meant(authorityCodes(spelling))).map(({ region }) => region);
    if (meant.includes(spelling)) return spelling;
    const [one, ...others] = meant;
    if (one !== undefined && others.length === 0) return one;
    const names = meant.join(', ');
    const several = {
      message: { ko: `여러 지자체를 뜻합니다: ${names}`, en: `means several authorities: ${names}` },
      became: meant,
    };
    const fault = notOnePlace(spelling) ?? (one === undefined ? undefined : several);
    if (fault?.became !== undefined) throw wrongField('authority', fault.message, fault.became);
    return spelling;
  }

  /** @param id of the act, where it has one already */
  async needed(call: ActCall, { thresholds }: Authority, id?: string, db?: Queryable): Promise<Needed> {
    const { role, amount, ofDay, officers, atLeast } = actRoleAndAmount(call.kind, call.args);
    const stops =
      call.kind === 'close_issue_order' ? await this.subjects.order(call.args.issueOrder) : undefined;
    // A quota's stolen key can't wait for a second officer.
    const fixed = stops?.isQuota === true ? 1 : officers;
    if (fixed !== null) return { role, amount, officers: fixed };
    if (call.kind === 'extend_series') {
      const outstanding = (await this.subjects.series(call.args.series))?.outstanding ?? 0n;
      return { role, amount: outstanding, officers: officersNeeded(thresholds, role, outstanding) };
    }
    const weighed = ofDay
      ? wonOfTheDay(
          await this.subjects.approvedBesides(
            { moment: await this.clock.now(), authority: call.args.authority, amount, act: id },
            db,
          ),
          amount,
        )
      : amount;
    const least = Math.max(atLeast, await this.lists.officersAtLeast(call));
    return { role, amount: weighed, officers: Math.max(least, officersNeeded(thresholds, role, weighed)) };
  }

  /**
   * The approval with its signature as the contract reads it. Throws unless a present officer with the needed role
   * made it.
   */
  signature(digest: string, approval: Approval, authority: Authority, role: Role): Approval {
    const officer = authority.officers.get(approval.officer);
    if (officer === undefined)
      throw new ProblemException('officer_unknown', { args: { officer: approval.officer } });
    const signature = officerSignature(digest, approval.signature, officer.keys);
    if (signature === null)
      throw new ProblemException('officer_signature_invalid', { args: { officer: approval.officer } });
    if (!hasRole(officer, role)) {
      throw new ProblemException('forbidden', {
        detail: {
          ko: `이 결재에는 ${role} 역할이 필요합니다.`,
          en: `This act needs an officer with the role ${role}.`,
        },
      });
    }
    return { officer: approval.officer, signature };
  }

  /** Of some signatures those that count now: by present keys of officers who have the role and did not withdraw. */
  valid<A extends Approval & { readonly withdrawn: boolean }>(
    digest: string,
    approvals: readonly A[],
    authority: Authority,
    role: Role,
  ): A[] {
    return approvals.filter((approval) => {
      const officer = authority.officers.get(approval.officer);
      return (
        officer !== undefined &&
        !approval.withdrawn &&
        hasRole(officer, role) &&
        officerSignature(digest, approval.signature, officer.keys) !== null
      );
    });
  }

  /**
   * Refuses what the contract would refuse for sure: other authorities' series, places outside the region, officers too
   * few. Returns the entries of a list that it would skip.
   */
  async subject(call: ActCall, { officers }: Needed, own: Authority): Promise<SkippedEntry[]> {
    await this.ahead(call);
    if (isOfficersCall(call)) await this.officers.subject(call, own);
    else if (isSeriesCall(call)) await this.series.subject(call, own.areas);
    else await this.registered(call, { authority: call.args.authority, areas: own.areas });
    return this.lists.skipped(call, officers, own.areas);
  }

  /** A moment that has passed releases what the sentence of the act says that it stops. */
  private async ahead({ kind, args }: ActCall): Promise<void> {
    if (
      kind === 'extend_series' ||
      !('until' in args) ||
      args.until === 0 ||
      args.until > (await this.clock.now())
    )
      return;
    throw wrongField('args.until', {
      ko: '앞으로 올 시각이어야 합니다. 풀려면 null로 보내 주세요.',
      en: 'must be a moment to come; send null to release',
    });
  }

  private async registered({ kind, args }: ActCall, by: AreaHolder): Promise<void> {
    switch (kind) {
      case 'declare_reform': {
        const { from, to } = args;
        inside(by, from, 'args.from');
        inside(by, to, 'args.to');
        if (regionContains(from, to) || (await this.subjects.isDeclared(from, to)))
          throw refusedAt('args.from', 'reform_invalid', { from, to });
        return;
      }
      case 'recode_merchants':
      case 'recode_homes': {
        const { from, to } = args;
        if (!(await this.subjects.isDeclared(from, to)))
          throw refusedAt('args.from', 'reform_unknown', { from, to });
        return;
      }
      case 'propose_hand_over': {
        const { authority, to } = args;
        if (to === authority)
          throw refusedAt('args.to', 'region_outside_authority', { authority, region: to });
        // Notice may be given before the authority of a present place is founded.
        const [place] = placesMeant(to);
        if (to !== '' && place !== to && (await this.authorities.find(to)) === undefined)
          throw refusedAt('args.to', 'authority_unknown', { authority: to });
        return;
      }
      case 'replace_keys': {
        const { account } = args;
        const known = await this.subjects.onRecord([account]);
        const refusal = refusalOfReplacement(by, account, known.get(account));
        if (refusal !== undefined) throw refusedAt('args.account', refusal.code, refusal.args);
        if (args.overruling && (await this.subjects.objections(account)) === 0)
          throw refusedAt('args.overruling', 'objection_missing', { account });
        return;
      }
      default:
    }
  }
}

function inside({ authority, areas }: AreaHolder, region: string, field: string): void {
  if (areasContain(areas, region)) return;
  throw refusedAt(field, 'region_outside_authority', { authority, region });
}

function hasRole(officer: OfficerEntry, role: Role): boolean {
  return ((officer.roles >> ROLES[role]) & 1) === 1;
}
