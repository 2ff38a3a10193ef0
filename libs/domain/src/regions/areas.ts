import { packRegion, regionContains, type RegionCode } from './region.js';

/** The places that an authority answers for, in the order in which it got them; the state has none. */
export type Areas = readonly RegionCode[];

/** As the contract stores at most. */
export const AREAS_MAX = 4;

/** The contract's word of areas: 48 bits each, the first one lowest. */
export function packAreas(areas: Areas): bigint {
  return areas.reduce((word, area, place) => word | (packRegion(area) << BigInt(48 * place)), 0n);
}

/** Whether an authority with these areas answers for a place. */
export function areasContain(areas: Areas, region: RegionCode): boolean {
  return areas.some((area) => regionContains(area, region));
}

/** Whether one of the `others` lies in one of the areas. */
export function areasMeet(areas: Areas, others: Areas): boolean {
  return others.some((other) => areasContain(areas, other));
}

/** An authority by name with its areas. */
export interface AreaHolder {
  readonly authority: RegionCode;
  readonly areas: Areas;
}

/** The authority whose area is the smallest around a place; '' = the state, where there is none. */
export function nearestTo(holders: readonly AreaHolder[], region: RegionCode): RegionCode {
  const around = holders.flatMap(({ authority, areas }) =>
    areas.filter((area) => regionContains(area, region)).map((area) => ({ authority, area })),
  );
  const [nearest] = around.toSorted((one, other) => other.area.length - one.area.length);
  return nearest?.authority ?? '';
}
