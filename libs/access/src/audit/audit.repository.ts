import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Transaction } from '#persistence';
import { AuditEntryEntity } from './audit-entry.entity.js';

/** One privileged act, for those who check later who did what. */
export interface AuditEntry {
  /** Region code of the authority. */
  readonly authority: string;
  /** Officer's number; absent when no single officer acted. */
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
  constructor(@InjectRepository(AuditEntryEntity) private readonly entries: Repository<AuditEntryEntity>) {}

  async add(tx: Transaction, { detail = {}, ...entry }: AuditEntry): Promise<void> {
    await tx.of(this.entries).insert({ ...entry, detail });
  }
}
