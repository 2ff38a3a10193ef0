import { Injectable } from '@nestjs/common';
import { BAND_END, type AuthorityThresholds, type OfficerEntry } from '#contracts';
import { Database, type Queryable, toHex } from '#persistence';

export interface AuthorityRow {
  readonly region: string;
  readonly founder: string;
}

/** Officers and thresholds of one authority at one moment. */
export interface Authority {
  readonly officers: ReadonlyMap<number, OfficerEntry>;
  readonly thresholds: AuthorityThresholds;
}

type OfficerRow = { officer: bigint; keys: Buffer[]; roles: number };
type ThresholdRow = { governors: number; registrars: number; bands: unknown };

/** Officers and thresholds as the chain has them now: the newest row counts. */
@Injectable()
export class AuthoritiesRepository {
  constructor(private readonly db: Database) {}

  list(after: string | undefined, limit: number): Promise<AuthorityRow[]> {
    return this.db.query<{ region: string; founder: string }>(
      `SELECT region, founder FROM chain.authority
        WHERE $1::text IS NULL OR region > $1 ORDER BY region LIMIT $2`,
      [after ?? null, limit],
    );
  }

  async find(region: string): Promise<AuthorityRow | undefined> {
    const [row] = await this.db.query<{ region: string; founder: string }>(
      'SELECT region, founder FROM chain.authority WHERE region = $1',
      [region],
    );
    return row;
  }

  /** The smallest founded area around a region, in the end the state. */
  async nearest(region: string): Promise<string> {
    const [row] = await this.db.query<{ region: string }>(
      `SELECT region FROM chain.authority WHERE starts_with($1, region) AND region <> $1
        ORDER BY length(region) DESC LIMIT 1`,
      [region],
    );
    if (row === undefined) throw new Error('the state is founded with the contracts');
    return row.region;
  }

  /** Present officers by number, those without a role left out; a reseat has left all former ones out. */
  async officers(region: string, db: Queryable = this.db): Promise<Map<number, OfficerEntry>> {
    const rows = await db.query<OfficerRow>(
      `SELECT officer, keys, roles FROM (
         SELECT DISTINCT ON (officer) officer, keys, roles FROM chain.officer_version
          WHERE authority = $1 AND (block_number, log_index) > (SELECT coalesce(max(e.block_number), -1),
                  coalesce((array_agg(e.log_index ORDER BY e.block_number DESC, e.log_index DESC))[1], -1)
             FROM chain.reseat_end e WHERE e.authority = $1 AND e.seated)
          ORDER BY officer, block_number DESC, log_index DESC) AS newest
        WHERE roles <> 0 ORDER BY officer`,
      [region],
    );
    return new Map(
      rows.map(({ officer, keys, roles }) => [
        Number(officer),
        { id: Number(officer), keys: keys.map(toHex), roles },
      ]),
    );
  }

  async thresholds(region: string, db: Queryable = this.db): Promise<AuthorityThresholds | undefined> {
    const [row] = await db.query<ThresholdRow>(
      `SELECT governors, registrars, bands FROM chain.threshold_version
        WHERE authority = $1 ORDER BY block_number DESC, log_index DESC LIMIT 1`,
      [region],
    );
    return row && { governors: row.governors, registrars: row.registrars, bands: readBands(row.bands) };
  }
}

/** The indexer's JSON: [{ upTo: digits, officers: number }]. */
export function readBands(value: unknown): AuthorityThresholds['bands'] {
  if (!Array.isArray(value)) throw new TypeError('bands are not a list');
  return value.map((band: unknown) => {
    if (typeof band !== 'object' || band === null || !('upTo' in band) || !('officers' in band))
      throw new TypeError('not a band');
    return {
      upTo: band.upTo === null ? BAND_END : BigInt(String(band.upTo)),
      officers: Number(band.officers),
    };
  });
}
