import { Injectable } from '@nestjs/common';
import type { Queryable } from '#persistence';

/** One privileged act, for those who check later who did what. */
export interface AuditEntry {
  /** Region code of the authority. */
  readonly authority: string;
  /** Officer's number; absent when nobody in particular acted. */
  readonly officer?: number;
  /** `entity:action`, e.g. act:propose. */
  readonly action: string;
  /** Id of what was acted on. */
  readonly subject: string;
  readonly requestId?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** The audit trail. Written in the transaction of what it records; never changed. */
@Injectable()
export class AuditRepository {
  async add(tx: Queryable, entry: AuditEntry): Promise<void> {
    await tx.query(
      `INSERT INTO app.audit_entry (authority, officer, action, subject, request_id, detail)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb)`,
      [
        entry.authority,
        entry.officer ?? null,
        entry.action,
        entry.subject,
        entry.requestId ?? null,
        JSON.stringify(entry.detail ?? {}),
      ],
    );
  }
}
