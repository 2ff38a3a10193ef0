import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { authorityCodes } from '#platform';
import { refuseDivided } from '../authorities/authority-filter.js';

export interface AnchorRow {
  readonly authority: string;
  /** number of ANCHOR_KIND */
  readonly kind: number;
  readonly number: bigint;
  readonly root: Buffer;
  readonly block: bigint;
  readonly log_index: number;
  /** Unix seconds of its block */
  readonly timestamp: bigint;
}

export interface AnchorFilter {
  /** any spelling of the authority's code */
  readonly authority: string | undefined;
  readonly kind: number | undefined;
  /** block and place of the last row of the page before */
  readonly before: readonly [block: string, logIndex: string] | undefined;
  readonly limit: number;
}

/** Roots that authorities anchored, as the chain has them. */
@Injectable()
export class AnchorsRepository {
  constructor(private readonly db: Database) {}

  /** Newest first. Throws invalid_request for an authority whose place was divided. */
  async list({ authority, kind, before, limit }: AnchorFilter): Promise<AnchorRow[]> {
    await refuseDivided(this.db, authority);
    return this.db.query<AnchorRow & Record<string, unknown>>(
      `SELECT a.authority, a.kind, a.number, a.root, a.block_number AS block, a.log_index, b.timestamp
         FROM chain.anchor a JOIN chain.block b ON b.number = a.block_number
        WHERE ($1::text[] IS NULL OR a.authority = ANY ((SELECT chain.authorities_meant($1))::text[]))
          AND ($2::smallint IS NULL OR a.kind = $2)
          AND ($3::bigint IS NULL OR (a.block_number, a.log_index) < ($3, $4::integer))
        ORDER BY a.block_number DESC, a.log_index DESC LIMIT $5`,
      [
        authority === undefined ? null : authorityCodes(authority),
        kind ?? null,
        before?.[0] ?? null,
        before?.[1] ?? null,
        limit,
      ],
    );
  }
}
