import { Injectable } from '@nestjs/common';
import type { ActArguments } from '#contracts';
import { JsonReader } from '../json-reader.js';
import { readExtension } from './act-args.js';
import { ActSubjectsRepository } from './act-subjects.repository.js';
import { refusedAt } from './refused-at.js';

/** Fills in from which end a series is extended: officers sign both, and the contract refuses another one. */
@Injectable()
export class SeriesExtensions {
  constructor(private readonly subjects: ActSubjectsRepository) {}

  /** From { series, until }. Throws invalid_request, and series_unknown. */
  async derive(authority: string, args: unknown): Promise<ActArguments['extend_series']> {
    const read = new JsonReader();
    const { series, until } = readExtension(read, args);
    read.done();
    const known = await this.subjects.series(series);
    if (known === undefined) throw refusedAt('args.series', 'series_unknown', { series });
    return { authority, series, from: known.validity.validUntil, until };
  }
}
