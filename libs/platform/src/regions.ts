import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RegionCatalogue } from '#domain';
import { projectRoot } from './project-root.js';

let catalogue: RegionCatalogue | undefined;

/** The regions of Korea and how their codes changed: data/regions.tsv and data/regions-history.tsv, read once. */
export function regions(): RegionCatalogue {
  catalogue ??= RegionCatalogue.parse(readData('regions.tsv'), readData('regions-history.tsv'));
  return catalogue;
}

function readData(file: string): string {
  return readFileSync(path.join(projectRoot(), 'data', file), 'utf8');
}
