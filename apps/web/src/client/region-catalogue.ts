import { RegionCatalogue } from '#domain';
import past from '../../../../data/regions-history.tsv?raw';
import now from '../../../../data/regions.tsv?raw';

/** A chunk of its own: 10 kB that only pages with names of places need. */
export function readRegions(): RegionCatalogue {
  return RegionCatalogue.parse(now, past);
}
