import { Injectable } from '@nestjs/common';
import type { ActCall } from '#contracts';
import {
  checkNewSeat,
  checkOfficerChange,
  checkRemoval,
  checkThresholdChange,
  type OfficersRefusal,
} from '#domain';
import { Clock } from '#persistence';
import { ProblemException } from '#platform';
import { AuthoritiesRepository, type Authority } from '../authorities/authorities.repository.js';
import { OfficerChangesRepository } from '../authorities/officer-changes.repository.js';

/** Acts about officers, thresholds and authorities. */
const KINDS = [
  'found_authority',
  'set_officers',
  'set_thresholds',
  'remove_officers',
  'stop_change',
  'propose_reseat',
  'reject_reseat',
] as const;

export type OfficersCall = Extract<ActCall, { kind: (typeof KINDS)[number] }>;

/** Refuses what the contract would refuse of acts about officers: when they are executed, or when they come into force. */
@Injectable()
export class OfficerChecks {
  constructor(
    private readonly authorities: AuthoritiesRepository,
    private readonly changes: OfficerChangesRepository,
    private readonly clock: Clock,
  ) {}

  async subject({ kind, args }: OfficersCall, own: Authority): Promise<void> {
    const { authority } = args;
    const present = [...own.officers.values()];
    switch (kind) {
      case 'found_authority':
        await this.foundable(authority, args.region);
        return refuse(checkNewSeat(args.officers, args.thresholds));
      case 'set_officers':
        return refuse(checkOfficerChange(present, own.thresholds, args.officers));
      case 'set_thresholds':
        return refuse(checkThresholdChange(present, own.thresholds, args.thresholds));
      case 'remove_officers':
        return refuse(checkRemoval(present, own.thresholds, args.officers));
      case 'stop_change':
        return this.stoppable(authority, args.change);
      case 'propose_reseat':
        await this.founded(authority, args.region);
        return refuse(checkNewSeat(args.officers, args.thresholds));
      case 'reject_reseat': {
        const [reseat] = await this.changes.reseats(await this.clock.now(), authority);
        if (reseat === undefined) throw problem({ key: 'reseat_unknown', args: { authority } });
      }
    }
  }

  private async foundable(authority: string, region: string): Promise<void> {
    if (region === authority || !region.startsWith(authority))
      throw problem({ key: 'region_outside_authority', args: { authority, region } });
    if (await this.authorities.find(region))
      throw problem({ key: 'authority_exists', args: { authority: region } });
    const nearest = await this.authorities.nearest(region);
    if (nearest !== authority) throw problem({ key: 'authority_nearer', args: { region, nearest } });
  }

  private async founded(founder: string, region: string): Promise<void> {
    const known = await this.authorities.find(region);
    if (known === undefined) throw problem({ key: 'authority_unknown', args: { authority: region } });
    if (region === '' || known.founder !== founder)
      throw problem({ key: 'not_founder', args: { authority: region, founder } });
  }

  private async stoppable(authority: string, change: string): Promise<void> {
    const pending = await this.changes.changes(await this.clock.now(), authority);
    const found = pending.find(({ id }) => id === change);
    if (found === undefined) throw problem({ key: 'change_unknown', args: { change } });
    if (found.firm) throw problem({ key: 'change_firm', args: { change } });
  }
}

/** True for an act that these checks are about. */
export function isOfficersCall(call: ActCall): call is OfficersCall {
  const kinds: readonly string[] = KINDS;
  return kinds.includes(call.kind);
}

function refuse(refusal: OfficersRefusal | undefined): void {
  if (refusal !== undefined) throw problem(refusal);
}

function problem({ key, args }: OfficersRefusal): ProblemException {
  return new ProblemException(key, { args });
}
