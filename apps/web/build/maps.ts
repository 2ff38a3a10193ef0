import { readFileSync } from 'node:fs';
import { geoMercator, geoPath } from 'd3-geo';
import type { ProvinceMap } from '../src/client/maps.js';
import { place } from './bundle.js';

/** Side of the square that a map is drawn in. */
export const MAP_SIDE = 400;

type Ring = readonly (readonly [longitude: number, latitude: number])[];
type Geometry =
  | { readonly type: 'Polygon'; readonly coordinates: readonly Ring[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly Ring[])[] };

interface Shape {
  readonly type: 'Feature';
  readonly geometry: Geometry;
  readonly properties: { readonly code: string };
}

/**
 * Cuts the map of the country into one file a province, with the paths computed, so that no browser has to project.
 *
 * @param source data/sigungu.geojson
 * @param folder of the origin that shows maps
 * @returns the files' addresses by the two digits of the province
 */
export function makeMaps(source: string, folder: string): Record<string, string> {
  const { features: read } = JSON.parse(readFileSync(source, 'utf8')) as { features: Shape[] };
  const features = read.map((shape) => ({ ...shape, geometry: wound(shape.geometry) }));
  const provinces = new Set(features.map(({ properties }) => properties.code.slice(0, 2)));
  const drawn = (province: string): ProvinceMap => {
    const inside = features.filter(({ properties }) => properties.code.startsWith(province));
    const collection = { type: 'FeatureCollection' as const, features: inside };
    const projection = geoMercator().fitSize([MAP_SIDE, MAP_SIDE], collection as never);
    const draw = geoPath(projection).digits(1);
    return { areas: inside.map((shape) => ({ code: shape.properties.code, d: draw(shape as never) ?? '' })) };
  };
  return Object.fromEntries(
    [...provinces].map((province) => [
      province,
      place(folder, `map-${province}.json`, JSON.stringify(drawn(province))),
    ]),
  );
}

/**
 * With the outer rings clockwise and the holes the other way round. What is drawn on a sphere lies to the right of its
 * border: an island the other way round would be the whole earth without it.
 */
function wound(geometry: Geometry): Geometry {
  const polygon = (rings: readonly Ring[]): Ring[] =>
    rings.map((ring, index) => (isClockwise(ring) === (index === 0) ? ring : ring.toReversed()));
  if (geometry.type === 'Polygon') return { ...geometry, coordinates: polygon(geometry.coordinates) };
  return { ...geometry, coordinates: geometry.coordinates.map(polygon) };
}

function isClockwise(ring: Ring): boolean {
  const twice = ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length] ?? [x, y];
    return sum + (nextX - x) * (nextY + y);
  }, 0);
  return twice > 0;
}
