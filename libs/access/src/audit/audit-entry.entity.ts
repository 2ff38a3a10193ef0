import { Check, Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { numberColumn } from '#persistence';

/** One line of the audit trail. The table refuses every change of a line, so there is nothing to update here. */
@Entity({ schema: 'app', name: 'audit_entry' })
@Check('audit_entry_action_check', `action ~ '^[a-z_]+:[a-z_.]+$'`)
export class AuditEntryEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'audit_entry_pkey',
  })
  seq: bigint;

  @Column({ type: 'timestamptz', default: () => 'app.now_stamp()' })
  at: Date;

  /** Region code of the authority. */
  @Column({ type: 'text', collation: 'C' })
  authority: string;

  /** Number of the officer; null when no officer acted. */
  @Column({ type: 'bigint', nullable: true, transformer: numberColumn })
  officer: number | null;

  /** `entity:action`. */
  @Column({ type: 'text' })
  action: string;

  /** Id of what was acted on. */
  @Column({ type: 'text' })
  subject: string;

  @Column({ name: 'request_id', type: 'text', nullable: true })
  requestId: string | null;

  @Column({ type: 'jsonb', default: {} })
  detail: object;
}
