import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { geoMercator, geoPath } from 'd3-geo';

/** Side of the square that a map is drawn in. */
export const MAP_SIDE = 400;

/** A province's map as the pages draw it: one path for each city, county and ward. */
export interface ProvinceMap {
  readonly areas: readonly { readonly code: string; readonly d: string }[];
}

interface Shape {
  readonly type: 'Feature';
  readonly geometry: Parameters<ReturnType<typeof geoPath>>[0];
  readonly properties: { readonly code: string };
}

/**
 * Cuts the map of the country into one file a province, with the paths computed, so that no browser has to project.
 *
 * @param source data/sigungu.geojson
 * @param out folder that is served as /assets/maps
 */
export function makeMaps(source: string, out: string): void {
  mkdirSync(out, { recursive: true });
  const { features } = JSON.parse(readFileSync(source, 'utf8')) as { features: Shape[] };
  const provinces = new Set(features.map(({ properties }) => properties.code.slice(0, 2)));
  for (const province of provinces) {
    const inside = features.filter(({ properties }) => properties.code.startsWith(province));
    const collection = { type: 'FeatureCollection' as const, features: inside };
    const projection = geoMercator().fitSize([MAP_SIDE, MAP_SIDE], collection as never);
    const draw = geoPath(projection).digits(1);
    const areas = inside.map((shape) => ({ code: shape.properties.code, d: draw(shape as never) ?? '' }));
    writeFileSync(path.join(out, `${province}.json`), JSON.stringify({ areas } satisfies ProvinceMap));
  }
}
