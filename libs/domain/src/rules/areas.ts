import { AREAS_MAX, areasContain, nearestTo, type AreaHolder } from '../regions/areas.js';
import { isRegionCode, regionContains, STATE_REGION, type RegionCode } from '../regions/region.js';
import type { OfficersRefusal } from './officers.js';

// The contract's rules about what authorities answer for (AreaGrants.sol, Founding.sol).

/** `to` gets `area` from `authority`; the same authority: it gives the area up. */
export interface AreaChange {
  readonly authority: RegionCode;
  readonly to: RegionCode;
  readonly area: RegionCode;
}

/**
 * What grantArea and giveUpArea would say. The state is none of the holders.
 *
 * @param holders every authority but the state
 */
export function refusalOfAreaChange(
  holders: readonly AreaHolder[],
  { authority, to, area }: AreaChange,
): OfficersRefusal | undefined {
  const noCode = refusalOfCode(holders, authority, area);
  if (noCode !== undefined) return noCode;
  const nearest = nearestTo(holders, area);
  if (nearest !== authority) return { key: 'authority_nearer', args: { region: area, nearest } };
  const held = areasOf(holders, authority).includes(area);
  const invalid = { key: 'area_invalid', args: { authority: to, area } } as const;
  if (to === authority) {
    if (!held) return invalid;
    const around = nearestTo(without(holders, area), area);
    return around === STATE_REGION ? { key: 'area_without_authority', args: { area } } : undefined;
  }
  const present = holders.find((holder) => holder.authority === to)?.areas;
  if (to === STATE_REGION) return invalid;
  if (present === undefined) return { key: 'authority_unknown', args: { authority: to } };
  if (areasContain(present, area)) return invalid;
  if (present.length === AREAS_MAX) return { key: 'areas_full', args: { authority: to } };
  return held ? undefined : refusalOfOccupied(holders, area, to);
}

/** What foundAuthority would say of the region; whether there is such an authority is asked elsewhere. */
export function refusalOfFounding(
  holders: readonly AreaHolder[],
  authority: RegionCode,
  region: RegionCode,
): OfficersRefusal | undefined {
  if (region === authority) return outside(authority, region);
  const noCode = refusalOfCode(holders, authority, region);
  if (noCode !== undefined) return noCode;
  const nearest = nearestTo(holders, region);
  if (nearest !== authority) return { key: 'authority_nearer', args: { region, nearest } };
  return refusalOfOccupied(holders, region, undefined);
}

/** A code of a place that lies where the authority answers; the state answers for the founding of all. */
function refusalOfCode(
  holders: readonly AreaHolder[],
  authority: RegionCode,
  area: RegionCode,
): OfficersRefusal | undefined {
  const inside = authority === STATE_REGION || areasContain(areasOf(holders, authority), area);
  return isRegionCode(area) && area !== STATE_REGION && inside ? undefined : outside(authority, area);
}

/** Whom an area goes to may not stand above another authority. */
function refusalOfOccupied(
  holders: readonly AreaHolder[],
  area: RegionCode,
  but: RegionCode | undefined,
): OfficersRefusal | undefined {
  const others = holders.filter(({ authority }) => authority !== but).flatMap(({ areas }) => areas);
  return others.some((other) => regionContains(area, other))
    ? { key: 'area_occupied', args: { area } }
    : undefined;
}

function areasOf(holders: readonly AreaHolder[], authority: RegionCode) {
  return holders.find((holder) => holder.authority === authority)?.areas ?? [];
}

/** As if no authority had this area. */
function without(holders: readonly AreaHolder[], area: RegionCode): AreaHolder[] {
  return holders.map(({ authority, areas }) => ({ authority, areas: areas.filter((one) => one !== area) }));
}

function outside(authority: RegionCode, region: RegionCode): OfficersRefusal {
  return { key: 'region_outside_authority', args: { authority, region } };
}
