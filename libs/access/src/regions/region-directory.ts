import { Injectable } from '@nestjs/common';
import type { RegionNames } from '#domain';
import { regions } from '#platform';

/** The regions of Korea, for injection. */
@Injectable()
export class RegionDirectory {
  readonly catalogue = regions();

  /** Full name of a code. */
  readonly name: RegionNames = (code, lang) => this.catalogue.name(code, lang);
}
