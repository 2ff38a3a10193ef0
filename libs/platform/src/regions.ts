import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type FieldFault, type Lang, RegionCatalogue, type RegionCode } from '#domain';
import { projectRoot } from './project-root.js';

let catalogue: RegionCatalogue | undefined;

/** The regions of Korea and how their codes changed: data/regions.tsv and data/regions-history.tsv, read once. */
export function regions(): RegionCatalogue {
  catalogue ??= RegionCatalogue.parse(readData('regions.tsv'), readData('regions-history.tsv'));
  return catalogue;
}

/** The places in force that a spelling means (see RegionCatalogue.read): one, several after a division, or none. */
export function placesMeant(spelling: string): readonly RegionCode[] {
  const reading = regions().read(spelling);
  if (reading.kind === 'place') return [reading.code];
  return reading.kind === 'divided' ? reading.codes : [];
}

/**
 * The codes under which the authority that a spelling means may have been founded: as it is written, because one founded
 * before a reform keeps its code on chain, and as its places are called now.
 */
export function authorityCodes(spelling: string): readonly RegionCode[] {
  return [...new Set([spelling, ...placesMeant(spelling)])];
}

/** What is wrong with a field whose code means several places, or none; undefined where it means one. */
export function notOnePlace(spelling: string): FieldFault | undefined {
  const places = placesMeant(spelling);
  if (places.length === 1) return undefined;
  if (places.length === 0) return { message: { ko: '그런 지역이 없습니다.', en: 'names no place in Korea' } };
  const named = (lang: Lang) => places.map((code) => `${code} (${regions().name(code, lang)})`).join(', ');
  return {
    message: {
      ko: `여러 지역으로 나뉜 곳입니다. 다음 가운데 하나여야 합니다: ${named('ko')}`,
      en: `was divided; must be one of: ${named('en')}`,
    },
    became: places,
  };
}

function readData(file: string): string {
  return readFileSync(path.join(projectRoot(), 'data', file), 'utf8');
}
