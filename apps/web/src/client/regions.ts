import type { Lang, RegionCatalogue } from '#domain';
import { useModule } from './modules.js';

/** The names of places, of any page that asks; undefined until they are loaded. */
export function useRegions(): RegionCatalogue | undefined {
  return useModule('regions', () => import('./region-catalogue.js').then(({ readRegions }) => readRegions()));
}

/** "포항시" for what the API calls "경상북도 포항시", "Pohang-si" for "Pohang-si, Gyeongsangbuk-do". */
export function shortPlace(name: string, lang: Lang): string {
  return lang === 'ko' ? (name.split(' ').at(-1) ?? name) : (name.split(', ')[0] ?? name);
}
