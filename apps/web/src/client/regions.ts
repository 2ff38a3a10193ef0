import { useEffect, useState } from 'react';
import type { Lang, RegionCatalogue } from '#domain';

let loaded: Promise<RegionCatalogue> | undefined;

/** The names of places, of any page that asks; undefined until they are loaded. */
export function useRegions(): RegionCatalogue | undefined {
  const [catalogue, setCatalogue] = useState<RegionCatalogue>();
  useEffect(() => {
    let isHere = true;
    loaded ??= import('./region-catalogue.js').then(({ readRegions }) => readRegions());
    void loaded.then((one) => (isHere ? setCatalogue(one) : undefined));
    return () => {
      isHere = false;
    };
  }, []);
  return catalogue;
}

/** "포항시" for what the API calls "경상북도 포항시", "Pohang-si" for "Pohang-si, Gyeongsangbuk-do". */
export function shortPlace(name: string, lang: Lang): string {
  return lang === 'ko' ? (name.split(' ').at(-1) ?? name) : (name.split(', ')[0] ?? name);
}
