import { Injectable } from '@nestjs/common';
import type { AuthorityThresholds, Hex, OfficerEntry } from '#contracts';
import { OFFICERS_LIFE_SECONDS } from '#domain';
import { Database, type Queryable, toHex } from '#persistence';
import { readBands } from './authorities.repository.js';

/** A change of officers, thresholds or areas that waits. */
export interface PendingChange {
  readonly authority: string;
  readonly id: Hex;
  /** What is changed: one of the three. */
  readonly officers: readonly OfficerEntry[] | null;
  readonly thresholds: AuthorityThresholds | null;
  /** An area that goes to an authority; to the proposing one itself: that it gives up. */
  readonly area: { readonly code: string; readonly to: string } | null;
  /** Unix seconds. */
  readonly readyAt: number;
  /** No one can stop it. */
  readonly firm: boolean;
  /** Governors, by number, who stopped the same change before and can't do it again. */
  readonly stoppedBy: readonly number[];
}

/** Officers that a founder proposes for an authority whose own are gone. */
export interface PendingReseat {
  readonly authority: string;
  readonly founder: string;
  readonly officers: readonly OfficerEntry[];
  readonly thresholds: AuthorityThresholds;
  /** Unix seconds. */
  readonly readyAt: number;
}

type ChangeRow = {
  authority: string;
  change: Buffer;
  officers: unknown;
  thresholds: unknown;
  area: string | null;
  area_to: string | null;
  ready_at: bigint;
  firm: boolean;
  stopped_by: bigint[] | null;
};
type ReseatRow = {
  authority: string;
  founder: string;
  officers: unknown;
  thresholds: unknown;
  ready_at: bigint;
};

/** Newest proposal of each change after which nothing ended it; $2: what became ready before has lapsed. */
const CHANGES = `
  SELECT c.authority, c.change, c.officers, c.thresholds, c.area, c.area_to, c.ready_at, c.firm,
         (SELECT array_agg(e.officer ORDER BY e.officer) FROM chain.officer_change_end e
           WHERE e.authority = c.authority AND e.change = c.change AND e.outcome = 'stopped') AS stopped_by
    FROM (SELECT DISTINCT ON (authority, change) * FROM chain.officer_change
           WHERE $1::text IS NULL OR authority = $1
           ORDER BY authority, change, block_number DESC, log_index DESC) c
   WHERE c.ready_at >= $2
     AND NOT EXISTS (SELECT FROM chain.officer_change_end e
                      WHERE e.authority = c.authority AND (e.change IS NULL OR e.change = c.change)
                        AND (e.block_number, e.log_index) > (c.block_number, c.log_index))
   ORDER BY c.ready_at, c.authority, c.change`;

const RESEATS = `
  SELECT r.authority, r.founder, r.officers, r.thresholds, r.ready_at
    FROM (SELECT DISTINCT ON (authority) * FROM chain.reseat WHERE $1::text IS NULL OR authority = $1
           ORDER BY authority, block_number DESC, log_index DESC) r
   WHERE r.ready_at >= $2
     AND NOT EXISTS (SELECT FROM chain.reseat_end e WHERE e.authority = r.authority
                        AND (e.block_number, e.log_index) > (r.block_number, r.log_index))
   ORDER BY r.ready_at, r.authority`;

/** What is under way about officers and thresholds, as the indexed chain has it. */
@Injectable()
export class OfficerChangesRepository {
  constructor(private readonly db: Database) {}

  /** Changes under way at `now` (Unix seconds), first those that are ready first; of all authorities without one. */
  async changes(now: number, authority?: string, db: Queryable = this.db): Promise<PendingChange[]> {
    const rows = await db.query<ChangeRow>(CHANGES, [authority ?? null, now - OFFICERS_LIFE_SECONDS]);
    return rows.map((row) => ({
      authority: row.authority,
      id: toHex(row.change),
      officers: row.officers === null ? null : readOfficers(row.officers),
      thresholds: row.thresholds === null ? null : readLimits(row.thresholds),
      area: row.area === null || row.area_to === null ? null : { code: row.area, to: row.area_to },
      readyAt: Number(row.ready_at),
      firm: row.firm,
      stoppedBy: (row.stopped_by ?? []).map(Number),
    }));
  }

  /** Reseats under way at `now` (Unix seconds). */
  async reseats(now: number, authority?: string, db: Queryable = this.db): Promise<PendingReseat[]> {
    const rows = await db.query<ReseatRow>(RESEATS, [authority ?? null, now - OFFICERS_LIFE_SECONDS]);
    return rows.map((row) => ({
      authority: row.authority,
      founder: row.founder,
      officers: readOfficers(row.officers),
      thresholds: readLimits(row.thresholds),
      readyAt: Number(row.ready_at),
    }));
  }
}

/** The projector's JSON, which the schema of the chain keeps from everybody else. */
function readOfficers(value: unknown): OfficerEntry[] {
  if (!Array.isArray(value)) throw new TypeError('officers are not a list');
  return value.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('id' in entry) || !('roles' in entry))
      throw new TypeError('not an officer');
    const keys = 'keys' in entry && Array.isArray(entry.keys) ? entry.keys.map(String) : [];
    return { id: Number(entry.id), roles: Number(entry.roles), keys };
  });
}

function readLimits(value: unknown): AuthorityThresholds {
  if (typeof value !== 'object' || value === null || !('governors' in value) || !('registrars' in value))
    throw new TypeError('not thresholds');
  const bands = 'bands' in value ? readBands(value.bands) : [];
  return { governors: Number(value.governors), registrars: Number(value.registrars), bands };
}
