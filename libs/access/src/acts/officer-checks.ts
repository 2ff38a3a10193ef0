import { Injectable } from '@nestjs/common';
import type { ActCall } from '#contracts';
import {
  type AreaChange,
  checkNewSeat,
  checkOfficerChange,
  checkRemoval,
  checkThresholdChange,
  type OfficersRefusal,
  refusalOfAnchor,
  refusalOfAreaChange,
  refusalOfFounding,
} from '#domain';
import { Clock } from '#persistence';
import { AuthoritiesRepository, type Authority } from '../authorities/authorities.repository.js';
import { OfficerChangesRepository } from '../authorities/officer-changes.repository.js';
import { refusedAt } from './refused-at.js';

/** Acts at Authorities: about officers, thresholds, areas, authorities and anchored documents. */
const KINDS = [
  'found_authority',
  'set_officers',
  'set_thresholds',
  'remove_officers',
  'stop_change',
  'propose_reseat',
  'reject_reseat',
  'grant_area',
  'give_up_area',
  'anchor',
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
        return refuse(seatField, checkNewSeat(args.officers, args.thresholds));
      case 'set_officers':
        return refuse('args.officers', checkOfficerChange(present, own.thresholds, args.officers));
      case 'set_thresholds':
        return refuse('args.thresholds', checkThresholdChange(present, own.thresholds, args.thresholds));
      case 'remove_officers':
        return refuse('args.officers', checkRemoval(present, own.thresholds, args.officers));
      case 'stop_change':
        return this.stoppable(authority, args.change);
      case 'propose_reseat':
        await this.founded(authority, args.region);
        return refuse(seatField, checkNewSeat(args.officers, args.thresholds));
      case 'grant_area':
        if (args.to === authority) throw refusedAt('args.to', 'area_invalid', { authority, area: args.area });
        return this.movable({ authority, to: args.to, area: args.area });
      case 'give_up_area':
        return this.movable({ authority, to: authority, area: args.area });
      case 'anchor':
        return refuse(anchorField, refusalOfAnchor(args.kind, args.root));
      case 'reject_reseat': {
        const [reseat] = await this.changes.reseats(await this.clock.now(), authority);
        if (reseat === undefined) throw refusedAt('authority', 'reseat_unknown', { authority });
      }
    }
  }

  private async foundable(authority: string, region: string): Promise<void> {
    if (region !== authority && (await this.authorities.find(region)))
      throw refusedAt('args.region', 'authority_exists', { authority: region });
    refuse('args.region', refusalOfFounding(await this.authorities.holders(), authority, region));
  }

  private async movable(change: AreaChange): Promise<void> {
    refuse(areaField, refusalOfAreaChange(await this.authorities.holders(), change));
  }

  private async founded(founder: string, region: string): Promise<void> {
    const known = await this.authorities.find(region);
    if (known === undefined) throw refusedAt('args.region', 'authority_unknown', { authority: region });
    if (region === '' || known.founder !== founder)
      throw refusedAt('args.region', 'not_founder', { authority: region, founder });
  }

  private async stoppable(authority: string, change: string): Promise<void> {
    const pending = await this.changes.changes(await this.clock.now(), authority);
    const found = pending.find(({ id }) => id === change);
    if (found === undefined) throw refusedAt('args.change', 'change_unknown', { change });
    if (found.firm) throw refusedAt('args.change', 'change_firm', { change });
  }
}

/** True for an act that these checks are about. */
export function isOfficersCall(call: ActCall): call is OfficersCall {
  const kinds: readonly string[] = KINDS;
  return kinds.includes(call.kind);
}

/** What is wrong with whom an area goes to, or with the area. */
function areaField({ key }: OfficersRefusal): string {
  return key === 'authority_unknown' || key === 'areas_full' ? 'args.to' : 'args.area';
}

function anchorField({ key }: OfficersRefusal): string {
  return key === 'anchor_root_zero' ? 'args.root' : 'args.kind';
}

/** Officers and thresholds of a new seat are judged together; which of them it is follows from the refusal. */
function seatField({ key }: OfficersRefusal): string {
  return key === 'thresholds_invalid' ? 'args.thresholds' : 'args.officers';
}

function refuse(
  field: string | ((refusal: OfficersRefusal) => string),
  refusal: OfficersRefusal | undefined,
): void {
  if (refusal === undefined) return;
  throw refusedAt(typeof field === 'string' ? field : field(refusal), refusal.key, refusal.args);
}
