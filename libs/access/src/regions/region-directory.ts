import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { RegionCatalogue } from '#domain';
import { projectRoot } from '#platform';

/** The regions of Korea, read once at start: 278 rows from data/regions.tsv, the file the migration loads too. */
@Injectable()
export class RegionDirectory {
  readonly catalogue = RegionCatalogue.parse(
    readFileSync(path.join(projectRoot(), 'data', 'regions.tsv'), 'utf8'),
  );

  /** Full Korean name of a code; usable as a RegionNames function. */
  readonly name = (code: string): string => this.catalogue.name(code);
}
