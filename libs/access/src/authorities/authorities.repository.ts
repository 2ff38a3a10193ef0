import { Injectable } from '@nestjs/common';
import { BAND_END, type AuthorityThresholds, type OfficerEntry } from '#contracts';
import type { AreaHolder, Areas } from '#domain';
import { Database, type Queryable, toHex } from '#persistence';

export interface AuthorityRow {
  /** The code that it was founded with: its name. */
  readonly region: string;
  readonly founder: string;
  readonly areas: Areas;
}

/** Officers and thresholds of one authority at one moment, and what it answers for. */
export interface Authority {
  readonly areas: Areas;
  readonly officers: ReadonlyMap<number, OfficerEntry>;
  readonly thresholds: AuthorityThresholds;
}

type RegionRow = { region: string; founder: string; areas: string[] };
type OfficerRow = { officer: bigint; keys: Buffer[]; roles: number };
type ThresholdRow = { governors: number; registrars: number; bands: unknown };

/** Names of an authority's areas now, in the order in which it got them. @param authority an SQL expression of its name */
export function areasOf(authority: string): string {
  return `ARRAY(SELECT p.area::text FROM (
            SELECT DISTINCT ON (area) area, granted_by, block_number, log_index FROM chain.authority_area
             WHERE authority = ${authority} ORDER BY area, block_number DESC, log_index DESC) p
           WHERE p.granted_by IS NOT NULL ORDER BY p.block_number, p.log_index)`;
}

/** Officers and thresholds as the chain has them now: the newest row counts. */
@Injectable()
export class AuthoritiesRepository {
  constructor(private readonly db: Database) {}

  list(after: string | undefined, limit: number): Promise<AuthorityRow[]> {
    return this.db.query<RegionRow>(
      `SELECT a.region, a.founder, ${areasOf('a.region')} AS areas FROM chain.authority a
        WHERE $1::text IS NULL OR a.region > $1 ORDER BY a.region LIMIT $2`,
      [after ?? null, limit],
    );
  }

  async find(region: string): Promise<AuthorityRow | undefined> {
    const [row] = await this.db.query<RegionRow>(
      `SELECT a.region, a.founder, ${areasOf('a.region')} AS areas FROM chain.authority a WHERE a.region = $1`,
      [region],
    );
    return row;
  }

  /** Authorities that these codes mean, by name: as they were founded, else what they answer for; each once. */
  async meant(codes: readonly string[]): Promise<AuthorityRow[]> {
    return this.db.query<RegionRow>(
      `SELECT a.region, a.founder, ${areasOf('a.region')} AS areas FROM chain.authority a
        WHERE a.region = ANY (chain.authorities_meant($1)) ORDER BY a.region`,
      [codes],
    );
  }

  /** What an authority answers for, in the order in which it got it; none for the state and the unknown. */
  async areas(authority: string, db: Queryable = this.db): Promise<Areas> {
    const [row] = await db.query<{ areas: string[] }>(`SELECT ${areasOf('$1::text')} AS areas`, [authority]);
    return row?.areas ?? [];
  }

  /** All authorities with their areas, but the state. */
  async holders(): Promise<AreaHolder[]> {
    return this.db.query<{ authority: string; areas: string[] }>(
      `SELECT a.region AS authority, ${areasOf('a.region')} AS areas FROM chain.authority a
        WHERE a.region <> '' ORDER BY a.region`,
    );
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
